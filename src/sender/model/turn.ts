import type { PhoneNumber } from "../../core/phone.ts";
import type { HeardMedia, Turn } from "./state.ts";

/** @returns when the text arrived or the notice began; milliseconds since 1970 */
export function turnStartedAt(turn: Turn): number {
  return turn.kind === "heard" ? turn.heard.at : turn.notice.at;
}

/** @returns the SID of the text, or the id of the notice, which has the same form */
export function getTurnSid(turn: Turn): string {
  return turn.kind === "heard" ? turn.heard.sid : turn.notice.id;
}

/** @returns the contact's text; empty for a notice */
export function getTurnText(turn: Turn): string {
  return turn.kind === "heard" ? turn.heard.text : "";
}

/** @returns the media of the contact's text */
export function getTurnMedia(turn: Turn): readonly HeardMedia[] {
  return turn.kind === "heard" ? turn.heard.media : [];
}

/** @returns the name of a turn outside its Sender: the phone without its plus, and the SID of the text or notice */
export function formatTurnId(phone: PhoneNumber, turn: Turn): string {
  return `${phone.replace("+", "")}-${getTurnSid(turn)}`;
}
