import {
  type Claim,
  type ClaimOutcome,
  type ConsentEntry,
  isLate,
  refusalOf,
  type Statement,
} from "../../consent/ledger.ts";
import type { SenderState } from "../model/state.ts";
import { newLine } from "../model/turn.ts";
import { entered, type Stated, scopeOf, stated, stopped } from "../rules/opt-out.ts";

/** A state after a claim; the same one where nothing is to be stored. */
export interface Claimed extends Stated {
  readonly outcome: ClaimOutcome;
}

/**
 * Somebody else than the person says what they want. It withdraws as a STOP does. What was said later stays; a claim from before it is kept as
 * history, once.
 * @param ledger what is recorded of the sender, for a claim that comes again
 */
export function claimed(state: SenderState, claim: Claim, ledger: readonly ConsentEntry[], now: number): Claimed {
  const { number, account, status, by, at, proof } = claim;
  const line = state.lines[number] ?? newLine(account);
  const { consent } = line;
  const statement: Statement = { status, by, at, text: proof, blocked: false };
  const reason = refusalOf(statement, consent);
  if (reason !== null) return { state, entry: null, outcome: { kind: "refused", reason } };
  if (isLate(at, consent) && consent.status !== status) {
    if (ledger.some((entry) => isSame(entry, claim))) return { state, entry: null, outcome: { kind: "known" } };
    const { state: after, entry } = entered(state, number, scopeOf(number, line), statement, now);
    return { state: after, entry: { ...entry, late: true }, outcome: { kind: "recorded" } };
  }
  const withLine = { ...state, lines: { ...state.lines, [number]: line } };
  const after = stated(withLine, number, statement, now, (each) => stopped(each, now, by, proof ?? ""));
  return { ...after, outcome: { kind: after.entry === null ? "known" : "recorded" } };
}

function isSame(entry: ConsentEntry, { number, status, by, at, proof }: Claim): boolean {
  const isEqual = entry.number === number && entry.status === status && entry.by === by;
  return isEqual && entry.at === at && entry.text === proof;
}
