import { NOTICE_SECONDS_MAXIMUM } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { NoticeReport } from "../notify/notice.ts";
import { type Batch, type BatchOfKind, nextCheckAt, retryBatch, returnBatch } from "./batch.ts";
import { type BatchRef, findBatchInFlight, type SendWindow } from "./batch-scheduler.ts";
import { type BatchStore } from "./batch-store.ts";
import type { Broadcast } from "./broadcast.ts";
import { recallQueuedNotices } from "./cancellation.ts";
import { type BroadcastTally, combineDeliveries, countSkipped, type SkipReason } from "./tally.ts";

/** The outcome of notifying one recipient. */
export type RecipientOutcome =
  | { readonly kind: "sent"; readonly segments: number }
  | { readonly kind: "queued" }
  | { readonly kind: "refused"; readonly reason: SkipReason }
  /** A daily cap is reached; it resets at `until`. */
  | { readonly kind: "capped"; readonly until: number }
  /** The Sender did not respond. */
  | { readonly kind: "failed"; readonly reason: string };

/** The outcomes of a batch. Recipients without one were not notified, because the broadcast was paused or cancelled. */
export type RecipientOutcomes = readonly (readonly [PhoneNumber, RecipientOutcome])[];

/** Records the outcomes of a number's broadcasts. It works over any store, without a clock or network. */
export class OutcomeBook {
  readonly #store: BatchStore;
  readonly #minute: number;

  /**
   * @param minute the delay before the first delivery check, and the length of a minute of retry delays; milliseconds
   */
  constructor(store: BatchStore, minute: number) {
    this.#store = store;
    this.#minute = minute;
  }

  /** Records the outcomes of a batch in flight. A repeated report changes nothing. */
  recordOutcomes(
    ref: BatchRef,
    outcomes: RecipientOutcomes,
    { bulkRate }: Pick<SendWindow, "bulkRate">,
    now: number,
  ): void {
    const found = findBatchInFlight(this.#store, ref);
    if (found === null) return;
    const { broadcast, batch } = found;
    // Recipients who are not in the batch any more were moved to another one, when it was assigned again.
    const outcomeByPhone = new Map(outcomes.filter(([phone]) => batch.phones.includes(phone)));
    const selectPhones = (kind: RecipientOutcome["kind"]) =>
      batch.phones.filter((phone) => outcomeByPhone.get(phone)?.kind === kind);
    const unasked = batch.phones.filter((phone) => !outcomeByPhone.has(phone));
    const isCancelled = broadcast.life.status === "cancelled";
    this.#watchBatch(batch, selectPhones("sent"), isCancelled ? [] : selectPhones("queued"), 0, now);
    this.#reserveExcessTime(broadcast, [...outcomeByPhone.values()], bulkRate);
    if (unasked.length > 0) this.#releaseUnusedTime(broadcast, bulkRate, now);
    const counted = countOutcomes(broadcast, [...outcomeByPhone.values()]);
    const next = isCancelled
      ? this.#skipAndRecall(
          counted,
          unasked.length + selectPhones("capped").length,
          [...selectPhones("queued"), ...selectPhones("failed")],
          now,
        )
      : this.#rebatchUnsent(counted, batch, unasked, outcomeByPhone, now);
    this.#store.saveBroadcast({ ...next, updatedAt: now });
  }

  /**
   * Records the recipients of a cancelled broadcast who were not texted.
   * @param skippedCount the number of recipients without a notice
   * @param maybeQueued recipients whose notice may be queued at their Sender
   */
  #skipAndRecall(
    broadcast: Broadcast,
    skippedCount: number,
    maybeQueued: readonly PhoneNumber[],
    now: number,
  ): Broadcast {
    const tally = countSkipped(broadcast.tally, "cancelled", skippedCount);
    return recallQueuedNotices(this.#store, { ...broadcast, tally }, maybeQueued, now);
  }

  /** Puts the recipients who were not texted into new batches. @returns the broadcast, to be saved by the caller */
  #rebatchUnsent(
    broadcast: Broadcast,
    batch: BatchOfKind<"out">,
    unasked: readonly PhoneNumber[],
    outcomeByPhone: ReadonlyMap<PhoneNumber, RecipientOutcome>,
    now: number,
  ): Broadcast {
    let { lots } = broadcast;
    const saveNewBatch = (newBatch: Batch) => {
      lots += 1;
      this.#store.saveBatch({ ...newBatch, id: lots });
    };
    if (unasked.length > 0) saveNewBatch({ ...returnBatch(batch, now), phones: unasked });
    for (const [until, phones] of groupCappedPhones(outcomeByPhone))
      saveNewBatch({ ...returnBatch(batch, until), phones });
    const failures = [...outcomeByPhone].flatMap(([phone, each]) =>
      each.kind === "failed" ? [{ phone, ...each }] : [],
    );
    const [first] = failures;
    const failed = failures.map(({ phone }) => phone);
    if (first !== undefined) saveNewBatch(retryBatch(batch, failed, first.reason, this.#minute, now));
    return { ...broadcast, lots };
  }

  #watchBatch(
    { broadcast, id }: { readonly broadcast: string; readonly id: number },
    sent: readonly PhoneNumber[],
    queued: readonly PhoneNumber[],
    checks: number,
    now: number,
  ): void {
    const due = nextCheckAt(checks, this.#minute, now);
    if (due === null || sent.length + queued.length === 0) this.#store.removeBatch(broadcast, id);
    else this.#store.saveBatch({ broadcast, id, kind: "watched", due, sent, queued, looks: checks });
  }

  /** Reserves more time of the number if texts had more segments than expected. */
  #reserveExcessTime({ segments }: Broadcast, outcomes: readonly RecipientOutcome[], bulkRate: number): void {
    const excess = outcomes.reduce((sum, each) => sum + (each.kind === "sent" ? each.segments - segments : 0), 0);
    if (excess > 0) this.#store.saveFreeTime(this.#store.loadFreeTime() + (excess * 1_000) / bulkRate);
  }

  /** Releases the reserved time of an interrupted batch, unless another batch is in flight. */
  #releaseUnusedTime({ segments }: Broadcast, bulkRate: number, now: number): void {
    if (this.#store.findFirstDueTime("out", 0) === null)
      this.#store.saveFreeTime(Math.min(this.#store.loadFreeTime(), now + (segments * 1_000) / bulkRate));
  }

  /**
   * Records the current reports on a batch.
   * @param reports null if the Sender has no record of the notice or did not respond
   */
  recordDeliveryReports(
    batch: BatchOfKind<"watched">,
    reports: ReadonlyMap<PhoneNumber, NoticeReport | null>,
    now: number,
  ): void {
    const broadcast = this.#store.findBroadcast(batch.broadcast);
    const current = this.#store.findBatch(batch.broadcast, batch.id);
    if (broadcast === null || current?.kind !== "watched" || current.looks !== batch.looks) return;
    let { tally } = broadcast;
    const sent: PhoneNumber[] = [];
    const queued: PhoneNumber[] = [];
    const queuedBefore = new Set(current.queued);
    for (const phone of [...current.sent, ...current.queued]) {
      const report = reports.get(phone) ?? null;
      const wasQueued = queuedBefore.has(phone);
      // A Sender may withhold a turn before it is sent, for quiet hours or a daily cap; then it does not count as sent.
      if (!wasQueued && report !== null && report.outcome !== "sent")
        tally = subtractSentText(tally, broadcast.segments);
      if (report?.outcome === "refused") tally = countSkipped(tally, report.reason, 1);
      else if (report?.outcome === "queued" || (report === null && wasQueued)) queued.push(phone);
      else {
        const delivery = report === null ? "open" : combineDeliveries(report);
        if (delivery === "open") sent.push(phone);
        else tally = { ...tally, [delivery]: tally[delivery] + 1 };
      }
      if (wasQueued && report?.outcome === "sent") tally = addSentText(tally, report.segments);
    }
    const isCancelled = broadcast.life.status === "cancelled";
    this.#watchBatch(batch, sent, isCancelled ? [] : queued, batch.looks + 1, now);
    const after = isCancelled ? recallQueuedNotices(this.#store, broadcast, queued, now) : broadcast;
    if (tally !== broadcast.tally || after !== broadcast)
      this.#store.saveBroadcast({ ...after, tally, updatedAt: now });
  }

  /**
   * Records the reports after a recall.
   * @param reports null if the Sender has no record of the notice; no entry if it did not respond
   */
  recordRecallReports(
    batch: BatchOfKind<"recalled">,
    reports: ReadonlyMap<PhoneNumber, NoticeReport | null>,
    now: number,
  ): void {
    const broadcast = this.#store.findBroadcast(batch.broadcast);
    const current = this.#store.findBatch(batch.broadcast, batch.id);
    if (broadcast === null || current?.kind !== "recalled") return;
    let { tally } = broadcast;
    const sent: PhoneNumber[] = [];
    const pending: PhoneNumber[] = [];
    for (const phone of current.phones) {
      const report = reports.get(phone);
      if ((report === undefined || report?.outcome === "queued") && mayNoticeWait(broadcast, now)) pending.push(phone);
      else if (report?.outcome !== "sent")
        tally = countSkipped(tally, report?.outcome === "refused" ? report.reason : "cancelled", 1);
      else {
        tally = addSentText(tally, report.segments);
        sent.push(phone);
      }
    }
    const lots = broadcast.lots + (sent.length > 0 ? 1 : 0);
    if (sent.length > 0) this.#watchBatch({ broadcast: broadcast.id, id: lots }, sent, [], 0, now);
    if (pending.length > 0) this.#store.saveBatch({ ...current, phones: pending, due: now + this.#minute });
    else this.#store.removeBatch(batch.broadcast, batch.id);
    this.#store.saveBroadcast({ ...broadcast, tally, lots, updatedAt: now });
  }
}

/** @returns whether a notice may still be queued at a Sender: none waits longer than the maximum expiry */
function mayNoticeWait({ life }: Broadcast, now: number): boolean {
  return life.status === "cancelled" && now < life.at + NOTICE_SECONDS_MAXIMUM * 1_000;
}

function groupCappedPhones(
  outcomeByPhone: ReadonlyMap<PhoneNumber, RecipientOutcome>,
): ReadonlyMap<number, readonly PhoneNumber[]> {
  const capped = [...outcomeByPhone].flatMap(([phone, each]) =>
    each.kind === "capped" ? [{ phone, until: each.until }] : [],
  );
  const groups = Map.groupBy(capped, ({ until }) => until);
  return new Map([...groups].map(([until, group]) => [until, group.map(({ phone }) => phone)]));
}

/** @returns the broadcast with the outcomes counted and the mean segments of a text updated */
function countOutcomes(broadcast: Broadcast, outcomes: readonly RecipientOutcome[]): Broadcast {
  let { tally } = broadcast;
  for (const outcome of outcomes) {
    if (outcome.kind === "sent") tally = addSentText(tally, outcome.segments);
    if (outcome.kind === "refused") tally = countSkipped(tally, outcome.reason, 1);
  }
  const sent = outcomes.flatMap((each) => (each.kind === "sent" ? [each.segments] : []));
  const mean = sent.reduce((sum, each) => sum + each, 0) / sent.length;
  return { ...broadcast, tally, segments: sent.length === 0 ? broadcast.segments : mean };
}

/** Uncounts a text that was withheld. @param segments the expected segments of one text */
function subtractSentText(tally: BroadcastTally, segments: number): BroadcastTally {
  return { ...tally, sent: tally.sent - 1, segments: Math.max(0, tally.segments - Math.round(segments)) };
}

function addSentText(tally: BroadcastTally, segments: number): BroadcastTally {
  return { ...tally, sent: tally.sent + 1, segments: tally.segments + segments };
}
