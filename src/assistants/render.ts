import { PART_TEXT_CHARACTERS, PARTS_PER_TURN } from "../core/limits.ts";
import { splitText } from "../twilio/split.ts";
import type { Answer } from "./contract.ts";

/** What goes into one Twilio message. */
export interface Content {
  readonly text: string;
  readonly media: readonly string[];
}

export interface Rendered {
  readonly contents: readonly Content[];
  readonly notes: readonly string[];
}

/** Makes answers fit for SMS: plain text of at most 1,600 characters a message, pictures as media, no more than a turn may send. */
export function render(answers: readonly Answer[]): Rendered {
  const contents = answers.flatMap(renderAnswer);
  if (contents.length <= PARTS_PER_TURN) return { contents, notes: [] };
  const cut = contents.length - PARTS_PER_TURN;
  return {
    contents: contents.slice(0, PARTS_PER_TURN),
    notes: [`${cut} of ${contents.length} messages were not sent: a turn sends ${PARTS_PER_TURN} at most.`],
  };
}

function renderAnswer(answer: Answer): readonly Content[] {
  switch (answer.kind) {
    case "text":
      return texts(answer.text, []);
    case "link":
      return texts(answer.label === "" ? answer.url : `${answer.label}: ${answer.url}`, []);
    case "image":
      return texts(answer.text, [answer.url]);
  }
}

/** The media go with the first of the texts. */
function texts(text: string, media: readonly string[]): readonly Content[] {
  const pieces = splitText(sendable(text), PART_TEXT_CHARACTERS);
  if (pieces.length === 0) return media.length === 0 ? [] : [{ text: "", media }];
  return pieces.map((piece, index) => ({ text: piece, media: index === 0 ? media : [] }));
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/gu;

/** Without what no carrier delivers: control characters, halves of surrogate pairs, white space at the ends. */
function sendable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(CONTROLS, "").toWellFormed().trim();
}
