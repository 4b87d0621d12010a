import type { PhoneNumber } from "../core/phone.ts";

/** Who said it. `carrier`: Twilio's Advanced Opt-Out, or its error 21610. */
export type ConsentSource = "person" | "carrier" | "admin" | "import";

/** What may be sent to a person from a number. */
export type Consent =
  /** They have said nothing of it: who texts us is answered. */
  { readonly status: "unstated" } | GivenConsent | WithdrawnConsent;

/** `at` is when it was said, milliseconds since 1970. An older release did not store by whom. */
export interface GivenConsent {
  readonly status: "given";
  readonly at: number;
  /** When the same was said again; left out: it was not. */
  readonly againAt?: number;
  readonly by?: ConsentSource;
}

export interface WithdrawnConsent {
  readonly status: "withdrawn";
  readonly at: number;
  readonly againAt?: number;
  readonly by?: ConsentSource;
  /** The carrier knows, and takes nothing from us either. */
  readonly blocked?: true;
}

/** Somebody says that a person wants texts, or does not. */
export interface ConsentChange {
  readonly status: "given" | "withdrawn";
  readonly by: ConsentSource;
  /** When it was said; milliseconds since 1970. */
  readonly at: number;
  /** The person's text, Twilio's code, or what proves it; null: nothing does. */
  readonly text: string | null;
  /** The carrier blocks what we send. */
  readonly blocked: boolean;
}

/** A line of the ledger: a statement that has changed something, or came too late to. Never changed, never deleted. */
export interface ConsentEntry extends Omit<ConsentChange, "blocked"> {
  /** Counts from 1 for each sender. */
  readonly id: number;
  /** The number that it was said to. */
  readonly number: PhoneNumber;
  /** What it holds for: a Messaging Service's SID, or the number alone. */
  readonly scope: string;
  /** When Parley heard of it; milliseconds since 1970. */
  readonly recordedAt: number;
  /** Something that was said later was known already: this is history only. */
  readonly late?: true;
}

/** Somebody else than the person says what they want. */
export interface ConsentStatement {
  readonly number: PhoneNumber;
  /** The account of the number. */
  readonly account: string;
  readonly status: ConsentChange["status"];
  readonly by: "admin" | "import";
  /** When it was said; milliseconds since 1970. */
  readonly at: number;
  readonly proof: string | null;
}

/** What has become of a claim: it was recorded, it was known already, or it cannot be taken, and why. */
export type ConsentStatementOutcome =
  | { readonly kind: "recorded" }
  | { readonly kind: "known" }
  | { readonly kind: "refused"; readonly reason: string };

/** @returns the consent after a statement: the same object where it changes nothing. What was said later counts, in whatever order it is heard. */
export function resolveConsent({ status, by, at, blocked }: ConsentChange, consent: Consent): Consent {
  if (consent.status === status) return repeatConsent(consent, at, blocked);
  if (isLateStatement(at, consent)) return consent;
  if (status === "given") return { status, at, by };
  return blocked ? { status, at, by, blocked } : { status, at, by };
}

/** @returns whether something that was said later is known already */
export function isLateStatement(at: number, consent: Consent): boolean {
  return consent.status !== "unstated" && at < (consent.againAt ?? consent.at);
}

function repeatConsent(consent: GivenConsent | WithdrawnConsent, at: number, blocked: boolean): Consent {
  const said = at > (consent.againAt ?? consent.at) ? { ...consent, againAt: at } : consent;
  // Said already, and now the carrier knows too.
  return blocked && said.status === "withdrawn" && said.blocked !== true ? { ...said, blocked } : said;
}

/** @returns why a statement of somebody else's than the person's cannot be taken, a sentence; null where it can */
export function explainConsentRefusal({ status, by, text }: ConsentChange, consent: Consent): string | null {
  const isOthers = by === "admin" || by === "import";
  if (!isOthers || status !== "given" || consent.status !== "withdrawn" || (text ?? "").trim() !== "") return null;
  const whose = consent.by === "carrier" ? "The carrier has withdrawn this consent" : "This consent was withdrawn";
  return `${whose}: "given" needs a proof, which says how and when the person has asked for texts again.`;
}
