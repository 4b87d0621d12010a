import { PART_TEXT_CHARACTERS } from "../core/limits/twilio.ts";
import { sendable } from "../core/text.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** Nothing to say now: every answer goes out by REST. */
export function emptyAnswer(): string {
  return `${DECLARATION}<Response/>`;
}

/** One text, said by Twilio itself. */
export function messageAnswer(text: string): string {
  const escaped = sendable(text)
    .slice(0, PART_TEXT_CHARACTERS)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
  return `${DECLARATION}<Response><Message>${escaped}</Message></Response>`;
}
