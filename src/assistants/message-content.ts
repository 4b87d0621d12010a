import type { AssistantAnswer } from "../contract/assistant.ts";
import { PARTS_PER_TURN } from "../core/limits/sender.ts";
import { PART_TEXT_CHARACTERS } from "../core/limits/twilio.ts";
import { cleanMessageText } from "../core/message-text.ts";
import { type CharacterReplacement, encodeIfCheaper } from "../twilio/smart-encoding.ts";
import { splitText } from "../twilio/split-text.ts";

/** The content of one Twilio message. */
export interface MessageContent {
  readonly text: string;
  readonly media: readonly string[];
  /** The characters that smart encoding replaced; absent if it changed nothing. */
  readonly replaced?: readonly CharacterReplacement[];
  /** Its digits are shown to the contact only and masked elsewhere. */
  readonly secret?: true;
}

export interface RenderedAnswers {
  readonly contents: readonly MessageContent[];
  readonly notes: readonly string[];
}

/**
 * Renders answers as SMS and MMS: plain text of at most 1,600 characters a message, pictures as media, and no more
 * messages than a turn may send.
 * @param smartEncoding replaces characters that GSM-7 lacks in messages that then take fewer segments
 * @param maximumMessages how many messages the turn may still send
 */
export function renderAnswers(
  answers: readonly AssistantAnswer[],
  smartEncoding: boolean,
  maximumMessages = PARTS_PER_TURN,
): RenderedAnswers {
  const unfetchableCount = answers.filter((answer) => answer.kind === "media" && !isFetchable(answer.url)).length;
  const notes =
    unfetchableCount === 0 ? [] : [`${unfetchableCount} files were not sent: their URLs are neither http nor https.`];
  const rendered = answers.flatMap(renderAnswer);
  const contents = smartEncoding ? rendered.map(encodeContent) : rendered;
  if (contents.length <= maximumMessages) return { contents, notes };
  const droppedCount = contents.length - maximumMessages;
  return {
    contents: contents.slice(0, maximumMessages),
    notes: [
      ...notes,
      `${droppedCount} of ${contents.length} messages were not sent: a turn sends ${PARTS_PER_TURN} at most.`,
    ],
  };
}

function renderAnswer(answer: AssistantAnswer): readonly MessageContent[] {
  switch (answer.kind) {
    case "text":
      return splitContent(answer.text, []).map((content) =>
        answer.secret === true ? { ...content, secret: true } : content,
      );
    case "link":
      return splitContent(answer.label === "" ? answer.url : `${answer.label}: ${answer.url}`, []);
    case "media":
      return splitContent(answer.text, isFetchable(answer.url) ? [answer.url] : []);
  }
}

function isFetchable(url: string): boolean {
  return /^https?:\/\//iu.test(url) && URL.canParse(url);
}

/** Attaches the media to the first text. */
function splitContent(text: string, media: readonly string[]): readonly MessageContent[] {
  const pieces = splitText(cleanMessageText(text), PART_TEXT_CHARACTERS);
  if (pieces.length === 0) return media.length === 0 ? [] : [{ text: "", media }];
  return pieces.map((piece, index) => ({ text: piece, media: index === 0 ? media : [] }));
}

/** A message with media has a fixed price, whatever its text. */
function encodeContent(content: MessageContent): MessageContent {
  if (content.media.length > 0) return content;
  const { text, replaced } = encodeIfCheaper(content.text, PART_TEXT_CHARACTERS);
  return replaced.length === 0 ? content : { ...content, text, replaced };
}
