import {
  type ConsentChange,
  type ConsentEntry,
  type ConsentStatement,
  type ConsentStatementOutcome,
  explainConsentRefusal,
  isLateStatement,
} from "../../consent/ledger.ts";
import type { SenderState } from "../model/state.ts";
import { createLine } from "../model/turn.ts";
import {
  addLedgerEntry,
  applyConsentChange,
  type ConsentUpdate,
  closeAfterOptOut,
  getConsentScope,
} from "../rules/opt-out.ts";

/** A state after a claim; the same one where nothing is to be stored. */
export interface ConsentStatementDecision extends ConsentUpdate {
  readonly outcome: ConsentStatementOutcome;
}

/**
 * Somebody else than the person says what they want. It withdraws as a STOP does. What was said later stays; a claim from before it is kept as
 * history, once.
 * @param ledger what is recorded of the sender, for a claim that comes again
 */
export function decideConsentStatement(
  state: SenderState,
  claim: ConsentStatement,
  ledger: readonly ConsentEntry[],
  now: number,
): ConsentStatementDecision {
  const { number, account, status, by, at, proof } = claim;
  const line = state.lines[number] ?? createLine(account);
  const { consent } = line;
  const statement: ConsentChange = { status, by, at, text: proof, blocked: false };
  const reason = explainConsentRefusal(statement, consent);
  if (reason !== null) return { state, entry: null, outcome: { kind: "refused", reason } };
  if (isLateStatement(at, consent) && consent.status !== status) {
    if (ledger.some((entry) => isSameStatement(entry, claim)))
      return { state, entry: null, outcome: { kind: "known" } };
    const { state: after, entry } = addLedgerEntry(state, number, getConsentScope(number, line), statement, now);
    return { state: after, entry: { ...entry, late: true }, outcome: { kind: "recorded" } };
  }
  const withLine = { ...state, lines: { ...state.lines, [number]: line } };
  const after = applyConsentChange(withLine, number, statement, now, (each) =>
    closeAfterOptOut(each, now, by, proof ?? ""),
  );
  return { ...after, outcome: { kind: after.entry === null ? "known" : "recorded" } };
}

function isSameStatement(entry: ConsentEntry, { number, status, by, at, proof }: ConsentStatement): boolean {
  const isEqual = entry.number === number && entry.status === status && entry.by === by;
  return isEqual && entry.at === at && entry.text === proof;
}
