import type { Answering } from "../assistants/contract.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import type { World } from "./conversing.ts";
import { due, proceed } from "./machine.ts";
import type { SenderState } from "./state.ts";
import type { TurnStore, Turns } from "./turns.ts";

/** Does all that time, or the end of a request, has made due in a sender's conversations; within a transaction. */
export function proceedAll(store: TurnStore, turns: Turns, worldOf: (state: SenderState) => World): void {
  for (let state = store.state(); state !== null; state = store.state()) {
    const world = worldOf(state);
    const next = due(state, world.now);
    const turn = next === null ? null : store.turn(next.turn);
    if (next === null || turn === null) return;
    turns.extend(proceed(state, next, turn, world), world.now);
  }
}

/** The configuration as a decision sees it. */
export function worldIn(snapshot: Snapshot, origin: string, now: number): World {
  return {
    now,
    origin,
    answering: (conversation, number): Answering | null => {
      const open = conversation === null ? null : snapshot.answering(conversation.application);
      return open ?? snapshot.answering(snapshot.numbers.get(number)?.application ?? "");
    },
  };
}
