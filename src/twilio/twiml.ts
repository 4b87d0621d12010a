import { PART_TEXT_CHARACTERS } from "../core/limits/twilio.ts";
import { cleanMessageText } from "../core/message-text.ts";

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** Returns TwiML that says nothing, because answers are sent by the REST API. */
export function createEmptyTwiml(): string {
  return `${DECLARATION}<Response/>`;
}

/** Returns TwiML that makes Twilio send one text. */
export function createMessageTwiml(text: string): string {
  const escaped = cleanMessageText(text)
    .slice(0, PART_TEXT_CHARACTERS)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
  return `${DECLARATION}<Response><Message>${escaped}</Message></Response>`;
}
