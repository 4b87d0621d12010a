import { isShortCode, type PhoneNumber } from "../core/phone.ts";

/**
 * Twilio's keywords. If Twilio handles opt-outs for a number, it answers texts that consist of one, in
 * any case.
 */
const STOP_WORDS = new Set(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]);
const START_WORDS = new Set(["start", "unstop"]);
const HELP_WORDS = new Set(["help", "info"]);

/** The meaning of a keyword, independent of whether Twilio, the network or Parley handles it. */
export type CarrierKeyword = "stop" | "start" | "help";

/**
 * The party that handles opt-outs on a number. `twilio`: Twilio answers its keywords and blocks contacts. `network`:
 * the carrier of a toll-free number handles STOP, and START from contacts that it blocks. `parley`: Parley handles all
 * of them.
 */
export type OptOutHandler = "twilio" | "network" | "parley";

/**
 * @returns the party that handles opt-outs; by default Parley for short codes, the network for toll-free numbers, else
 * Twilio
 */
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

/**
 * Parses a text that consists of one of Twilio's keywords. YES is not included: it opts in only contacts that Twilio
 * blocks.
 */
export function parseTwilioKeyword(text: string): CarrierKeyword | null {
  const word = text.trim().toLowerCase();
  if (STOP_WORDS.has(word)) return "stop";
  if (START_WORDS.has(word)) return "start";
  return HELP_WORDS.has(word) ? "help" : null;
}

/**
 * @returns whether Twilio answers the text on most numbers, so that an option or keyword of this name cannot be chosen
 * by typing it. False for YES, which is an ordinary answer unless the contact has opted out
 */
export function isCarrierKeyword(text: string): boolean {
  return parseTwilioKeyword(text) !== null;
}

/**
 * @param isBlocked whether the carrier blocks the contact on this number
 * @returns whether Twilio or the network answers the text, so that Parley must not
 */
export function isAnsweredUpstream(text: string, handler: OptOutHandler, isBlocked: boolean): boolean {
  const word = parseTwilioKeyword(text);
  const isYes = text.trim().toLowerCase() === "yes";
  switch (handler) {
    case "parley":
      return false;
    case "network":
      return word === "start" ? isBlocked : text.trim().toLowerCase() === "stop";
    case "twilio":
      return word !== null || (isYes && isBlocked);
  }
}
