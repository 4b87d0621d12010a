import type { InboundText } from "../../twilio/inbound-text.ts";
import type { HeardMedia, HeardText, Turn } from "./state.ts";

/** A text from a webhook with a valid Twilio signature, and what the Worker knows about the request. */
export interface SignedText {
  readonly text: InboundText;
  /** The origin of the URL by which Twilio reaches Parley. */
  readonly origin: string;
  /** The revision of the configuration that the webhook used. */
  readonly revision: number;
}

/** An inbound text with URLs of the copies that Parley will make of its media, if any. */
export interface LinkedText extends InboundText {
  readonly media: readonly HeardMedia[];
  /** The sealed PIN or code. Only present during an identity check, if the text looks like one. */
  readonly guess?: string;
}

/** A text as it is stored: masked if it came during an identity check. */
type StoredText = LinkedText & Pick<HeardText, "masked">;

/** @param id the number of the new turn */
export function createTextTurn(id: number, text: StoredText, now: number): Turn {
  return {
    id,
    number: text.to,
    account: text.accountSid,
    conversation: String(id),
    kind: "heard",
    heard: toHeardText(text, now),
    parts: [],
    whenUnknown: "hold",
    notes: [],
  };
}

function toHeardText({ sid, text, masked, media, segments, optOut }: StoredText, at: number): HeardText {
  const mask = masked === undefined ? {} : { masked };
  return { at, sid, text, ...mask, media, segments, ...(optOut === null ? {} : { optOut }) };
}
