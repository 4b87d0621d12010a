import type { PhoneNumber } from "../../core/phone.ts";
import type { HeardMedia, Line, SenderState, Turn } from "./state.ts";

/** What can be said of a turn, whether a text of the person's has begun it or a notice of ours. */

/** @returns when it began; milliseconds since 1970 */
export function turnStartedAt(turn: Turn): number {
  return turn.kind === "heard" ? turn.heard.at : turn.notice.at;
}

/** @returns the SID of its text, or the id of its notice, which has the same form */
export function getTurnSid(turn: Turn): string {
  return turn.kind === "heard" ? turn.heard.sid : turn.notice.id;
}

/** @returns what the person said; a notice says nothing in their name */
export function getTurnText(turn: Turn): string {
  return turn.kind === "heard" ? turn.heard.text : "";
}

/** @returns what the person sent beside it */
export function getTurnMedia(turn: Turn): readonly HeardMedia[] {
  return turn.kind === "heard" ? turn.heard.media : [];
}

/** @returns a sender that nothing is known of yet. @param phone the person's */
export function createSenderState(phone: PhoneNumber): SenderState {
  return { version: 2, phone, nextTurn: 1, firstUnsent: 1, origin: "", lines: {} };
}

/** @returns a line that nothing was said on yet */
export function createLine(account: string): Line {
  return { account, consent: { status: "unstated" }, conversation: { status: "none" } };
}

/** A turn's name outside of its sender: the phone without its plus, and the SID of its text or notice. */
export function formatTurnId(phone: PhoneNumber, turn: Turn): string {
  return `${phone.replace("+", "")}-${getTurnSid(turn)}`;
}
