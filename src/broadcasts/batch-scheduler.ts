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

/** The conditions under which a number sends broadcasts. */
export interface SendWindow {
  /** The segments a second that broadcasts may use. */
  readonly bulkRate: number;
  /** A batch in flight without a report for this long is given out again: its consumer has probably crashed. */
  readonly batchTimeoutMilliseconds: number;
  /** @returns the first time from `time` on at which a phone may be texted: after its quiet hours and daily caps */
  readonly findTextingTime: (broadcast: Broadcast, phone: PhoneNumber, time: number) => number;
}

/** A reference to a batch, as a message of the Cloudflare queue has it. */
export interface BatchRef {
  readonly broadcast: string;
  /**
   * The id of the broadcast's notices. It tells a deleted broadcast from a new one with the same id and batch numbers.
   */
  readonly notice: string;
  /** The id of the batch. */
  readonly lot: number;
}

/** @returns a batch in flight and its broadcast; null if it is not in flight any more */
export function findBatchInFlight(
  store: Pick<BatchStore, "findBroadcast" | "findBatch">,
  { broadcast: id, notice, lot: batchId }: BatchRef,
): { readonly broadcast: Broadcast; readonly batch: BatchOfKind<"out"> } | null {
  const broadcast = store.findBroadcast(id);
  const batch = store.findBatch(id, batchId);
  return broadcast?.notice === notice && batch?.kind === "out" ? { broadcast, batch } : null;
}

/** The instructions to the consumer of a batch. */
export interface BatchAssignment {
  readonly broadcast: Broadcast;
  readonly phones: readonly PhoneNumber[];
  /** Milliseconds until the first phone is texted. */
  readonly wait: number;
  /** Milliseconds from each phone to the next. */
  readonly every: number;
}

/** A page of a broadcast's audience. */
export interface AudiencePage {
  /** The cursor from which it was read. */
  readonly from: string;
  readonly phones: readonly PhoneNumber[];
  readonly isLast: boolean;
}

/**
 * Schedules the batches of all broadcasts of one number, in turns. It works over any store, without a clock or network.
 */
export class BatchScheduler {
  readonly #store: BatchStore;
  /** The broadcast that got the last turn. */
  #lastServedId = "";

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** Starts scheduled broadcasts that are due, and takes back batches in flight whose timeout has passed. */
  advanceTime(now: number): void {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      const { life } = broadcast;
      if (life.status === "scheduled" && life.at <= now)
        this.#saveChange(broadcast, { life: { status: "running", since: now } }, now);
    }
    for (const batch of this.#store.listDueBatches("out", now, BATCHES_AHEAD_MAXIMUM)) {
      // If the queue has not delivered the message, that is no failed try. Otherwise the timeout was the delay of the
      // retry.
      const next = batch.begun
        ? retryBatch(batch, batch.phones, "No result was reported before the timeout.", 0, now)
        : returnBatch(batch, now);
      this.#releaseBatch(batch, next, now);
    }
  }

  /**
   * Stores a batch that is no longer in flight. If its broadcast is cancelled, its recipients are skipped instead, or
   * recalled if some may have been texted.
   * @param next the batch as it waits again
   */
  #releaseBatch(batch: BatchOfKind<"out">, next: Batch, now: number): void {
    const broadcast = this.#store.findBroadcast(batch.broadcast);
    if (broadcast?.life.status !== "cancelled") {
      this.#store.saveBatch(next);
      return;
    }
    this.#store.removeBatch(batch.broadcast, batch.id);
    if (batch.begun) this.#saveChange(recallQueuedNotices(this.#store, broadcast, batch.phones, now), {}, now);
    else this.#saveChange(broadcast, { tally: countSkipped(broadcast.tally, "cancelled", batch.phones.length) }, now);
  }

  /** @returns a running broadcast that has no batch ready until more of its audience is read, or null */
  findBroadcastToRead(sendWindow: SendWindow, now: number): Broadcast | null {
    const unread = this.#listRunningBroadcasts(now).filter(({ cursor }) => cursor !== null);
    return unread.find((each) => this.#findReadyBatch(each, sendWindow, now) === null) ?? null;
  }

  /**
   * Packs a page of the audience into batches. A page that was added before, or of an ended broadcast, changes nothing.
   */
  addAudiencePage(id: string, { from, phones, isLast }: AudiencePage, sendWindow: SendWindow, now: number): void {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null || broadcast.cursor !== from || isEnded(broadcast.life)) return;
    const lots = this.#saveWaitingBatches(
      broadcast,
      phones,
      sendWindow,
      (phone) => sendWindow.findTextingTime(broadcast, phone, now),
      now,
    );
    this.#saveChange(broadcast, { lots, cursor: isLast ? null : (phones.at(-1) ?? null) }, now);
  }

  /** Packs recipients into waiting batches. @returns the number of batches that the broadcast has made so far */
  #saveWaitingBatches(
    broadcast: Broadcast,
    phones: readonly PhoneNumber[],
    { bulkRate }: SendWindow,
    findTextingTime: (phone: PhoneNumber) => number,
    now: number,
  ): number {
    const size = calculateBatchSize(bulkRate, broadcast.segments, BATCH_SEND_MILLISECONDS);
    let batchCount = broadcast.lots;
    // Recipients who can be texted now share the due time 0, so that later pages can fill up their batches.
    const toDueTime = (phone: PhoneNumber) => (findTextingTime(phone) <= now ? 0 : findTextingTime(phone));
    for (const [due, group] of Map.groupBy(phones, toDueTime)) {
      const roomiest = this.#store.findRoomiestBatch(broadcast.id, due);
      const open = roomiest !== null && roomiest.tries === 0 && roomiest.phones.length < size ? roomiest : null;
      for (const [index, batchPhones] of packBatches(open?.phones ?? [], group, size).entries()) {
        if (index > 0 || open === null) batchCount += 1;
        const id = index === 0 && open !== null ? open.id : batchCount;
        this.#store.saveBatch({ broadcast: broadcast.id, id, kind: "waiting", due, phones: batchPhones, tries: 0 });
      }
    }
    return batchCount;
  }

  /**
   * Gives out the next batch if the number has room for one.
   * @returns the message for the queue; null: nothing to send now
   */
  dispatchNextBatch(sendWindow: SendWindow, now: number): BatchRef | null {
    const load = this.#measureInFlightLoad(sendWindow.bulkRate);
    if (!hasRoom(load)) return null;
    const running = this.#listRunningBroadcasts(now);
    const inTurn = [
      ...running.filter(({ id }) => id > this.#lastServedId),
      ...running.filter(({ id }) => id <= this.#lastServedId),
    ];
    for (const broadcast of inTurn) {
      const batch = this.#findReadyBatch(broadcast, sendWindow, now);
      if (batch === null) continue;
      this.#lastServedId = broadcast.id;
      // A consumer may take one batch after the other, so this one may wait until all batches in flight are texted.
      const startsAt = Math.max(now + load.milliseconds, this.#store.loadFreeTime());
      this.#store.saveBatch({ ...batch, kind: "out", due: startsAt + sendWindow.batchTimeoutMilliseconds });
      this.#saveChange(broadcast, { tally: { ...broadcast.tally, messages: broadcast.tally.messages + 1 } }, now);
      return { broadcast: broadcast.id, notice: broadcast.notice, lot: batch.id };
    }
    return null;
  }

  /** Takes back a batch that the queue did not accept; this does not count as a try. */
  undoDispatch(ref: BatchRef, now: number): void {
    const batch = findBatchInFlight(this.#store, ref)?.batch;
    if (batch !== undefined) this.#releaseBatch(batch, returnBatch(batch, now), now);
  }

  #measureInFlightLoad(bulkRate: number): InFlightLoad {
    const loads = this.#store.listLiveBroadcasts().map(({ id, segments }) => {
      const { batches, recipients } = this.#store.loadBatchSizes(id).out;
      return { batches, milliseconds: (recipients * segments * 1_000) / bulkRate };
    });
    return {
      batches: loads.reduce((sum, each) => sum + each.batches, 0),
      milliseconds: loads.reduce((sum, each) => sum + each.milliseconds, 0),
    };
  }

  /** Finds a batch to give out. A batch that is not full is not ready while more of the audience can be read. */
  #findReadyBatch(
    { id, cursor, segments }: Broadcast,
    { bulkRate }: SendWindow,
    now: number,
  ): BatchOfKind<"waiting"> | null {
    return this.#store.findNextBatch(
      id,
      now,
      cursor === null ? 0 : calculateBatchSize(bulkRate, segments, BATCH_SEND_MILLISECONDS),
    );
  }

  /**
   * Assigns a batch to the consumer that got its message. Reserves time of the number for it, and moves recipients
   * whose quiet hours begin meanwhile to other batches.
   * @returns null if there is nothing to do: the batch is done, or its broadcast does not run now
   */
  assignBatch(ref: BatchRef, sendWindow: SendWindow, now: number): BatchAssignment | null {
    const found = findBatchInFlight(this.#store, ref);
    if (found === null) return null;
    const { broadcast, batch } = found;
    if (broadcast.life.status === "paused") this.#store.saveBatch(returnBatch(batch, now));
    // Another consumer may be texting the batch; its report, or the timeout, settles who was not texted.
    if (broadcast.life.status !== "running" || isPastDeadline(broadcast, now)) return null;
    const start = Math.max(now, this.#store.loadFreeTime());
    const every = (broadcast.segments * 1_000) / sendWindow.bulkRate;
    const end = start + batch.phones.length * every;
    const textingTimes = new Map(
      batch.phones.map((phone) => [phone, sendWindow.findTextingTime(broadcast, phone, end)]),
    );
    const findTime = (phone: PhoneNumber) => textingTimes.get(phone) ?? 0;
    const phones = batch.phones.filter((phone) => findTime(phone) <= end);
    const latePhones = batch.phones.filter((phone) => findTime(phone) > end);
    const lots = this.#saveWaitingBatches(broadcast, latePhones, sendWindow, findTime, now);
    if (lots > broadcast.lots || latePhones.length > 0) this.#saveChange(broadcast, { lots }, now);
    if (phones.length === 0) {
      this.#store.removeBatch(broadcast.id, batch.id);
      return null;
    }
    const freeAt = start + phones.length * every;
    this.#store.saveFreeTime(freeAt);
    this.#store.saveBatch({ ...batch, phones, due: freeAt + sendWindow.batchTimeoutMilliseconds, begun: true });
    return { broadcast, phones, wait: start - now, every };
  }

  /** @returns whether the consumer of a batch may go on texting */
  mayContinueBatch(ref: BatchRef, now: number): boolean {
    const broadcast = findBatchInFlight(this.#store, ref)?.broadcast;
    return broadcast?.life.status === "running" && !isPastDeadline(broadcast, now);
  }

  /**
   * @returns a broadcast with recipients that will not be texted any more: it is cancelled, or its deadline has passed
   */
  findBroadcastToClose(now: number): { readonly broadcast: Broadcast; readonly reason: SkipReason } | null {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      if (broadcast.life.status === "cancelled") return { broadcast, reason: "cancelled" };
      if (broadcast.life.status === "scheduled") continue;
      const hasMore = broadcast.cursor !== null || this.#store.loadBatchSizes(broadcast.id).waiting.batches > 0;
      if (isPastDeadline(broadcast, now) && hasMore) return { broadcast, reason: "expired" };
    }
    return null;
  }

  /** Counts all remaining recipients as skipped. @param unread the size of the audience after the cursor */
  closeBroadcast(id: string, cursor: string | null, unread: number, reason: SkipReason, now: number): void {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null || broadcast.cursor !== cursor) return;
    this.#saveChange(skipWaitingRecipients(this.#store, broadcast, reason, unread), { cursor: null }, now);
  }

  /** Marks running and paused broadcasts as done if no recipients remain. */
  finishBroadcasts(now: number): void {
    for (const broadcast of this.#store.listLiveBroadcasts()) {
      if (broadcast.life.status !== "running" && broadcast.life.status !== "paused") continue;
      const { waiting, out } = this.#store.loadBatchSizes(broadcast.id);
      if (broadcast.cursor === null && waiting.batches === 0 && out.batches === 0)
        this.#saveChange(broadcast, { life: { status: "done", at: now } }, now);
    }
  }

  /** @returns batches whose deliveries are to be checked now */
  listBatchesToCheck(now: number): readonly BatchOfKind<"watched">[] {
    return this.#store.listDueBatches("watched", now, BATCHES_PER_CHECK);
  }

  /** @returns batches whose queued notices are to be withdrawn now */
  listBatchesToRecall(now: number): readonly BatchOfKind<"recalled">[] {
    return this.#store.listDueBatches("recalled", now, BATCHES_PER_CHECK);
  }

  /** @returns when something is due next; null if nothing waits for a time */
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

  /** @returns the running broadcasts whose deadline has not passed */
  #listRunningBroadcasts(now: number): readonly Broadcast[] {
    return this.#store
      .listLiveBroadcasts()
      .filter((each) => each.life.status === "running" && !isPastDeadline(each, now));
  }

  #saveChange(broadcast: Broadcast, change: Partial<Broadcast>, now: number): void {
    this.#store.saveBroadcast({ ...broadcast, ...change, updatedAt: now });
  }
}

/** The batches in flight and the time that texting them takes. */
interface InFlightLoad {
  readonly batches: number;
  readonly milliseconds: number;
}

function hasRoom({ batches, milliseconds }: InFlightLoad): boolean {
  if (batches >= BATCHES_AHEAD_MAXIMUM) return false;
  return batches < BATCHES_AHEAD_MINIMUM || milliseconds < BATCHES_AHEAD_MILLISECONDS;
}

function isPastDeadline(broadcast: Broadcast, now: number): boolean {
  const deadline = parseDeadline(broadcast);
  return deadline !== null && deadline <= now;
}
