import { isShortCode, type PhoneNumber } from "../core/phone.ts";

/** Twilio's own (TWILIO.md 2.9): a text that is nothing but one of them, in any case, it answers itself where it minds a number. */
const STOP_WORDS = new Set(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]);
const START_WORDS = new Set(["start", "unstop"]);
const HELP_WORDS = new Set(["help", "info"]);

/** A word of consent, whoever understands it. */
export type CarrierKeyword = "stop" | "start" | "help";

/**
 * Who minds the words of consent on a number. `twilio` answers its own words and blocks; `network`: of a toll-free number the carrier minds
 * STOP, and START for whom it blocks; `parley`: nobody else does.
 */
export type OptOutHandler = "twilio" | "network" | "parley";

/** @returns who minds a number: where its operator says nothing, of a short code Parley does, of all others Twilio, or the network */
export function resolveOptOutHandler({ number, type, optOut }: OptOutNumber): OptOutHandler {
  if (optOut === "parley") return "parley";
  if (type === "toll-free") return "network";
  return optOut === "twilio" || !isShortCode(number) ? "twilio" : "parley";
}

interface OptOutNumber {
  readonly number: PhoneNumber;
  readonly type?: "long-code" | "short-code" | "toll-free";
  readonly optOut?: "twilio" | "parley" | null;
}

/** @returns which of Twilio's words the whole text is, or null. YES is none of them: only for whom Twilio blocks it is one */
export function parseTwilioKeyword(text: string): CarrierKeyword | null {
  const word = text.trim().toLowerCase();
  if (STOP_WORDS.has(word)) return "stop";
  if (START_WORDS.has(word)) return "start";
  return HELP_WORDS.has(word) ? "help" : null;
}

/**
 * @returns whether Twilio answers the text by itself on most numbers, so that an option or a keyword of that name cannot be chosen by
 * typing it. YES is none: it is an answer wherever the person has not opted out
 */
export function isCarrierKeyword(text: string): boolean {
  return parseTwilioKeyword(text) !== null;
}

/**
 * @param blocked does the carrier block the sender on this number?
 * @returns whether the number's guard answers the text, so that we must not
 */
export function isAnsweredUpstream(text: string, guard: OptOutHandler, blocked: boolean): boolean {
  const word = parseTwilioKeyword(text);
  const isYes = text.trim().toLowerCase() === "yes";
  switch (guard) {
    case "parley":
      return false;
    case "network":
      return word === "start" ? blocked : text.trim().toLowerCase() === "stop";
    case "twilio":
      return word !== null || (isYes && blocked);
  }
}
