import {
  type ConsentChange,
  type ConsentEntry,
  type ConsentStatement,
  type ConsentStatementOutcome,
  explainConsentRefusal,
  isLateStatement,
} from "../../consent/ledger.ts";
import { createLine, getConsentScope, withLine } from "../model/line.ts";
import type { SenderState } from "../model/state.ts";
import { addLedgerEntry, applyConsentChange, type ConsentUpdate, closeAfterOptOut } from "../rules/opt-out.ts";

/** The state after a consent statement; the same one if nothing changes. */
export interface ConsentStatementDecision extends ConsentUpdate {
  readonly outcome: ConsentStatementOutcome;
}

/**
 * Decides on a consent statement of an admin or an import. An opt-out counts as STOP. A statement that is older than
 * the present consent only enters the ledger, as history.
 * @param ledger the recorded entries, to recognise a repeated statement
 */
export function decideConsentStatement(
  state: SenderState,
  statement: ConsentStatement,
  ledger: readonly ConsentEntry[],
  now: number,
): ConsentStatementDecision {
  const { number, account, status, by, at, proof } = statement;
  const line = state.lines[number] ?? createLine(account);
  const { consent } = line;
  const change: ConsentChange = { status, by, at, text: proof, blocked: false };
  const reason = explainConsentRefusal(change, consent);
  if (reason !== null) return { state, entry: null, outcome: { kind: "refused", reason } };
  if (isLateStatement(at, consent) && consent.status !== status) {
    if (ledger.some((entry) => isSameStatement(entry, statement)))
      return { state, entry: null, outcome: { kind: "known" } };
    const { state: after, entry } = addLedgerEntry(state, number, getConsentScope(number, line), change, now);
    return { state: after, entry: { ...entry, late: true }, outcome: { kind: "recorded" } };
  }
  const after = applyConsentChange(withLine(state, number, line), number, change, now, (each) =>
    closeAfterOptOut(each, now, by, proof ?? ""),
  );
  return { ...after, outcome: { kind: after.entry === null ? "known" : "recorded" } };
}

function isSameStatement(entry: ConsentEntry, { number, status, by, at, proof }: ConsentStatement): boolean {
  const isEqual = entry.number === number && entry.status === status && entry.by === by;
  return isEqual && entry.at === at && entry.text === proof;
}
