import { HELD_BACK_TELLING_MILLISECONDS } from "../../core/limits/brakes.ts";
import { ACCOUNT_WAIT_MILLISECONDS } from "../../core/limits/sender.ts";
import { log } from "../../core/log.ts";
import { type HeldBack, untoldOf, withTold } from "../../send-limits/held.ts";
import { tellHeldBack } from "../../send-limits/store.ts";
import type { SenderState } from "../model/state.ts";
import type { SenderStore } from "../records/store.ts";
import type { Errand, Office } from "./errand.ts";

/** Tells D1 what was held back of a sender, as the day's sums: to tell them twice does no harm, and a flood is one write in a while. */
export class Counting implements Errand<readonly HeldBack[]> {
  readonly failure = "counting-failed";
  readonly patience = ACCOUNT_WAIT_MILLISECONDS;
  readonly #store: SenderStore;
  readonly #database: D1Database;
  readonly #commit: Office["commit"];
  #pausedUntil = 0;
  #isFailing = false;

  constructor(store: SenderStore, database: D1Database, commit: Office["commit"]) {
    this.#store = store;
    this.#database = database;
    this.#commit = commit;
  }

  dueAt({ heldBack }: SenderState): number | null {
    return untoldOf(heldBack).length === 0 ? null : this.#pausedUntil;
  }

  isTroubled(state: SenderState): boolean {
    return this.#isFailing && this.dueAt(state) !== null;
  }

  take(_: unknown, now: number): readonly HeldBack[] | null {
    const state = this.#store.state();
    const due = state === null ? null : this.dueAt(state);
    return due === null || due > now ? null : untoldOf(state?.heldBack);
  }

  async do(untold: readonly HeldBack[]): Promise<void> {
    try {
      await tellHeldBack(this.#database, this.#store.state()?.phone ?? "", untold);
    } catch (error) {
      // Drizzle's message holds the values of the query: nothing of it is logged.
      log("warn", "held-back-untold", { error: error instanceof Error ? error.name : "unknown" });
      this.#isFailing = true;
      this.#pausedUntil = Date.now() + ACCOUNT_WAIT_MILLISECONDS;
      return;
    }
    this.#isFailing = false;
    this.#pausedUntil = Date.now() + HELD_BACK_TELLING_MILLISECONDS;
    this.#commit(() => {
      const state = this.#store.state();
      if (state?.heldBack === undefined) return;
      this.#store.saveState({ ...state, heldBack: withTold(state.heldBack, untold) });
    });
  }
}
