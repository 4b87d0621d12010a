import type { OwnedNumber } from "./model.ts";

/** What Twilio makes of a word of consent, before anybody else hears of the text (TWILIO.md 2.9). */
export type OptOut =
  | { readonly kind: "none" }
  | { readonly kind: "block" | "unblock" | "help"; readonly answer: string };

const STOP = new Set(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]);
const START = new Set(["START", "UNSTOP"]);
const HELP = new Set(["HELP", "INFO"]);

// Twilio's own sentences: the wire format, as it were.
const STOPPED =
  "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.";
const STARTED =
  "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
const HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply.";
const TOLL_FREE_STOPPED =
  'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. Text back "unstop" to receive messages again.';
const TOLL_FREE_STARTED =
  'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this number.';

const TOLL_FREE = /^\+18(?:00|33|44|55|66|77|88)\d{7}$/u;
const NONE: OptOut = { kind: "none" };

/**
 * Only a text that is nothing but the word counts. A person who has opted out hears nothing but the answer to START; a
 * second STOP is not answered again. The network itself guards toll-free numbers, with words of its own, whatever Twilio
 * does; nobody guards short codes, and numbers for which Twilio's handling is switched off.
 */
export function optOut(
  { phoneNumber: number, optOut: isMinded }: Pick<OwnedNumber, "phoneNumber" | "optOut">,
  body: string,
  isBlocked: boolean,
): OptOut {
  const word = body.trim().toUpperCase();
  if (!number.startsWith("+")) return NONE;
  if (TOLL_FREE.test(number)) return tollFree(word, isBlocked);
  if (!isMinded) return NONE;
  if (STOP.has(word)) return isBlocked ? NONE : { kind: "block", answer: STOPPED };
  if (START.has(word) || (word === "YES" && isBlocked)) return { kind: "unblock", answer: STARTED };
  if (HELP.has(word) && !isBlocked) return { kind: "help", answer: HELPED };
  return NONE;
}

function tollFree(word: string, isBlocked: boolean): OptOut {
  if (word === "STOP") return isBlocked ? NONE : { kind: "block", answer: TOLL_FREE_STOPPED };
  if (START.has(word) && isBlocked) return { kind: "unblock", answer: TOLL_FREE_STARTED };
  return NONE;
}
