import type { Claim, ClaimOutcome, Consent, ConsentEntry } from "../../consent/ledger.ts";
import { CONSENT_HISTORY_ENTRIES } from "../../core/limits/consent.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { claimed } from "../events/consent-stated.ts";
import type { SenderState } from "../model/state.ts";
import { scopeOf } from "../rules/opt-out.ts";
import type { TurnStore, Turns } from "./turn-log.ts";

/** Where the ledger of consent is kept, the latest entry first. */
interface Ledger extends Pick<TurnStore, "state"> {
  latestEntries(limit: number): readonly ConsentEntry[];
}

/** What is known of a sender's consent: how it stands on each number, and the latest of what was said, the latest first. */
export interface ConsentReport {
  readonly standing: readonly {
    readonly number: PhoneNumber;
    readonly scope: string;
    readonly consent: Consent;
  }[];
  readonly history: readonly ConsentEntry[];
}

export function reportOf(ledger: Ledger): ConsentReport {
  const lines = Object.entries(ledger.state()?.lines ?? {});
  return {
    standing: lines.map(([number, line]) => ({ number, scope: scopeOf(number, line), consent: line.consent })),
    history: ledger.latestEntries(CONSENT_HISTORY_ENTRIES),
  };
}

/**
 * Takes claims, one after the other; within a transaction.
 * @param beginning the state of a sender of whom nothing is known yet
 * @returns what has become of each
 */
export function takeClaims(
  ledger: Ledger,
  turns: Turns,
  beginning: SenderState,
  claims: readonly Claim[],
  now: number,
): readonly ClaimOutcome[] {
  return claims.map((claim) => {
    const state = ledger.state() ?? beginning;
    const { outcome, ...after } = claimed(state, claim, ledger.latestEntries(CONSENT_HISTORY_ENTRIES), now);
    if (after.state !== state) turns.enter(after, now);
    return outcome;
  });
}
