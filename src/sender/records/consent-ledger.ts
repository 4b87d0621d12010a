import type { Consent, ConsentEntry, ConsentStatement, ConsentStatementOutcome } from "../../consent/ledger.ts";
import { CONSENT_HISTORY_ENTRIES } from "../../core/limits/consent.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { decideConsentStatement } from "../events/consent-stated.ts";
import type { SenderState } from "../model/state.ts";
import { getConsentScope } from "../rules/opt-out.ts";
import type { TurnLog, TurnStore } from "./turn-log.ts";

/** Where the ledger of consent is kept, the latest entry first. */
interface ConsentLedgerReader extends Pick<TurnStore, "state"> {
  listLatestEntries(limit: number): readonly ConsentEntry[];
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

export function createConsentReport(ledger: ConsentLedgerReader): ConsentReport {
  const lines = Object.entries(ledger.state()?.lines ?? {});
  return {
    standing: lines.map(([number, line]) => ({ number, scope: getConsentScope(number, line), consent: line.consent })),
    history: ledger.listLatestEntries(CONSENT_HISTORY_ENTRIES),
  };
}

/**
 * Takes claims, one after the other; within a transaction.
 * @param beginning the state of a sender of whom nothing is known yet
 * @returns what has become of each
 */
export function recordConsentStatements(
  ledger: ConsentLedgerReader,
  turns: TurnLog,
  beginning: SenderState,
  claims: readonly ConsentStatement[],
  now: number,
): readonly ConsentStatementOutcome[] {
  return claims.map((claim) => {
    const state = ledger.state() ?? beginning;
    const { outcome, ...after } = decideConsentStatement(
      state,
      claim,
      ledger.listLatestEntries(CONSENT_HISTORY_ENTRIES),
      now,
    );
    if (after.state !== state) turns.storeConsentUpdate(after, now);
    return outcome;
  });
}
