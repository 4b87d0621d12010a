import type { InboundText } from "../twilio/inbound.ts";
import type { Consent } from "./state.ts";

const STOP_WORDS = new Set(["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]);
const START_WORDS = new Set(["start", "unstop"]);
const HELP_WORDS = new Set(["help", "info"]);

/** A carrier's word, which Twilio has answered before we see it: a second answer would be a duplicate, or error 21610. */
export type CarrierWord = "stop" | "start" | "help";

/**
 * @returns the carrier's word that the text is, or null. Only a whole text counts, as with Twilio ("stop please" is none); YES opts in
 * again only after an opt-out, everywhere else it is an answer.
 */
export function carrierWord(heard: Pick<InboundText, "text" | "optOut">, consent: Consent): CarrierWord | null {
  if (heard.optOut !== null) return heard.optOut;
  const word = heard.text.trim().toLowerCase();
  if (STOP_WORDS.has(word)) return "stop";
  if (START_WORDS.has(word) || (word === "yes" && consent.status === "withdrawn")) return "start";
  return null;
}

/**
 * @returns whether Twilio answers the text by itself on most numbers, so that an option or a keyword of that name cannot be chosen by
 * typing it. YES is none: it is an answer wherever the person has not opted out
 */
export function isCarrierWord(text: string): boolean {
  const word = text.trim().toLowerCase();
  return STOP_WORDS.has(word) || START_WORDS.has(word) || HELP_WORDS.has(word);
}

export function consentAfter(word: CarrierWord, consent: Consent, now: number): Consent {
  switch (word) {
    case "stop":
      return consent.status === "withdrawn" ? consent : { status: "withdrawn", at: now };
    case "start":
      return { status: "given", at: now };
    case "help":
      return consent;
  }
}
