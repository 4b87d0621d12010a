import type { InboundFile } from "../../contract/assistant.ts";
import { MODEL_TEXT_CHARACTERS, TOPIC_SUMMARY_CHARACTERS } from "../../core/limits/assistants.ts";
import type { ConnectorText, TopicUtterance } from "../connector.ts";
import type { ModelMessage } from "./messages.ts";

/** What vision models take. */
const PICTURES = new Set(["image/jpeg", "image/jpg", "image/png", "image/webp", "image/gif"]);

/** What has been waited for and is still not there is waited for no longer, and nothing else is. @returns null: nothing */
export function findPendingPicture({ media }: ConnectorText, waitedIndex: number): number | null {
  if (media[waitedIndex]?.copy === "waiting") return null;
  const index = media.findIndex(
    (file, at) => at > waitedIndex && PICTURES.has(file.contentType) && file.copy === "waiting",
  );
  return index === -1 ? null : index;
}

/** What the person has sent, as a message to the model. @param seesPictures whether that takes pictures */
export function toUserMessage({ text, media, chosen }: ConnectorText, seesPictures: boolean): ModelMessage {
  const pictures = seesPictures ? media.filter(isVisiblePicture) : [];
  const fileNotes = media
    .filter((file) => !pictures.includes(file))
    .map(({ contentType }) => describeUnseenFile(contentType));
  const words = chosen === null ? text : typeof chosen.value === "string" ? chosen.value : chosen.label;
  const content = [words.slice(0, MODEL_TEXT_CHARACTERS).toWellFormed(), ...fileNotes].filter(
    (line) => line.trim() !== "",
  );
  if (content.length === 0 && pictures.length === 0) content.push("[The person sent an empty text.]");
  const message = { role: "user", content: content.join("\n") } as const;
  return pictures.length === 0 ? message : { ...message, pictures: pictures.map(({ url }) => url) };
}

function isVisiblePicture({ contentType, copy }: InboundFile): boolean {
  return PICTURES.has(contentType) && (copy === undefined || copy === "kept");
}

/** Our address of the file opens it for whoever has it: a model that cannot look at it does not get it. */
function describeUnseenFile(contentType: string): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/u.test(contentType) ? contentType : "of an unknown type";
  return `[The person sent a file here, ${type}, which you cannot see.]`;
}

/** What a topic and the person have said to one another, as the answer to the call that has begun it. */
export function toTopicTranscript(id: string | null, utterances: readonly TopicUtterance[]): ModelMessage {
  const lines = utterances.map(({ by, text }) => `${by === "person" ? "Person" : "Topic"}: ${text}`).join("\n");
  const latest = lines.slice(-TOPIC_SUMMARY_CHARACTERS).toWellFormed();
  const content = `The topic is over. The person has read all of it; do not repeat it.\n${latest}`;
  return { role: "tool", id: id ?? "", content };
}
