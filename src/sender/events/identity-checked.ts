import type { LinkOutcome } from "../../identity/machine.ts";
import type { Asked, World } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { hearFound, withFound } from "../rules/identity-check.ts";
import { type Decision, decided, sceneOf } from "./decision.ts";

/**
 * It has been found out whose phone it is, or whether a PIN or a code is right.
 * @param turn the turn that it belongs to, as stored
 * @returns null where nobody waits for it any more
 */
export function identified(
  state: SenderState,
  { number, id }: Asked,
  outcome: LinkOutcome,
  turn: Turn,
  world: World,
): Decision | null {
  const heard = withFound(turn, outcome, world.now);
  const heardOf = hearFound(sceneOf(state, number, heard, world), id, outcome);
  return heardOf === null ? null : decided(state, heard, heardOf, world.now);
}
