import type { OwnedNumber } from "../state/records.ts";

/** Twilio's reaction to an opt-out keyword, before it calls the webhook. */
export type OptOutVerdict =
  | { readonly kind: "none" }
  | { readonly kind: "block" | "unblock" | "help"; readonly answer: string };

const STOP_KEYWORDS = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const START_KEYWORDS = new Set(["START", "UNSTOP"]);
const HELP_KEYWORDS = new Set(["HELP", "INFO"]);

// Twilio's exact wording.
const STOP_ANSWER =
  "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.";
const START_ANSWER =
  "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
const HELP_ANSWER = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
const TOLL_FREE_STOP_ANSWER =
  'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. Text back "unstop" to receive messages again.';
const TOLL_FREE_START_ANSWER =
  'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this number.';

const TOLL_FREE_NUMBER = /^\+18(?:00|33|44|55|66|77|88)\d{7}$/u;
const NO_ACTION: OptOutVerdict = { kind: "none" };

/**
 * Decides how Twilio reacts to a text. Only a text that consists of the keyword alone counts. After an opt-out the
 * contact receives only the reply to START; a second STOP is not answered. Toll-free numbers are always handled by the
 * carrier network, with other texts. Short codes, and numbers with opt-out handling switched off, are not handled.
 */
export function decideOptOut(
  { phoneNumber: number, optOut: isHandled }: Pick<OwnedNumber, "phoneNumber" | "optOut">,
  body: string,
  isBlocked: boolean,
): OptOutVerdict {
  const word = body.trim().toUpperCase();
  if (!number.startsWith("+")) return NO_ACTION;
  if (TOLL_FREE_NUMBER.test(number)) return decideTollFreeOptOut(word, isBlocked);
  if (!isHandled) return NO_ACTION;
  if (STOP_KEYWORDS.has(word)) return isBlocked ? NO_ACTION : { kind: "block", answer: STOP_ANSWER };
  if (START_KEYWORDS.has(word) || (word === "YES" && isBlocked)) return { kind: "unblock", answer: START_ANSWER };
  if (HELP_KEYWORDS.has(word) && !isBlocked) return { kind: "help", answer: HELP_ANSWER };
  return NO_ACTION;
}

function decideTollFreeOptOut(word: string, isBlocked: boolean): OptOutVerdict {
  if (word === "STOP") return isBlocked ? NO_ACTION : { kind: "block", answer: TOLL_FREE_STOP_ANSWER };
  if (START_KEYWORDS.has(word) && isBlocked) return { kind: "unblock", answer: TOLL_FREE_START_ANSWER };
  return NO_ACTION;
}
