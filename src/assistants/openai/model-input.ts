import type { InboundFile } from "../../contract/assistant.ts";
import { MODEL_TEXT_CHARACTERS, TOPIC_SUMMARY_CHARACTERS } from "../../core/limits/assistants.ts";
import type { ConnectorText, TopicUtterance } from "../connector.ts";
import type { ModelMessage } from "./messages.ts";

/** Content types that vision models accept. */
const PICTURES = new Set(["image/jpeg", "image/jpg", "image/png", "image/webp", "image/gif"]);

/**
 * Finds the next picture whose copy is still being made. If the last wait ended without a copy, no more are waited for.
 * @returns its index, or null
 */
export function findPendingPicture({ media }: ConnectorText, waitedIndex: number): number | null {
  if (media[waitedIndex]?.copy === "waiting") return null;
  const index = media.findIndex(
    (file, at) => at > waitedIndex && PICTURES.has(file.contentType) && file.copy === "waiting",
  );
  return index === -1 ? null : index;
}

/** Converts the contact's text to a message for the model. */
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

/** Describes a file without its URL, since that gives access to the file and the model cannot open it anyway. */
function describeUnseenFile(contentType: string): string {
  const type = /^[\w.+-]{1,40}\/[\w.+-]{1,60}$/u.test(contentType) ? contentType : "of an unknown type";
  return `[The person sent a file here, ${type}, which you cannot see.]`;
}

/** Converts a topic's dialog to the result of the call that began the topic. */
export function toTopicTranscript(id: string | null, utterances: readonly TopicUtterance[]): ModelMessage {
  const lines = utterances.map(({ by, text }) => `${by === "person" ? "Person" : "Topic"}: ${text}`).join("\n");
  const latest = lines.slice(-TOPIC_SUMMARY_CHARACTERS).toWellFormed();
  const content = `The topic is over. The person has read all of it; do not repeat it.\n${latest}`;
  return { role: "tool", id: id ?? "", content };
}
