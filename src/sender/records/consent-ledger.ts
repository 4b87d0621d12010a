import type { Consent, ConsentEntry, ConsentStatement, ConsentStatementOutcome } from "../../consent/ledger.ts";
import { CONSENT_HISTORY_ENTRIES } from "../../core/limits/consent.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { decideConsentStatement } from "../events/consent-stated.ts";
import { getConsentScope } from "../model/line.ts";
import type { SenderState } from "../model/state.ts";
import type { TurnLog } from "./turn-log.ts";
import type { TurnStore } from "./turn-store.ts";

interface ConsentLedgerReader extends Pick<TurnStore, "state"> {
  /** Returns entries of the consent ledger, the latest first. */
  listLatestEntries(limit: number): readonly ConsentEntry[];
}

/** A contact's consent on each number, and the latest entries of the consent ledger, newest first. */
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
 * Applies consent statements of an admin or an import, one after the other. Must run within a transaction.
 * @param initial the state if the contact has none yet
 * @returns the outcome of each statement
 */
export function recordConsentStatements(
  ledger: ConsentLedgerReader,
  turnLog: TurnLog,
  initial: SenderState,
  statements: readonly ConsentStatement[],
  now: number,
): readonly ConsentStatementOutcome[] {
  return statements.map((statement) => {
    const state = ledger.state() ?? initial;
    const { outcome, ...after } = decideConsentStatement(
      state,
      statement,
      ledger.listLatestEntries(CONSENT_HISTORY_ENTRIES),
      now,
    );
    if (after.state !== state) turnLog.storeConsentUpdate(after, now);
    return outcome;
  });
}
