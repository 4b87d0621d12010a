import type { ConsentEntry } from "../../consent/ledger.ts";
import { CONSENTS_PER_TELLING, TELLING_PATIENCE_MILLISECONDS } from "../../core/limits/consent.ts";
import { RETRY_CEILING_MILLISECONDS } from "../../core/limits/sender.ts";
import { log } from "../../core/log.ts";
import { tellConsents } from "../../db/consents.ts";
import { backoff } from "../delivery/retry-timing.ts";
import type { SenderState } from "../model/state.ts";
import type { SenderStore } from "../records/store.ts";
import type { Errand, Office } from "./errand.ts";

/** Tells D1 what was said of consent. D1 knows an entry by its number: to tell it twice does no harm, and nothing is claimed. */
export class Telling implements Errand<readonly ConsentEntry[]> {
  readonly failure = "telling-failed";
  readonly patience = TELLING_PATIENCE_MILLISECONDS;
  readonly #store: SenderStore;
  readonly #database: D1Database;
  readonly #commit: Office["commit"];
  #failures = 0;
  #pausedUntil = 0;

  constructor(store: SenderStore, database: D1Database, commit: Office["commit"]) {
    this.#store = store;
    this.#database = database;
    this.#commit = commit;
  }

  dueAt({ consents }: SenderState): number | null {
    return consents === undefined || consents.told + 1 >= consents.next ? null : this.#pausedUntil;
  }

  isTroubled(state: SenderState, now: number): boolean {
    return (this.dueAt(state) ?? 0) > now;
  }

  take(_: unknown, now: number): readonly ConsentEntry[] | null {
    const state = this.#store.state();
    const due = state === null ? null : this.dueAt(state);
    if (due === null || due > now) return null;
    return this.#store.entriesFrom((state?.consents?.told ?? 0) + 1, CONSENTS_PER_TELLING);
  }

  async do(entries: readonly ConsentEntry[]): Promise<void> {
    const told = entries.at(-1)?.id ?? 0;
    try {
      await tellConsents(this.#database, this.#store.state()?.phone ?? "", entries);
    } catch (error) {
      // Drizzle's message holds the values of the query: nothing of it is logged.
      log("warn", "consent-untold", { error: error instanceof Error ? error.name : "unknown" });
      this.#failures += 1;
      this.#pausedUntil = Date.now() + backoff(this.#failures, Math.random(), RETRY_CEILING_MILLISECONDS);
      return;
    }
    this.#failures = 0;
    this.#commit(() => {
      const state = this.#store.state();
      if (state?.consents !== undefined) this.#store.saveState({ ...state, consents: { ...state.consents, told } });
    });
  }
}
