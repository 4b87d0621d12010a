import type { PhoneNumber } from "../core/phone.ts";
import type { Line, SenderState } from "./state.ts";

/** A person of whom nothing is known but their phone. */
export function newSender(phone: PhoneNumber): SenderState {
  return { version: 2, phone, nextTurn: 1, firstUnsent: 1, origin: "", lines: {} };
}

/** Nothing was said with one of our numbers yet. */
export function newLine(account: string): Line {
  return { account, consent: { status: "unstated" }, conversation: { status: "none" } };
}
