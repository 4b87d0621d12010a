import {
  BATCH_SEND_MILLISECONDS,
  BATCHES_AHEAD_MAXIMUM,
  BATCHES_AHEAD_MILLISECONDS,
  BATCHES_AHEAD_MINIMUM,
  BATCHES_PER_CHECK,
} from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { findEarliestTime } from "../core/time-limits.ts";
import { type Batch, type BatchOfKind, calculateBatchSize, packBatches, retryBatch, returnBatch } from "./batch.ts";
import type { BatchStore } from "./batch-store.ts";
import { type Broadcast, parseDeadline } from "./broadcast.ts";
import { recallQueuedNotices, skipWaitingRecipients } from "./cancellation.ts";
import { isEnded } from "./lifecycle.ts";
import { countSkipped, type SkipReason } from "./tally.ts";

/** What the number carries, and how long we wait for word. */
export interface SendWindow {
  /** Segments a second, of broadcasts. */
  readonly pace: number;
  /** After so many milliseconds without word whoever texts a lot has died. */
  readonly batchTimeoutMilliseconds: number;
  /** @returns when a phone may be texted: the moment itself, or when its night is over */
  readonly findTextingTime: (broadcast: Broadcast, phone: PhoneNumber, moment: number) => number;
}

/** A lot, as the queue names it. */
export interface BatchRef {
  readonly broadcast: string;
  /** Of the broadcast's notices: another broadcast may have its id by now, and lots that count from 1 again. */
  readonly notice: string;
  readonly lot: number;
}

/** @returns a lot that is out, and its broadcast; null where it is not out any more */
export function findBatchInFlight(
  store: Pick<BatchStore, "findBroadcast" | "findBatch">,
  { broadcast: id, notice, lot: lotId }: BatchRef,
): { readonly broadcast: Broadcast; readonly lot: BatchOfKind<"out"> } | null {
  const broadcast = store.findBroadcast(id);
  const lot = store.findBatch(id, lotId);
  return broadcast?.notice === notice && lot?.kind === "out" ? { broadcast, lot } : null;
}

/** What whoever texts a lot is to do. */
export interface BatchAssignment {
  readonly broadcast: Broadcast;
  readonly phones: readonly PhoneNumber[];
  /** Milliseconds until the first of them is texted, and from each to the next. */
  readonly wait: number;
  readonly every: number;
}

/** A page of a broadcast's audience. */
export interface AudiencePage {
  /** The cursor that it was read from. */
  readonly from: string;
  readonly phones: readonly PhoneNumber[];
  readonly isLast: boolean;
}

/** The broadcasts of one number and whose turn is next; over any store, no clock and no network. */
export class BatchScheduler {
  readonly #store: BatchStore;
  /** Which broadcast was served last: several take turns. */
  #lastServedId = "";

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** What time alone brings: scheduled broadcasts begin, and lots of which nobody has told wait again. */
  advanceTime(now: number): void {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      const { life } = broadcast;
      if (life.status === "scheduled" && life.at <= now)
        this.#saveChange(broadcast, { life: { status: "running", since: now } }, now);
    }
    for (const lot of this.#store.listDueBatches("out", now, BATCHES_AHEAD_MAXIMUM)) {
      // A message that the queue has not brought is no try; those whose taker has died have waited for word already.
      const next = lot.begun
        ? retryBatch(lot, lot.phones, "Nobody has told what came of it.", 0, now)
        : returnBatch(lot, now);
      this.#releaseBatch(lot, next, now);
    }
  }

  /** @param after the lot, as it waits again; of a cancelled broadcast nobody waits, but some of it may have been texted */
  #releaseBatch(lot: BatchOfKind<"out">, after: Batch, now: number): void {
    const broadcast = this.#store.findBroadcast(lot.broadcast);
    if (broadcast?.life.status !== "cancelled") {
      this.#store.saveBatch(after);
      return;
    }
    this.#store.removeBatch(lot.broadcast, lot.id);
    if (lot.begun) this.#saveChange(recallQueuedNotices(this.#store, broadcast, lot.phones, now), {}, now);
    else this.#saveChange(broadcast, { tally: countSkipped(broadcast.tally, "cancelled", lot.phones.length) }, now);
  }

  /** @returns a running broadcast whose audience is to be read on before anybody else of it can be texted now; null: none */
  findBroadcastToRead(conditions: SendWindow, now: number): Broadcast | null {
    const reading = this.#listRunningBroadcasts(now).filter(({ cursor }) => cursor !== null);
    return reading.find((each) => this.#findReadyBatch(each, conditions, now) === null) ?? null;
  }

  /** Takes a page of the audience; one that was taken before, or of a broadcast that is cancelled by now, changes nothing. */
  addAudiencePage(id: string, { from, phones, isLast }: AudiencePage, conditions: SendWindow, now: number): void {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null || broadcast.cursor !== from || isEnded(broadcast.life)) return;
    const lots = this.#saveWaitingBatches(
      broadcast,
      phones,
      conditions,
      (phone) => conditions.findTextingTime(broadcast, phone, now),
      now,
    );
    this.#saveChange(broadcast, { lots, cursor: isLast ? null : (phones.at(-1) ?? null) }, now);
  }

  /** Packs people into lots that wait. @returns how many lots the broadcast has afterwards */
  #saveWaitingBatches(
    broadcast: Broadcast,
    phones: readonly PhoneNumber[],
    { pace }: SendWindow,
    opensAt: (phone: PhoneNumber) => number,
    now: number,
  ): number {
    const size = calculateBatchSize(pace, broadcast.segments, BATCH_SEND_MILLISECONDS);
    let { lots } = broadcast;
    // Whoever can be texted now is due since ever, so that what is read later joins them.
    for (const [due, some] of Map.groupBy(phones, (phone) => (opensAt(phone) <= now ? 0 : opensAt(phone)))) {
      const room = this.#store.findRoomiestBatch(broadcast.id, due);
      const open = room !== null && room.tries === 0 && room.phones.length < size ? room : null;
      for (const [index, held] of packBatches(open?.phones ?? [], some, size).entries()) {
        if (index > 0 || open === null) lots += 1;
        const id = index === 0 && open !== null ? open.id : lots;
        this.#store.saveBatch({ broadcast: broadcast.id, id, kind: "waiting", due, phones: held, tries: 0 });
      }
    }
    return lots;
  }

  /** Gives the next lot out, if the number has room for one. @returns what is to be put into the queue; null: nothing now */
  dispatchNextBatch(conditions: SendWindow, now: number): BatchRef | null {
    const ahead = this.#measureInFlightLoad(conditions.pace);
    if (!hasRoom(ahead)) return null;
    const running = this.#listRunningBroadcasts(now);
    const inTurn = [
      ...running.filter(({ id }) => id > this.#lastServedId),
      ...running.filter(({ id }) => id <= this.#lastServedId),
    ];
    for (const broadcast of inTurn) {
      const lot = this.#findReadyBatch(broadcast, conditions, now);
      if (lot === null) continue;
      this.#lastServedId = broadcast.id;
      // Whoever takes lots may take one after the other: this one may wait in the queue for those that are out already.
      const begunAt = Math.max(now + ahead.milliseconds, this.#store.loadFreeTime());
      this.#store.saveBatch({ ...lot, kind: "out", due: begunAt + conditions.batchTimeoutMilliseconds });
      this.#saveChange(broadcast, { tally: { ...broadcast.tally, messages: broadcast.tally.messages + 1 } }, now);
      return { broadcast: broadcast.id, notice: broadcast.notice, lot: lot.id };
    }
    return null;
  }

  /** The queue did not take a lot: it waits again, and that was no try. */
  undoDispatch(name: BatchRef, now: number): void {
    const lot = findBatchInFlight(this.#store, name)?.lot;
    if (lot !== undefined) this.#releaseBatch(lot, returnBatch(lot, now), now);
  }

  /** The lots that are out, and the time that they take. */
  #measureInFlightLoad(pace: number): InFlightLoad {
    const out = this.#store.listLiveBroadcasts().map(({ id, segments }) => {
      const { lots, people } = this.#store.loadBatchSizes(id).out;
      return { lots, milliseconds: (people * segments * 1_000) / pace };
    });
    return {
      lots: out.reduce((sum, each) => sum + each.lots, 0),
      milliseconds: out.reduce((sum, each) => sum + each.milliseconds, 0),
    };
  }

  /** A lot that can be given out; one that is not full waits while more of the audience is to be read. */
  #findReadyBatch(
    { id, cursor, segments }: Broadcast,
    { pace }: SendWindow,
    now: number,
  ): BatchOfKind<"waiting"> | null {
    return this.#store.findNextBatch(
      id,
      now,
      cursor === null ? 0 : calculateBatchSize(pace, segments, BATCH_SEND_MILLISECONDS),
    );
  }

  /** Whoever has taken a lot from the queue asks what is to be done. @returns null: nothing, somebody else has done it, or it is not the time */
  assignBatch(name: BatchRef, conditions: SendWindow, now: number): BatchAssignment | null {
    const found = findBatchInFlight(this.#store, name);
    if (found === null) return null;
    const { broadcast, lot } = found;
    if (broadcast.life.status === "paused") this.#store.saveBatch(returnBatch(lot, now));
    // Somebody else may be texting them: they tell whom they have not texted any more, or are not heard of.
    if (broadcast.life.status !== "running" || isPastDeadline(broadcast, now)) return null;
    const start = Math.max(now, this.#store.loadFreeTime());
    const every = (broadcast.segments * 1_000) / conditions.pace;
    const end = start + lot.phones.length * every;
    // Nobody whose night begins meanwhile.
    const nights = new Map(lot.phones.map((phone) => [phone, conditions.findTextingTime(broadcast, phone, end)]));
    const phones = lot.phones.filter((phone) => (nights.get(phone) ?? 0) <= end);
    const late = lot.phones.filter((phone) => (nights.get(phone) ?? 0) > end);
    const lots = this.#saveWaitingBatches(broadcast, late, conditions, (phone) => nights.get(phone) ?? 0, now);
    if (lots > broadcast.lots || late.length > 0) this.#saveChange(broadcast, { lots }, now);
    if (phones.length === 0) {
      this.#store.removeBatch(broadcast.id, lot.id);
      return null;
    }
    const freeAt = start + phones.length * every;
    this.#store.saveFreeTime(freeAt);
    this.#store.saveBatch({ ...lot, phones, due: freeAt + conditions.batchTimeoutMilliseconds, begun: true });
    return { broadcast, phones, wait: start - now, every };
  }

  /** May whoever texts a lot go on? */
  mayContinueBatch(name: BatchRef, now: number): boolean {
    const broadcast = findBatchInFlight(this.#store, name)?.broadcast;
    return broadcast?.life.status === "running" && !isPastDeadline(broadcast, now);
  }

  /** @returns a broadcast that will text nobody else, though some are left: it is cancelled, or its deadline is over */
  findBroadcastToClose(now: number): { readonly broadcast: Broadcast; readonly reason: SkipReason } | null {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      if (broadcast.life.status === "cancelled") return { broadcast, reason: "cancelled" };
      if (broadcast.life.status === "scheduled") continue;
      const isLeft = broadcast.cursor !== null || this.#store.loadBatchSizes(broadcast.id).waiting.lots > 0;
      if (isPastDeadline(broadcast, now) && isLeft) return { broadcast, reason: "expired" };
    }
    return null;
  }

  /** Counts all that are left as skipped. @param unread how many of the audience come after the cursor */
  closeBroadcast(id: string, cursor: string | null, unread: number, reason: SkipReason, now: number): void {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null || broadcast.cursor !== cursor) return;
    this.#saveChange(skipWaitingRecipients(this.#store, broadcast, reason, unread), { cursor: null }, now);
  }

  /** Broadcasts that have nobody left are done, also while they are paused. */
  finishBroadcasts(now: number): void {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      if (broadcast.life.status !== "running" && broadcast.life.status !== "paused") continue;
      const { waiting, out } = this.#store.loadBatchSizes(broadcast.id);
      if (broadcast.cursor === null && waiting.lots === 0 && out.lots === 0)
        this.#saveChange(broadcast, { life: { status: "done", at: now } }, now);
    }
  }

  /** @returns the lots whose texts are to be looked after */
  listBatchesToCheck(now: number): readonly BatchOfKind<"watched">[] {
    return this.#store.listDueBatches("watched", now, BATCHES_PER_CHECK);
  }

  /** @returns the lots for whom nothing is to wait any more */
  listBatchesToRecall(now: number): readonly BatchOfKind<"recalled">[] {
    return this.#store.listDueBatches("recalled", now, BATCHES_PER_CHECK);
  }

  /** @returns when time makes something due next; null: nothing waits for time */
  nextDueAt(now: number): number | null {
    const live = this.#store.listLiveBroadcasts();
    const isBehind = (["watched", "recalled"] as const).some(
      (kind) => this.#store.listDueBatches(kind, now, 1).length > 0,
    );
    return findEarliestTime([
      isBehind ? now : null,
      ...live.flatMap(({ life }) => (life.status === "scheduled" ? [life.at] : [])),
      ...live.flatMap((each) => ((parseDeadline(each) ?? 0) > now ? [parseDeadline(each)] : [])),
      ...(["waiting", "out", "watched", "recalled"] as const).map((kind) => this.#store.findFirstDueTime(kind, now)),
    ]);
  }

  /** Without those whose deadline is over. */
  #listRunningBroadcasts(now: number): readonly Broadcast[] {
    return this.#store
      .listLiveBroadcasts()
      .filter((each) => each.life.status === "running" && !isPastDeadline(each, now));
  }

  #saveChange(broadcast: Broadcast, change: Partial<Broadcast>, now: number): void {
    this.#store.saveBroadcast({ ...broadcast, ...change, updatedAt: now });
  }
}

interface InFlightLoad {
  readonly lots: number;
  readonly milliseconds: number;
}

function hasRoom({ lots, milliseconds }: InFlightLoad): boolean {
  if (lots >= BATCHES_AHEAD_MAXIMUM) return false;
  return lots < BATCHES_AHEAD_MINIMUM || milliseconds < BATCHES_AHEAD_MILLISECONDS;
}

function isPastDeadline(broadcast: Broadcast, now: number): boolean {
  const deadline = parseDeadline(broadcast);
  return deadline !== null && deadline <= now;
}
