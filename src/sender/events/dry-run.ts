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

/** A conversation that nobody has: what an assistant would say to it. Nothing of it is stored or sent. */
export interface DryRun {
  /** Null before the first text. */
  readonly state: SenderState | null;
  /** The turn of the last text; null before the first. */
  readonly turn: Turn | null;
}

export const NEW_DRY_RUN: DryRun = { state: null, turn: null };

/** A text comes in. */
export function receiveDryRunText({ state }: DryRun, text: LinkedText, world: DecisionContext): DryRun {
  return receiveText(state, text, world);
}

/** @returns what the conversation waits for, or null where it is over */
export function getDryRunWait({ state, turn }: DryRun): Wait | null {
  const conversation = state?.lines[turn?.number ?? ""]?.conversation;
  return conversation?.status === "open" ? conversation.rest : null;
}

/** The request that it waits for has ended, after "one moment" perhaps. */
export function finishDryRunRequest(before: DryRun, outcome: RequestOutcome, world: DecisionContext): DryRun {
  const { state, turn } = advanceDryRunTime(before, world);
  const rest = getDryRunWait({ state, turn });
  if (state === null || turn === null || rest?.kind !== "request") return { state, turn };
  const asked = { number: turn.number, turn: turn.id, id: rest.id };
  return resumeAfterRequest(state, asked, outcome, turn, world) ?? { state, turn };
}

/** It wants to know who the person is: in a rehearsal nobody is there. */
export function finishDryRunIdentityCheck(before: DryRun, world: DecisionContext): DryRun {
  const { state, turn } = before;
  const inquiry = state === null ? null : findPendingIdentityResult(state);
  if (state === null || turn === null || inquiry === null) return before;
  const asked = { number: inquiry.number, turn: turn.id, id: inquiry.id };
  return resumeAfterIdentityCheck(state, asked, { kind: "nobody" }, turn, world) ?? before;
}

/** Does all that time has made due. */
export function advanceDryRunTime(rehearsal: DryRun, world: DecisionContext): DryRun {
  let now: DryRun | TurnDecision = rehearsal;
  for (;;) {
    const { state, turn }: DryRun = now;
    const next = state === null ? null : nextDueEvent(state, world.now);
    // No notice comes in a rehearsal.
    if (state === null || turn === null || next === null || next.kind === "notice") return now;
    now = handleDueEvent(state, next, turn, world);
  }
}
