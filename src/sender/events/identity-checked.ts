import type { IdentityResult } from "../../identity/identity-check.ts";
import type { DecisionContext, WaitRef } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { receiveIdentityResult, recordIdentityResult } from "../rules/identity-check.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * It has been found out whose phone it is, or whether a PIN or a code is right.
 * @param turn the turn that it belongs to, as stored
 * @returns null where nobody waits for it any more
 */
export function resumeAfterIdentityCheck(
  state: SenderState,
  { number, id }: WaitRef,
  outcome: IdentityResult,
  turn: Turn,
  world: DecisionContext,
): TurnDecision | null {
  const heard = recordIdentityResult(turn, outcome, world.now);
  const heardOf = receiveIdentityResult(createTurnContext(state, number, heard, world), id, outcome);
  return heardOf === null ? null : makeDecision(state, heard, heardOf, world.now);
}
