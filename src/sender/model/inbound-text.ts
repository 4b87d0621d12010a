import type { InboundText } from "../../twilio/inbound-text.ts";
import type { HeardMedia, HeardText, Turn } from "./state.ts";

/** A text that Twilio has signed, with what the webhook knows of its way. */
export interface SignedText {
  readonly text: InboundText;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  /** The revision of the configuration that the webhook saw. */
  readonly revision: number;
}

/** A text that has come in, perhaps with URLs of the copies that will be made of its media. */
export interface LinkedText extends InboundText {
  readonly media: readonly HeardMedia[];
  /** Where a PIN or a code is asked: what may be one, sealed. */
  readonly guess?: string;
}

/** A text as it is kept: masked, perhaps. */
type StoredText = LinkedText & Pick<HeardText, "masked">;

/** A turn begins with a text. */
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
