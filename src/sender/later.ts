import type { RequestOutcome } from "../assistants/contract.ts";
import { type Asked, answered, type Decision, filed } from "./machine.ts";
import { type Known, proceedAll, worldIn } from "./progress.ts";
import type { TurnStore, Turns } from "./turns.ts";

/** What happens to a turn later, over any store; each within a transaction. No clock and no network. */
export class Later {
  readonly #store: TurnStore;
  readonly #turns: Turns;

  constructor(store: TurnStore, turns: Turns) {
    this.#store = store;
    this.#turns = turns;
  }

  /** A request has ended, or somebody has brought answers. @returns null where nobody waited for it */
  heard(known: Known, asked: Asked, outcome: RequestOutcome, now: number): Decision | null {
    const state = this.#store.state();
    const turn = this.#store.turn(asked.turn);
    if (state === null || turn === null) return null;
    const decision = answered(state, asked, outcome, turn, worldIn(known, state.phone, state.origin, now));
    if (decision !== null) this.#turns.extend(decision, now);
    this.proceed(known, now);
    return decision;
  }

  /** Something has become of a copy. @returns whether a conversation has waited for this, and goes on */
  filed(known: Known, turnId: number, now: number): boolean {
    const state = this.#store.state();
    const turn = this.#store.turn(turnId);
    if (state === null || turn === null) return false;
    const decision = filed(state, turn, worldIn(known, state.phone, state.origin, now));
    if (decision === null) return false;
    this.#turns.extend(decision, now);
    this.proceed(known, now);
    return true;
  }

  /** Does all that time has made due. */
  proceed(known: Known, now: number): void {
    proceedAll(this.#store, this.#turns, ({ phone, origin }) => worldIn(known, phone, origin, now));
  }
}
