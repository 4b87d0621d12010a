import type { PhoneNumber } from "../core/phone.ts";

/**
 * The source of a consent or subscription: the contact's own text or answer (`person`), Twilio's Advanced Opt-Out or
 * its error 21610 (`carrier`), an admin, or an import.
 */
export type ConsentSource = "person" | "carrier" | "admin" | "import";

/** A contact's consent to texts from a number. */
export type Consent =
  /** The contact has neither opted in nor out: texts are answered. */
  { readonly status: "unstated" } | GivenConsent | WithdrawnConsent;

/** Times are milliseconds since 1970. `by` is absent in records of an older release. */
export interface GivenConsent {
  readonly status: "given";
  readonly at: number;
  /** When consent was last given again; absent: it was not. */
  readonly againAt?: number;
  readonly by?: ConsentSource;
}

export interface WithdrawnConsent {
  readonly status: "withdrawn";
  readonly at: number;
  readonly againAt?: number;
  readonly by?: ConsentSource;
  /** The carrier blocks messages to the contact as well. */
  readonly blocked?: true;
}

/** A change of a contact's consent, from any source. */
export interface ConsentChange {
  readonly status: "given" | "withdrawn";
  readonly by: ConsentSource;
  /** When the consent was given or withdrawn; milliseconds since 1970. */
  readonly at: number;
  /** The contact's text, Twilio's code, or a proof; null: none. */
  readonly text: string | null;
  /** The carrier blocks messages to the contact. */
  readonly blocked: boolean;
}

/**
 * An entry of the ledger: a change that took effect, or one that came too late. Entries are never changed or deleted.
 */
export interface ConsentEntry extends Omit<ConsentChange, "blocked"> {
  /** Counts from 1 for each contact. */
  readonly id: number;
  /** The operator's number that the change concerns. */
  readonly number: PhoneNumber;
  /** The scope of the change: a Messaging Service's SID, or the number alone. */
  readonly scope: string;
  /** When Parley recorded the entry; milliseconds since 1970. */
  readonly recordedAt: number;
  /** A later change was recorded before, so this entry is history only. */
  readonly late?: true;
}

/** A consent or opt-out that the operator states on behalf of a contact. */
export interface ConsentStatement {
  readonly number: PhoneNumber;
  /** The account of the number. */
  readonly account: string;
  readonly status: ConsentChange["status"];
  readonly by: "admin" | "import";
  /** When the contact gave or withdrew consent; milliseconds since 1970. */
  readonly at: number;
  readonly proof: string | null;
}

/** The outcome of a consent statement: recorded, known already, or refused for a reason. */
export type ConsentStatementOutcome =
  | { readonly kind: "recorded" }
  | { readonly kind: "known" }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Applies a change. The change with the latest time counts, in whatever order changes are recorded.
 * @returns the new consent; the same object if nothing changes
 */
export function resolveConsent({ status, by, at, blocked }: ConsentChange, consent: Consent): Consent {
  if (consent.status === status) return repeatConsent(consent, at, blocked);
  if (isLateStatement(at, consent)) return consent;
  if (status === "given") return { status, at, by };
  return blocked ? { status, at, by, blocked } : { status, at, by };
}

/** @returns whether a later change is known already */
export function isLateStatement(at: number, consent: Consent): boolean {
  return consent.status !== "unstated" && at < (consent.againAt ?? consent.at);
}

function repeatConsent(consent: GivenConsent | WithdrawnConsent, at: number, blocked: boolean): Consent {
  const repeated = at > (consent.againAt ?? consent.at) ? { ...consent, againAt: at } : consent;
  // A known opt-out that the carrier now enforces as well.
  return blocked && repeated.status === "withdrawn" && repeated.blocked !== true ? { ...repeated, blocked } : repeated;
}

/** @returns a sentence that explains why the operator's statement is refused; null if it is accepted */
export function explainConsentRefusal({ status, by, text }: ConsentChange, consent: Consent): string | null {
  const isFromOperator = by === "admin" || by === "import";
  if (!isFromOperator || status !== "given" || consent.status !== "withdrawn" || (text ?? "").trim() !== "")
    return null;
  const cause = consent.by === "carrier" ? "The carrier has withdrawn this consent" : "This consent was withdrawn";
  return `${cause}: "given" needs a proof that says how and when the contact asked for texts again.`;
}
