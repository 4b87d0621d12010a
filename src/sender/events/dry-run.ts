import type { RequestOutcome } from "../../contract/assistant.ts";
import type { DecisionContext } from "../model/context.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import type { SenderState, Turn, Wait } from "../model/state.ts";
import { findPendingIdentityResult } from "../rules/identity-check.ts";
import { type TurnDecision } from "./decision.ts";
import { resumeAfterIdentityCheck } from "./identity-checked.ts";
import { resumeAfterRequest } from "./request-ended.ts";
import { receiveText } from "./text-received.ts";
import { handleDueEvent } from "./time-passed.ts";
import { nextDueEvent } from "./timeouts.ts";

/** A conversation that an operator tries. Nothing is stored or sent. */
export interface DryRun {
  /** Null before the first text. */
  readonly state: SenderState | null;
  /** The turn of the latest text; null before the first. */
  readonly turn: Turn | null;
}

export const NEW_DRY_RUN: DryRun = { state: null, turn: null };

export function receiveDryRunText({ state }: DryRun, text: LinkedText, context: DecisionContext): DryRun {
  return receiveText(state, text, context);
}

/** @returns what the conversation waits for, or null if it is over */
export function getDryRunWait({ state, turn }: DryRun): Wait | null {
  const conversation = state?.lines[turn?.number ?? ""]?.conversation;
  return conversation?.status === "open" ? conversation.rest : null;
}

/** Ends the request that the dry run waits for, after the "one moment" message if that is due. */
export function finishDryRunRequest(before: DryRun, outcome: RequestOutcome, context: DecisionContext): DryRun {
  const { state, turn } = advanceDryRunTime(before, context);
  const wait = getDryRunWait({ state, turn });
  if (state === null || turn === null || wait?.kind !== "request") return { state, turn };
  const waitRef = { number: turn.number, turn: turn.id, id: wait.id };
  return resumeAfterRequest(state, waitRef, outcome, turn, context) ?? { state, turn };
}

/** Ends an identity check: in a dry run the contact is always a guest. */
export function finishDryRunIdentityCheck(before: DryRun, context: DecisionContext): DryRun {
  const { state, turn } = before;
  const pending = state === null ? null : findPendingIdentityResult(state);
  if (state === null || turn === null || pending === null) return before;
  const waitRef = { number: pending.number, turn: turn.id, id: pending.id };
  return resumeAfterIdentityCheck(state, waitRef, { kind: "nobody" }, turn, context) ?? before;
}

/** Handles everything that is due. */
export function advanceDryRunTime(dryRun: DryRun, context: DecisionContext): DryRun {
  let current: DryRun | TurnDecision = dryRun;
  for (;;) {
    const { state, turn }: DryRun = current;
    const next = state === null ? null : nextDueEvent(state, context.now);
    // A dry run has no notices.
    if (state === null || turn === null || next === null || next.kind === "notice") return current;
    current = handleDueEvent(state, next, turn, context);
  }
}
