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
import { isOptOutCode } from "../../twilio/error-codes.ts";
import type { InboundText } from "../../twilio/inbound-text.ts";
import type { Line, Part, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { clearAfterOptOut } from "./notice-backlog.ts";

/** What a text says of consent. */
export interface ConsentKeyword {
  readonly word: CarrierKeyword;
  readonly by: "person" | "carrier";
  /** Somebody else has answered it: a second answer would be a duplicate, or error 21610. */
  readonly answered: boolean;
}

/**
 * @returns what the whole text says of consent, or null. YES opts in only where the sender has opted out; HELP is the assistant's where Twilio
 * answers it too
 */
export function readConsentKeyword(
  { text, optOut }: Pick<InboundText, "text" | "optOut">,
  consent: Consent,
  guard: OptOutHandler,
): ConsentKeyword | null {
  if (optOut !== null) return { word: optOut, by: "carrier", answered: true };
  const withdrawn = consent.status === "withdrawn";
  const word = matchKeyword(text, withdrawn, guard);
  if (word === null || (word === "help" && withdrawn)) return null;
  return { word, by: "person", answered: isAnsweredUpstream(text, guard, isCarrierBlocked(consent)) };
}

/** Of an opt-out of an older release the carrier knew: others were not understood. */
function isCarrierBlocked(consent: Consent): boolean {
  return consent.status === "withdrawn" && (consent.blocked === true || consent.by === undefined);
}

function matchKeyword(text: string, withdrawn: boolean, guard: OptOutHandler): CarrierKeyword | null {
  const own = parseTwilioKeyword(text);
  if (own === "stop" || own === "start") return own;
  if (withdrawn && /^\W*yes\W*$/iu.test(text)) return "start";
  const said = own ?? parseConsentIntent(text, withdrawn);
  if (said === "how") return "help";
  return said === "help" && guard !== "parley" ? null : said;
}

/** What a consent holds for: all numbers of a Messaging Service, or one. */
export function getConsentScope(number: PhoneNumber, { service }: Line): string {
  return service ?? number;
}

/** @returns the line as a text finds it: within its Messaging Service, where what was said last holds for all numbers */
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

/** A state after a statement, and the line of the ledger that it makes; null where everybody knew. */
export interface ConsentUpdate {
  readonly state: SenderState;
  readonly entry: ConsentEntry | null;
}

/**
 * Somebody says that the sender wants texts from a number, or does not: it holds for the number's whole Messaging Service.
 * @param number one of the state's lines
 * @param become what becomes of each line on which it withdraws consent, or says again that it is withdrawn
 */
export function applyConsentChange(
  state: SenderState,
  number: PhoneNumber,
  statement: ConsentChange,
  now: number,
  become: (line: Line) => Line = (line) => line,
): ConsentUpdate {
  const own = state.lines[number];
  if (own === undefined) throw new RangeError(`there is no line with ${number}`);
  const scope = getConsentScope(number, own);
  const lines = Object.entries(state.lines).map(([other, line]) => {
    if (getConsentScope(other, line) !== scope) return [other, line] as const;
    const consent = resolveConsent(statement, line.consent);
    const after = consent === line.consent ? line : { ...line, consent };
    // Also where it was withdrawn before: Twilio's 21610 leaves a conversation open, and STOP ends it.
    const isWithdrawing = statement.status === "withdrawn" && consent.status === "withdrawn";
    return [other, isWithdrawing ? become(after) : after] as const;
  });
  const after = { ...state, lines: Object.fromEntries(lines) };
  if (lines.every(([other, { consent }]) => state.lines[other]?.consent.status === consent.status))
    return { state: after, entry: null };
  return addLedgerEntry(after, number, scope, statement, now);
}

/**
 * Twilio has said of a part that its recipient has opted out: that is as good as their STOP, but that the conversation stays as it is.
 * @returns null where it says nothing new, or speaks of what was sent before they opted in again
 */
export function applyReportedOptOut(state: SenderState, turn: Turn, part: Part, now: number): ConsentUpdate | null {
  const { delivery, at = turnStartedAt(turn) } = part;
  const code = "error" in delivery ? (delivery.error?.code ?? null) : null;
  const consent = state.lines[turn.number]?.consent;
  if (consent === undefined || !isOptOutCode(code)) return null;
  if (consent.status === "given" ? at < consent.at : consent.status === "withdrawn" && consent.blocked === true)
    return null;
  const statement = { status: "withdrawn", by: "carrier", at: now, text: String(code), blocked: true } as const;
  const proof = ("sid" in delivery ? delivery.sid : null) ?? "";
  return applyConsentChange(state, turn.number, statement, now, (line) =>
    clearAfterOptOut(line, { by: "carrier", proof, at: now }),
  );
}

/** A line of the ledger, whatever it changes. */
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

/** @returns whether nothing may be sent to the sender from a number */
export function isWithdrawn(state: SenderState, number: PhoneNumber): boolean {
  return state.lines[number]?.consent.status === "withdrawn";
}

/** What a turn notes of a word of consent. */
export function formatConsentNote(word: CarrierKeyword, isAnswered: boolean): string {
  return isAnswered ? `Answered by the carrier: ${word.toUpperCase()}.` : `Taken for ${word.toUpperCase()}.`;
}

/** After an opt-out nothing of the conversation goes on, nothing that waits is answered or told, and no list stays on. */
export function closeAfterOptOut(line: Line, now: number, by: ConsentSource, proof: string): Line {
  const { conversation } = line;
  const { waiting: _, ...rest } = clearAfterOptOut(line, { by, proof, at: now });
  if (conversation.status !== "open") return rest;
  return { ...rest, conversation: { status: "closed", id: conversation.id, at: now, reason: "stopped" } };
}

/** Notes of a turn in which the sender opts in. */
export const OPT_IN_NOTES: readonly string[] = [formatConsentNote("start", true), formatConsentNote("start", false)];
