import { NOTICE_SECONDS_MAXIMUM } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { NoticeReport } from "../sender/records/notice-report.ts";
import { type Batch, type BatchOfKind, nextCheckAt, retryBatch, returnBatch } from "./batch.ts";
import { type BatchRef, findBatchInFlight, type SendWindow } from "./batch-scheduler.ts";
import { type BatchStore } from "./batch-store.ts";
import type { Broadcast } from "./broadcast.ts";
import { recallQueuedNotices } from "./cancellation.ts";
import { type BroadcastTally, combineDeliveries, countSkipped, type SkipReason } from "./tally.ts";

/** What has come of one recipient, whose turn it was. */
export type RecipientOutcome =
  | { readonly kind: "sent"; readonly segments: number }
  | { readonly kind: "queued" }
  | { readonly kind: "refused"; readonly reason: SkipReason }
  /** A daily cap is reached until then. */
  | { readonly kind: "capped"; readonly until: number }
  /** Their Sender could not be asked; why. */
  | { readonly kind: "failed"; readonly reason: string };

/** Those who are missing were not asked: the broadcast was paused, or cancelled. */
export type RecipientOutcomes = readonly (readonly [PhoneNumber, RecipientOutcome])[];

/** Books what has come of a broadcast's texts; over any store, no clock and no network. */
export class OutcomeBook {
  readonly #store: BatchStore;
  readonly #minute: number;

  /** @param minute how long it is until the texts of a lot are looked after for the first time, in milliseconds; retries go by it, too */
  constructor(store: BatchStore, minute: number) {
    this.#store = store;
    this.#minute = minute;
  }

  /** Takes what has come of a lot; when it is told again, nothing happens. */
  recordOutcomes(name: BatchRef, outcomes: RecipientOutcomes, { pace }: Pick<SendWindow, "pace">, now: number): void {
    const found = findBatchInFlight(this.#store, name);
    if (found === null) return;
    const { broadcast, lot } = found;
    // Who is not in it any more is in another lot: their night has begun, for somebody who took it later.
    const told = new Map(outcomes.filter(([phone]) => lot.phones.includes(phone)));
    const selectPhones = (kind: RecipientOutcome["kind"]) =>
      lot.phones.filter((phone) => told.get(phone)?.kind === kind);
    const unasked = lot.phones.filter((phone) => !told.has(phone));
    const isCancelled = broadcast.life.status === "cancelled";
    this.#watchBatch(lot, selectPhones("sent"), isCancelled ? [] : selectPhones("queued"), 0, now);
    this.#reserveExcessTime(broadcast, [...told.values()], pace);
    if (unasked.length > 0) this.#releaseUnusedTime(broadcast, pace, now);
    const after = countOutcomes(broadcast, [...told.values()]);
    const left = isCancelled
      ? this.#skipAndRecall(
          after,
          unasked.length + selectPhones("capped").length,
          [...selectPhones("queued"), ...selectPhones("failed")],
          now,
        )
      : this.#rebatchUnsent(after, lot, unasked, told, now);
    this.#store.saveBroadcast({ ...left, updatedAt: now });
  }

  /** Of a cancelled broadcast nobody waits. @param perhaps for whom something may wait at their Sender */
  #skipAndRecall(broadcast: Broadcast, unasked: number, perhaps: readonly PhoneNumber[], now: number): Broadcast {
    const tally = countSkipped(broadcast.tally, "cancelled", unasked);
    return recallQueuedNotices(this.#store, { ...broadcast, tally }, perhaps, now);
  }

  /** Who was not texted waits in lots of their own. @returns the broadcast, as it is to be saved */
  #rebatchUnsent(
    broadcast: Broadcast,
    lot: BatchOfKind<"out">,
    unasked: readonly PhoneNumber[],
    told: ReadonlyMap<PhoneNumber, RecipientOutcome>,
    now: number,
  ): Broadcast {
    let { lots } = broadcast;
    const saveNewBatch = (held: Batch) => {
      lots += 1;
      this.#store.saveBatch({ ...held, id: lots });
    };
    if (unasked.length > 0) saveNewBatch({ ...returnBatch(lot, now), phones: unasked });
    for (const [until, phones] of groupCappedPhones(told)) saveNewBatch({ ...returnBatch(lot, until), phones });
    const failures = [...told].flatMap(([phone, each]) => (each.kind === "failed" ? [{ phone, ...each }] : []));
    const [first] = failures;
    const failed = failures.map(({ phone }) => phone);
    if (first !== undefined) saveNewBatch(retryBatch(lot, failed, first.reason, this.#minute, now));
    return { ...broadcast, lots };
  }

  #watchBatch(
    { broadcast, id }: { readonly broadcast: string; readonly id: number },
    sent: readonly PhoneNumber[],
    queued: readonly PhoneNumber[],
    looks: number,
    now: number,
  ): void {
    const due = nextCheckAt(looks, this.#minute, now);
    if (due === null || sent.length + queued.length === 0) this.#store.removeBatch(broadcast, id);
    else this.#store.saveBatch({ broadcast, id, kind: "watched", due, sent, queued, looks });
  }

  /** What was longer than expected has used what the number carries: those after it wait for that. */
  #reserveExcessTime({ segments }: Broadcast, outcomes: readonly RecipientOutcome[], pace: number): void {
    const over = outcomes.reduce((sum, each) => sum + (each.kind === "sent" ? each.segments - segments : 0), 0);
    if (over > 0) this.#store.saveFreeTime(this.#store.loadFreeTime() + (over * 1_000) / pace);
  }

  /** Whoever was paused has had time that nobody uses now: where no other lot has any, the number is free after the last text. */
  #releaseUnusedTime({ segments }: Broadcast, pace: number, now: number): void {
    if (this.#store.findFirstDueTime("out", 0) === null)
      this.#store.saveFreeTime(Math.min(this.#store.loadFreeTime(), now + (segments * 1_000) / pace));
  }

  /** Takes what has become of the texts of a lot by now. @param reports null: the Sender knows nothing of it, or could not be asked */
  recordDeliveryReports(
    lot: BatchOfKind<"watched">,
    reports: ReadonlyMap<PhoneNumber, NoticeReport | null>,
    now: number,
  ): void {
    const broadcast = this.#store.findBroadcast(lot.broadcast);
    const current = this.#store.findBatch(lot.broadcast, lot.id);
    if (broadcast === null || current?.kind !== "watched" || current.looks !== lot.looks) return;
    let { tally } = broadcast;
    const [sent, queued]: [PhoneNumber[], PhoneNumber[]] = [[], []];
    const waited = new Set(current.queued);
    for (const phone of [...current.sent, ...current.queued]) {
      const report = reports.get(phone) ?? null;
      const isNew = waited.has(phone);
      // What is on its way may be taken back: the night has come before it, or a cap is reached.
      if (!isNew && report !== null && report.outcome !== "sent") tally = subtractSentText(tally, broadcast.segments);
      if (report?.outcome === "refused") tally = countSkipped(tally, report.reason, 1);
      else if (report?.outcome === "queued" || (report === null && isNew)) queued.push(phone);
      else {
        const fate = report === null ? "open" : combineDeliveries(report);
        if (fate === "open") sent.push(phone);
        else tally = { ...tally, [fate]: tally[fate] + 1 };
      }
      if (isNew && report?.outcome === "sent") tally = addSentText(tally, report.segments);
    }
    const isCancelled = broadcast.life.status === "cancelled";
    this.#watchBatch(lot, sent, isCancelled ? [] : queued, lot.looks + 1, now);
    const after = isCancelled ? recallQueuedNotices(this.#store, broadcast, queued, now) : broadcast;
    if (tally !== broadcast.tally || after !== broadcast)
      this.#store.saveBroadcast({ ...after, tally, updatedAt: now });
  }

  /**
   * Takes what has become of those for whom it was called off.
   * @param reports null: their Sender has never had it; whose Sender could not be asked is missing
   */
  recordRecallReports(
    lot: BatchOfKind<"recalled">,
    reports: ReadonlyMap<PhoneNumber, NoticeReport | null>,
    now: number,
  ): void {
    const broadcast = this.#store.findBroadcast(lot.broadcast);
    const current = this.#store.findBatch(lot.broadcast, lot.id);
    if (broadcast === null || current?.kind !== "recalled") return;
    let { tally } = broadcast;
    const [sent, left]: [PhoneNumber[], PhoneNumber[]] = [[], []];
    for (const phone of current.phones) {
      const report = reports.get(phone);
      if ((report === undefined || report?.outcome === "queued") && mayNoticeWait(broadcast, now)) left.push(phone);
      else if (report?.outcome !== "sent")
        tally = countSkipped(tally, report?.outcome === "refused" ? report.reason : "cancelled", 1);
      else {
        tally = addSentText(tally, report.segments);
        sent.push(phone);
      }
    }
    const lots = broadcast.lots + (sent.length > 0 ? 1 : 0);
    if (sent.length > 0) this.#watchBatch({ broadcast: broadcast.id, id: lots }, sent, [], 0, now);
    if (left.length > 0) this.#store.saveBatch({ ...current, phones: left, due: now + this.#minute });
    else this.#store.removeBatch(lot.broadcast, lot.id);
    this.#store.saveBroadcast({ ...broadcast, tally, lots, updatedAt: now });
  }
}

/** Nothing waits longer than that at a Sender. */
function mayNoticeWait({ life }: Broadcast, now: number): boolean {
  return life.status === "cancelled" && now < life.at + NOTICE_SECONDS_MAXIMUM * 1_000;
}

function groupCappedPhones(
  told: ReadonlyMap<PhoneNumber, RecipientOutcome>,
): ReadonlyMap<number, readonly PhoneNumber[]> {
  const capped = [...told].flatMap(([phone, each]) => (each.kind === "capped" ? [{ phone, until: each.until }] : []));
  const by = Map.groupBy(capped, ({ until }) => until);
  return new Map([...by].map(([until, some]) => [until, some.map(({ phone }) => phone)]));
}

/** @returns the broadcast with its outcomes counted, and what it knows of a text's length */
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

/** A text was taken back before it went out. @param segments what one is long, as far as the broadcast knows */
function subtractSentText(tally: BroadcastTally, segments: number): BroadcastTally {
  return { ...tally, sent: tally.sent - 1, segments: Math.max(0, tally.segments - Math.round(segments)) };
}

function addSentText(tally: BroadcastTally, segments: number): BroadcastTally {
  return { ...tally, sent: tally.sent + 1, segments: tally.segments + segments };
}
