import type { Snapshot } from "../../configuration/snapshot.ts";
import type { ConsentEntry } from "../../consent/ledger.ts";
import { rememberingLast } from "../../core/last.ts";
import { HELD_BACK_TELLING_MILLISECONDS } from "../../core/limits/brakes.ts";
import { CONSENTS_PER_TELLING, TELLING_PATIENCE_MILLISECONDS } from "../../core/limits/consent.ts";
import { CHANGES_PER_WRITE } from "../../core/limits/notify.ts";
import { ACCOUNT_WAIT_MILLISECONDS, RETRY_CEILING_MILLISECONDS } from "../../core/limits/sender.ts";
import { log } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { tellConsents } from "../../db/consents.ts";
import { tellChanges } from "../../notify/store.ts";
import { type HeldBack, untoldOf, withTold } from "../../send-limits/held.ts";
import { tellHeldBack } from "../../send-limits/store.ts";
import { backoff } from "../delivery/retry-timing.ts";
import type { SenderState } from "../model/state.ts";
import type { SenderStore } from "../records/store.ts";
import { type Untold, untoldIn, withToldChanges } from "../records/subscription-changes.ts";
import { type Errand, type ErrandHost, Runner } from "./errand.ts";

/** One kind of change that a Sender decides and D1 must learn of. */
export interface SyncedChange<Change> {
  /** The log event of a write that failed. */
  readonly failure: string;
  /** After this time a write counts as lost and is made again; milliseconds. */
  readonly patience: number;
  readonly isPending: (state: SenderState) => boolean;
  /** @returns what to write next, or null if nothing is pending */
  readonly next: (state: SenderState, store: SenderStore) => Change | null;
  /** Writing the same change twice does no harm. */
  readonly write: (database: D1Database, phone: PhoneNumber, change: Change) => Promise<void>;
  /** @returns the state once D1 has the change */
  readonly settle: (state: SenderState, change: Change) => SenderState;
  /** @returns milliseconds until the next try after that many failures in a row */
  readonly retryAfter: (failures: number) => number;
  /** The pause after a write that succeeded; milliseconds. */
  readonly pause: number;
}

/** Writes one kind of change to D1. While D1 does not answer, the changes wait in the Sender's storage. */
export class D1Sync<Change> implements Errand<Change> {
  readonly failure: string;
  readonly patience: number;
  readonly #kind: SyncedChange<Change>;
  readonly #store: SenderStore;
  readonly #database: D1Database;
  readonly #commit: ErrandHost["commit"];
  readonly #isPending: (state: SenderState) => boolean;
  #failures = 0;
  #pausedUntil = 0;

  constructor(kind: SyncedChange<Change>, store: SenderStore, database: D1Database, commit: ErrandHost["commit"]) {
    this.failure = kind.failure;
    this.patience = kind.patience;
    this.#kind = kind;
    this.#store = store;
    this.#database = database;
    this.#commit = commit;
    this.#isPending = rememberingLast(kind.isPending);
  }

  dueAt(state: SenderState): number | null {
    return this.#isPending(state) ? this.#pausedUntil : null;
  }

  isTroubled(state: SenderState): boolean {
    return this.#failures > 0 && this.#isPending(state);
  }

  take(_: Snapshot | null, now: number): Change | null {
    const state = this.#store.state();
    return state === null || now < this.#pausedUntil ? null : this.#kind.next(state, this.#store);
  }

  async do(change: Change): Promise<void> {
    try {
      await this.#kind.write(this.#database, this.#store.state()?.phone ?? "", change);
    } catch (error) {
      // Only the error's name: Drizzle's message contains the values of the query.
      log("warn", this.failure, { error: error instanceof Error ? error.name : "unknown" });
      this.#failures += 1;
      this.#pausedUntil = Date.now() + this.#kind.retryAfter(this.#failures);
      return;
    }
    this.#failures = 0;
    this.#pausedUntil = Date.now() + this.#kind.pause;
    this.#commit(() => {
      const state = this.#store.state();
      const after = state === null ? null : this.#kind.settle(state, change);
      if (after !== null && after !== state) this.#store.saveState(after);
    });
  }
}

/** Entries of the consent ledger. D1 knows each by its number. */
const consentSync: SyncedChange<readonly ConsentEntry[]> = {
  failure: "consent-sync-failed",
  patience: TELLING_PATIENCE_MILLISECONDS,
  isPending: ({ consents }) => consents !== undefined && consents.told + 1 < consents.next,
  next: ({ consents }, store) =>
    consents === undefined ? null : store.entriesFrom(consents.told + 1, CONSENTS_PER_TELLING),
  write: tellConsents,
  settle: (state, entries) =>
    state.consents === undefined ? state : { ...state, consents: { ...state.consents, told: entries.at(-1)?.id ?? 0 } },
  retryAfter: (failures) => backoff(failures, Math.random(), RETRY_CEILING_MILLISECONDS),
  pause: 0,
};

/** Changes of subscriptions. */
const subscriptionSync: SyncedChange<Untold> = {
  failure: "subscription-sync-failed",
  patience: ACCOUNT_WAIT_MILLISECONDS,
  isPending: (state) => untoldIn(state, 1) !== null,
  next: (state) => untoldIn(state, CHANGES_PER_WRITE),
  write: async (database, phone, { number, changes }) => await tellChanges(database, phone, number, changes),
  settle: withToldChanges,
  retryAfter: () => ACCOUNT_WAIT_MILLISECONDS,
  pause: 0,
};

/** What the limits held back, as the day's sums. The pause makes a flood one write in a while. */
const heldBackSync: SyncedChange<readonly HeldBack[]> = {
  failure: "held-back-sync-failed",
  patience: ACCOUNT_WAIT_MILLISECONDS,
  isPending: ({ heldBack }) => untoldOf(heldBack).length > 0,
  next: ({ heldBack }) => {
    const untold = untoldOf(heldBack);
    return untold.length === 0 ? null : untold;
  },
  write: tellHeldBack,
  settle: (state, untold) =>
    state.heldBack === undefined ? state : { ...state, heldBack: withTold(state.heldBack, untold) },
  retryAfter: () => ACCOUNT_WAIT_MILLISECONDS,
  pause: HELD_BACK_TELLING_MILLISECONDS,
};

/** Creates the errands that keep D1 up to date: consent, subscriptions, and what was held back. */
export function createD1Syncs(
  store: SenderStore,
  database: D1Database,
  host: ErrandHost,
): readonly Pick<Runner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[] {
  return [
    new Runner(new D1Sync(consentSync, store, database, host.commit), host),
    new Runner(new D1Sync(subscriptionSync, store, database, host.commit), host),
    new Runner(new D1Sync(heldBackSync, store, database, host.commit), host),
  ];
}
