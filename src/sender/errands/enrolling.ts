import type { Snapshot } from "../../configuration/snapshot.ts";
import { rememberingLast } from "../../core/last.ts";
import { CHANGES_PER_WRITE } from "../../core/limits/notify.ts";
import { ACCOUNT_WAIT_MILLISECONDS } from "../../core/limits/sender.ts";
import { log } from "../../core/log.ts";
import { tellChanges } from "../../notify/store.ts";
import type { SenderState } from "../model/state.ts";
import type { SenderStore } from "../records/store.ts";
import { settleTold, type Untold, untoldIn } from "../records/subscription-changes.ts";
import type { Errand, Office } from "./errand.ts";

/** Tells D1 of the changes in a sender's subscriptions. Telling twice does no harm; while D1 does not answer they wait in the state. */
export class Enrolling implements Errand<Untold> {
  readonly failure = "enrolling-failed";
  /** A D1 write takes seconds at the most. */
  readonly patience = ACCOUNT_WAIT_MILLISECONDS;
  readonly #database: D1Database;
  readonly #store: SenderStore;
  readonly #commit: Office["commit"];
  readonly #isTold = rememberingLast((state: SenderState) => untoldIn(state, 1) === null);
  #pausedUntil = 0;

  constructor(database: D1Database, store: SenderStore, commit: Office["commit"]) {
    this.#database = database;
    this.#store = store;
    this.#commit = commit;
  }

  dueAt(state: SenderState): number | null {
    return this.#isTold(state) ? null : this.#pausedUntil;
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#pausedUntil > now && !this.#isTold(state);
  }

  take(_: Snapshot | null, now: number): Untold | null {
    const state = this.#store.state();
    return state === null || now < this.#pausedUntil ? null : untoldIn(state, CHANGES_PER_WRITE);
  }

  async do(untold: Untold): Promise<void> {
    try {
      await tellChanges(this.#database, untold.phone, untold.number, untold.changes);
    } catch (error) {
      log("warn", "enrolling-failed", { error: error instanceof Error ? error.name : "unknown" });
      this.#pausedUntil = Date.now() + ACCOUNT_WAIT_MILLISECONDS;
      return;
    }
    this.#commit(() => settleTold(this.#store, untold));
  }
}
