import {
  type CarrierKeyword,
  isAnsweredUpstream,
  type OptOutHandler,
  parseTwilioKeyword,
} from "../../consent/carrier-keywords.ts";
import { parseConsentIntent } from "../../consent/consent-intent.ts";
import {
  type Consent,
  type ConsentChange,
  type ConsentEntry,
  type ConsentSource,
  resolveConsent,
} from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { type SubscriptionRequest, unsubscribeAll } from "../../notify/subscriptions.ts";
import { isOptOutCode } from "../../twilio/error-codes.ts";
import type { InboundText } from "../../twilio/inbound-text.ts";
import { closeConversation, getConsentScope, getOpenConversation } from "../model/line.ts";
import type { Line, Part, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";

/** A text that, as a whole, is STOP, START or HELP, or means the same. */
export interface ConsentKeyword {
  readonly word: CarrierKeyword;
  readonly by: "person" | "carrier";
  /** Twilio or the carrier answers the keyword. A reply by Parley would be a duplicate, or fail with error 21610. */
  readonly answered: boolean;
}

/**
 * Recognises STOP, START and HELP. YES counts as START only after an opt-out. If Twilio answers HELP, only its own
 * keyword counts, and other requests for help go to the assistant.
 * @returns null if the text is anything else
 */
export function readConsentKeyword(
  { text, optOut }: Pick<InboundText, "text" | "optOut">,
  consent: Consent,
  handler: OptOutHandler,
): ConsentKeyword | null {
  if (optOut !== null) return { word: optOut, by: "carrier", answered: true };
  const withdrawn = consent.status === "withdrawn";
  const word = matchKeyword(text, withdrawn, handler);
  if (word === null || (word === "help" && withdrawn)) return null;
  return { word, by: "person", answered: isAnsweredUpstream(text, handler, isCarrierBlocked(consent)) };
}

/** An opt-out that an older release stored always came from the carrier. */
function isCarrierBlocked(consent: Consent): boolean {
  return consent.status === "withdrawn" && (consent.blocked === true || consent.by === undefined);
}

function matchKeyword(text: string, withdrawn: boolean, handler: OptOutHandler): CarrierKeyword | null {
  const keyword = parseTwilioKeyword(text);
  if (keyword === "stop" || keyword === "start") return keyword;
  if (withdrawn && /^\W*yes\W*$/iu.test(text)) return "start";
  const intent = keyword ?? parseConsentIntent(text, withdrawn);
  if (intent === "how") return "help";
  return intent === "help" && handler !== "parley" ? null : intent;
}

/** Moves a line to the Messaging Service that a text names. There, the latest consent of any number counts for all. */
export function joinMessagingService(line: Line, service: string | undefined, lines: SenderState["lines"]): Line {
  if (service === line.service) return line;
  const { service: _, ...rest } = line;
  if (service === undefined) return rest;
  const others = Object.values(lines).filter((other) => other.service === service);
  const consent = others.reduce((latest, other) => pickLaterConsent(latest, other.consent), line.consent);
  return { ...rest, service, consent };
}

function pickLaterConsent(one: Consent, other: Consent): Consent {
  return consentStatedAt(other) > consentStatedAt(one) ? other : one;
}

function consentStatedAt(consent: Consent): number {
  return consent.status === "unstated" ? Number.NEGATIVE_INFINITY : (consent.againAt ?? consent.at);
}

/** The state after a change of consent, and the new ledger entry; null if the consent is as before. */
export interface ConsentUpdate {
  readonly state: SenderState;
  readonly entry: ConsentEntry | null;
}

/**
 * Records that a contact opts in or out, for all numbers of the Messaging Service.
 * @param number must have a line in the state
 * @param onOptOut changes each line on which consent is withdrawn, also if it was withdrawn before
 */
export function applyConsentChange(
  state: SenderState,
  number: PhoneNumber,
  change: ConsentChange,
  now: number,
  onOptOut: (line: Line) => Line = (line) => line,
): ConsentUpdate {
  const line = state.lines[number];
  if (line === undefined) throw new RangeError(`the contact has no line with ${number}`);
  const scope = getConsentScope(number, line);
  const lines = Object.entries(state.lines).map(([other, each]) => {
    if (getConsentScope(other, each) !== scope) return [other, each] as const;
    const consent = resolveConsent(change, each.consent);
    const after = consent === each.consent ? each : { ...each, consent };
    // Also if it was withdrawn before: an opt-out by Twilio's error 21610 leaves the conversation open, and STOP closes
    // it.
    const isWithdrawing = change.status === "withdrawn" && consent.status === "withdrawn";
    return [other, isWithdrawing ? onOptOut(after) : after] as const;
  });
  const after = { ...state, lines: Object.fromEntries(lines) };
  if (lines.every(([other, { consent }]) => state.lines[other]?.consent.status === consent.status))
    return { state: after, entry: null };
  return addLedgerEntry(after, number, scope, change, now);
}

/**
 * Records an opt-out that Twilio reported for a part (error 21610). It counts as STOP, but leaves the conversation
 * open.
 * @returns null if the opt-out is recorded already, or the part is older than a new opt-in
 */
export function applyReportedOptOut(state: SenderState, turn: Turn, part: Part, now: number): ConsentUpdate | null {
  const { delivery, at = turnStartedAt(turn) } = part;
  const code = "error" in delivery ? (delivery.error?.code ?? null) : null;
  const consent = state.lines[turn.number]?.consent;
  if (consent === undefined || !isOptOutCode(code)) return null;
  if (consent.status === "given" ? at < consent.at : consent.status === "withdrawn" && consent.blocked === true)
    return null;
  const change = { status: "withdrawn", by: "carrier", at: now, text: String(code), blocked: true } as const;
  const proof = ("sid" in delivery ? delivery.sid : null) ?? "";
  return applyConsentChange(state, turn.number, change, now, (line) =>
    clearAfterOptOut(line, { by: "carrier", proof, at: now }),
  );
}

/** Adds an entry to the consent ledger, whether or not it changes the consent. */
export function addLedgerEntry(
  state: SenderState,
  number: PhoneNumber,
  scope: string,
  { status, by, at, text }: ConsentChange,
  now: number,
): { readonly state: SenderState; readonly entry: ConsentEntry } {
  const { consents = { next: 1, told: 0 } } = state;
  const entry = { id: consents.next, number, scope, status, by, at, text, recordedAt: now };
  return { state: { ...state, consents: { ...consents, next: consents.next + 1 } }, entry };
}

/** @param isAnswered whether Twilio or the carrier answers */
export function formatConsentNote(word: CarrierKeyword, isAnswered: boolean): string {
  return isAnswered ? `Answered by the carrier: ${word.toUpperCase()}.` : `Treated as ${word.toUpperCase()}.`;
}

/** Removes from a line what an opt-out ends: waiting notices, a question about a list, and all subscriptions. */
function clearAfterOptOut(line: Line, request: Omit<SubscriptionRequest, "to">): Line {
  const { notices: _, listQuestion: __, ...rest } = line;
  return unsubscribeAll(rest, request);
}

/** Closes the conversation after an opt-out, and drops waiting texts, waiting notices and subscriptions. */
export function closeAfterOptOut(line: Line, now: number, by: ConsentSource, proof: string): Line {
  const { waiting: _, ...rest } = clearAfterOptOut(line, { by, proof, at: now });
  const open = getOpenConversation(line);
  return open === null ? rest : { ...rest, conversation: closeConversation(open, "stopped", now) };
}

/** The notes of turns in which a contact opts in. */
export const OPT_IN_NOTES: readonly string[] = [
  formatConsentNote("start", true),
  formatConsentNote("start", false),
  // Stored by older releases.
  "Taken for START.",
];
