import type { IdentityResult } from "../../identity/identity-check.ts";
import type { DecisionContext, WaitRef } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { receiveIdentityResult, recordIdentityResult } from "../rules/identity-check.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * Resumes a turn with the result of an identity check.
 * @param turn the turn that waited, as stored
 * @returns null if the conversation does not wait for the result any more
 */
export function resumeAfterIdentityCheck(
  state: SenderState,
  { number, id }: WaitRef,
  result: IdentityResult,
  turn: Turn,
  context: DecisionContext,
): TurnDecision | null {
  const recorded = recordIdentityResult(turn, result, context.now);
  const outcome = receiveIdentityResult(createTurnContext(state, number, recorded, context), id, result);
  return outcome === null ? null : makeDecision(state, recorded, outcome, context.now);
}
