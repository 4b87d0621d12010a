import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import type { ConsentEntry } from "../../consent/ledger.ts";
import { CONSENTS_PER_SYNC, D1_SYNC_TIMEOUT_MILLISECONDS } from "../../core/limits/consent.ts";
import { SUBSCRIPTION_CHANGES_PER_SYNC } from "../../core/limits/notify.ts";
import { HELD_BACK_SYNC_MILLISECONDS } from "../../core/limits/send-limits.ts";
import { ACCOUNT_RETRY_MILLISECONDS, RETRY_CEILING_MILLISECONDS } from "../../core/limits/sender.ts";
import { logEvent } from "../../core/log.ts";
import { memoizeLast } from "../../core/memoize-last.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { syncConsents } from "../../db/consents.ts";
import { syncSubscriptionChanges } from "../../notify/store.ts";
import { type HeldBackCount, listUnsyncedCounts, markCountsSynced } from "../../send-limits/held-back.ts";
import { syncHeldBackCounts } from "../../send-limits/store.ts";
import { calculateBackoff } from "../delivery/retry-timing.ts";
import type { SenderState } from "../model/state.ts";
import type { SenderStore } from "../records/store.ts";
import { findPendingSync, type PendingSubscriptionSync, settleSyncedChanges } from "../records/subscription-changes.ts";
import { type Errand, type ErrandHost, ErrandRunner } from "./errand.ts";

/** A kind of change that a Sender decides and D1 must get. */
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
  readonly failureEvent: string;
  readonly timeoutMilliseconds: number;
  readonly #kind: SyncedChange<Change>;
  readonly #store: SenderStore;
  readonly #database: D1Database;
  readonly #commit: ErrandHost["commit"];
  readonly #isPending: (state: SenderState) => boolean;
  #failures = 0;
  #pausedUntil = 0;

  constructor(kind: SyncedChange<Change>, store: SenderStore, database: D1Database, commit: ErrandHost["commit"]) {
    this.failureEvent = kind.failure;
    this.timeoutMilliseconds = kind.patience;
    this.#kind = kind;
    this.#store = store;
    this.#database = database;
    this.#commit = commit;
    this.#isPending = memoizeLast(kind.isPending);
  }

  dueAt(state: SenderState): number | null {
    return this.#isPending(state) ? this.#pausedUntil : null;
  }

  isTroubled(state: SenderState): boolean {
    return this.#failures > 0 && this.#isPending(state);
  }

  takeTask(_: ConfigurationSnapshot | null, now: number): Change | null {
    const state = this.#store.state();
    return state === null || now < this.#pausedUntil ? null : this.#kind.next(state, this.#store);
  }

  async performTask(change: Change): Promise<void> {
    try {
      await this.#kind.write(this.#database, this.#store.state()?.phone ?? "", change);
    } catch (error) {
      // Only the error's name: Drizzle's message contains the values of the query.
      logEvent("warn", this.failureEvent, { error: error instanceof Error ? error.name : "unknown" });
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
const CONSENT_SYNC: SyncedChange<readonly ConsentEntry[]> = {
  failure: "consent-sync-failed",
  patience: D1_SYNC_TIMEOUT_MILLISECONDS,
  isPending: ({ consents }) => consents !== undefined && consents.told + 1 < consents.next,
  next: ({ consents }, store) =>
    consents === undefined ? null : store.listLedgerEntries(consents.told + 1, CONSENTS_PER_SYNC),
  write: syncConsents,
  settle: (state, entries) =>
    state.consents === undefined ? state : { ...state, consents: { ...state.consents, told: entries.at(-1)?.id ?? 0 } },
  retryAfter: (failures) => calculateBackoff(failures, Math.random(), RETRY_CEILING_MILLISECONDS),
  pause: 0,
};

/** Changes of subscriptions. */
const SUBSCRIPTION_SYNC: SyncedChange<PendingSubscriptionSync> = {
  failure: "subscription-sync-failed",
  patience: ACCOUNT_RETRY_MILLISECONDS,
  isPending: (state) => findPendingSync(state, 1) !== null,
  next: (state) => findPendingSync(state, SUBSCRIPTION_CHANGES_PER_SYNC),
  write: async (database, phone, { number, changes }) =>
    await syncSubscriptionChanges(database, phone, number, changes),
  settle: settleSyncedChanges,
  retryAfter: () => ACCOUNT_RETRY_MILLISECONDS,
  pause: 0,
};

/** Daily counts of held-back answers. The pause lets a flood cause one write per interval. */
const HELD_BACK_SYNC: SyncedChange<readonly HeldBackCount[]> = {
  failure: "held-back-sync-failed",
  patience: ACCOUNT_RETRY_MILLISECONDS,
  isPending: ({ heldBack }) => listUnsyncedCounts(heldBack).length > 0,
  next: ({ heldBack }) => {
    const unsynced = listUnsyncedCounts(heldBack);
    return unsynced.length === 0 ? null : unsynced;
  },
  write: syncHeldBackCounts,
  settle: (state, counts) =>
    state.heldBack === undefined ? state : { ...state, heldBack: markCountsSynced(state.heldBack, counts) },
  retryAfter: () => ACCOUNT_RETRY_MILLISECONDS,
  pause: HELD_BACK_SYNC_MILLISECONDS,
};

/** Creates the errands that keep D1 up to date: consent, subscriptions, and counts of held-back answers. */
export function createD1Syncs(
  store: SenderStore,
  database: D1Database,
  host: ErrandHost,
): readonly Pick<ErrandRunner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[] {
  return [
    new ErrandRunner(new D1Sync(CONSENT_SYNC, store, database, host.commit), host),
    new ErrandRunner(new D1Sync(SUBSCRIPTION_SYNC, store, database, host.commit), host),
    new ErrandRunner(new D1Sync(HELD_BACK_SYNC, store, database, host.commit), host),
  ];
}
