import type { PhoneNumber } from "../core/phone.ts";
import type { InboundText } from "../twilio/inbound.ts";
import type { HeardMedia, HeardText, Line, SenderState, Turn } from "./state.ts";

/** A text that has come in, perhaps with URLs of the copies that will be made of its media. */
export interface LinkedText extends InboundText {
  readonly media: readonly HeardMedia[];
}

/** A person of whom nothing is known but their phone. */
export function newSender(phone: PhoneNumber): SenderState {
  return { version: 2, phone, nextTurn: 1, firstUnsent: 1, origin: "", lines: {} };
}

/** Nothing was said with one of our numbers yet. */
export function newLine(account: string): Line {
  return { account, consent: { status: "unstated" }, conversation: { status: "none" } };
}

/** A text begins it; nothing has come of it yet. */
export function newTurn(id: number, text: LinkedText, now: number): Turn {
  return {
    id,
    number: text.to,
    account: text.accountSid,
    conversation: String(id),
    heard: heardText(text, now),
    parts: [],
    whenUnknown: "hold",
    notes: [],
  };
}

function heardText({ sid, text, media, segments, optOut }: LinkedText, at: number): HeardText {
  return { at, sid, text, media, segments, ...(optOut === null ? {} : { optOut }) };
}
