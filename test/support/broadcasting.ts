import {
  type BatchAssignment,
  type BatchRef,
  BatchScheduler,
  type SendWindow,
} from "../../src/broadcasts/batch-scheduler.ts";
import { type Broadcast, type BroadcastBody, createBroadcastNotice } from "../../src/broadcasts/broadcast.ts";
import type { BroadcastView } from "../../src/broadcasts/broadcast-view.ts";
import { BroadcastCommands } from "../../src/broadcasts/commands.ts";
import { retryDeadLetters } from "../../src/broadcasts/dead-letters.ts";
import type { BroadcastCommand } from "../../src/broadcasts/lifecycle.ts";
import { OutcomeBook, type RecipientOutcome } from "../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import { BATCH_STATUS_POLL_MILLISECONDS } from "../../src/core/limits/broadcasts.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import { findPhoneZones } from "../../src/hours/phone-zones.ts";
import { findTextingTime } from "../../src/hours/quiet-hours.ts";
import type { Notice, NoticeReport } from "../../src/notify/notice.ts";
import type { Agenda, Sleeper } from "./agenda.ts";
import type { Life } from "./life.ts";
import type { Chance } from "./prng.ts";
import { memory } from "./sql.ts";

const SECOND = 1_000;
const SETTLE = 60 * SECOND;
const SQL = memory();

/** What a world is like that broadcasts. */
export interface Airing {
  readonly number: PhoneNumber;
  /** Segments a second. */
  readonly pace: number;
  /** What is made of a notice before it is handed over; left out: nothing. */
  readonly spoil?: (notice: Notice) => Notice;
  /** Nobody asks whether it is a recipient's night. */
  readonly isRestless?: boolean;
}

/** Somebody who has taken a lot from the queue. */
interface Worker {
  readonly name: BatchRef;
  readonly work: BatchAssignment;
  readonly notice: Notice;
  readonly outcomes: Map<PhoneNumber, RecipientOutcome>;
  /** Recipients whose Sender has not answered. */
  underWay: number;
  checkedAt: number;
  /** It texts nobody else. */
  isOver: boolean;
}

/**
 * The broadcasts of one number, simulated, with simulated lives as recipients: the real desk, dispatcher and accounting over SQLite; a queue that
 * loses messages, brings them late or twice; takers that die; Senders whose answer gets lost; and an object that dies at any moment.
 */
export class Broadcasting implements Sleeper {
  alarmAt: number | null = null;
  readonly #agenda: Agenda;
  readonly #chance: Chance;
  readonly #airing: Airing;
  readonly #lives: ReadonlyMap<PhoneNumber, Life>;
  readonly #sendWindow: SendWindow;
  #store!: BroadcastStore;
  #commands!: BroadcastCommands;
  #scheduler!: BatchScheduler;
  #outcomeBook!: OutcomeBook;

  constructor(agenda: Agenda, chance: Chance, airing: Airing, lives: readonly Life[]) {
    this.#agenda = agenda;
    this.#chance = chance;
    this.#airing = airing;
    this.#lives = new Map(lives.map((life) => [life.phone, life]));
    this.#sendWindow = {
      bulkRate: airing.pace,
      batchTimeoutMilliseconds: SETTLE,
      findTextingTime: ({ body }, phone, moment) => {
        const zones = findPhoneZones(phone);
        return body.quiet === null || airing.isRestless === true
          ? moment
          : findTextingTime(zones.length > 0 ? zones : ["UTC"], body.quiet, moment);
      },
    };
    this.die();
    for (const table of ["broadcast", "lot", "pace"]) SQL.exec(`DELETE FROM ${table}`);
    agenda.join(this);
  }

  /** The plug is pulled: what was committed stays, nothing else. */
  die(): void {
    this.#store = new BroadcastStore(SQL);
    this.#commands = new BroadcastCommands(this.#store);
    this.#scheduler = new BatchScheduler(this.#store);
    this.#outcomeBook = new OutcomeBook(this.#store, SETTLE);
  }

  /** An operator makes a broadcast and starts it. */
  start(id: string, body: BroadcastBody, at: number | null): void {
    this.#commands.saveBroadcast(id, body, noticeId(id), this.#agenda.now);
    this.order(id, { kind: "start", at });
  }

  order(id: string, order: BroadcastCommand): void {
    this.#commands.runCommand(id, order, { origin: "https://x", segments: 1 }, this.#agenda.now);
    this.proceed();
  }

  /** Whoever could not be texted is tried once more. */
  retry(id: string): void {
    retryDeadLetters(this.#store, id, this.#agenda.now);
    this.proceed();
  }

  view(id: string): BroadcastView {
    const view = this.#commands.viewBroadcast(id);
    if (view === null) throw new Error(`there is no broadcast ${id}`);
    return view;
  }

  /** An alarm whose handler dies comes again. */
  wake(): void {
    this.alarmAt = null;
    if (!this.proceed()) this.#arm(this.#agenda.now + 2 * SECOND);
  }

  check(): void {
    // What must be true of broadcasts is seen in its recipients, and in the end.
  }

  /** Does all that is due. @returns false where the object has died meanwhile */
  proceed(): boolean {
    const { now } = this.#agenda;
    this.#scheduler.advanceTime(now);
    for (
      let next = this.#scheduler.findBroadcastToClose(now);
      next !== null;
      next = this.#scheduler.findBroadcastToClose(now)
    ) {
      const { broadcast, reason } = next;
      this.#scheduler.closeBroadcast(broadcast.id, broadcast.cursor, this.#unread(broadcast), reason, now);
    }
    if (!this.#giveOut(now)) return false;
    this.#scheduler.finishBroadcasts(now);
    this.#look(now);
    this.#recall(now);
    const due = this.#scheduler.nextDueAt(now);
    if (due !== null) this.#arm(due);
    return true;
  }

  #arm(moment: number): void {
    const at = Math.max(moment, this.#agenda.now + 500);
    if (this.alarmAt === null || at < this.alarmAt) this.alarmAt = at;
  }

  #unread({ cursor }: Broadcast): number {
    return cursor === null ? 0 : [...this.#lives.keys()].filter((phone) => phone > cursor).length;
  }

  #giveOut(now: number): boolean {
    for (;;) {
      const name = this.#scheduler.dispatchNextBatch(this.#sendWindow, now);
      const broadcast = name === null ? this.#scheduler.findBroadcastToRead(this.#sendWindow, now) : null;
      if (name === null && broadcast === null) return true;
      if (this.#fails(0.02)) {
        this.die();
        return false;
      }
      if (name !== null) this.#enqueue(name);
      if (broadcast !== null) this.#read(broadcast, now);
    }
  }

  /** One person to a page, so that a broadcast has several. */
  #read({ id, cursor }: Broadcast, now: number): void {
    const from = cursor ?? "";
    const left = [...this.#lives.keys()].filter((phone) => phone > from).toSorted();
    const page = { from, phones: left.slice(0, 1), isLast: left.length < 2 };
    this.#scheduler.addAudiencePage(id, page, this.#sendWindow, now);
  }

  #enqueue(name: BatchRef): void {
    if (this.#fails(0.03)) return this.#scheduler.undoDispatch(name, this.#agenda.now);
    if (!this.#fails(0.05)) this.#agenda.later(this.#chance.between(0, 3 * SECOND), () => this.#bring(name));
    if (this.#fails(0.15)) this.#agenda.later(this.#chance.between(0, 300 * SECOND), () => this.#bring(name));
  }

  #bring(name: BatchRef): void {
    if (this.#fails(0.03)) this.die();
    const { now } = this.#agenda;
    const work = this.#scheduler.assignBatch(name, this.#sendWindow, now);
    if (work === null) {
      this.proceed();
      return;
    }
    const { spoil = (notice) => notice } = this.#airing;
    const notice = spoil(createBroadcastNotice(work.broadcast, this.#airing.number, now));
    const worker: Worker = {
      name,
      work,
      notice,
      outcomes: new Map(),
      underWay: 0,
      checkedAt: now,
      isOver: false,
    };
    this.#agenda.later(work.wait, () => this.#textNext(worker, 0));
  }

  #textNext(worker: Worker, index: number): void {
    const { work, name } = worker;
    if (this.#fails(0.03)) return this.#redeliver(name);
    const { now } = this.#agenda;
    if (now - worker.checkedAt >= BATCH_STATUS_POLL_MILLISECONDS) {
      if (!this.#scheduler.mayContinueBatch(name, now)) return this.#over(worker);
      worker.checkedAt = now;
    }
    const phone = work.phones[index];
    if (phone === undefined) return this.#over(worker);
    worker.underWay += 1;
    // Mostly a Sender answers at once.
    const latency = this.#chance.between(1, this.#fails(0.1) ? 40 * SECOND : 300);
    this.#agenda.later(latency, () => this.#text(worker, phone));
    this.#agenda.later(work.every, () => this.#textNext(worker, index + 1));
  }

  #text(worker: Worker, phone: PhoneNumber): void {
    const report = this.#fails(0.02) ? null : (this.#lives.get(phone)?.hand(worker.notice) ?? null);
    worker.outcomes.set(phone, this.#fails(0.03) ? outcomeOf(null) : outcomeOf(report));
    worker.underWay -= 1;
    if (worker.isOver) this.#over(worker);
  }

  #over(worker: Worker): void {
    worker.isOver = true;
    if (worker.underWay > 0) return;
    const { name, outcomes } = worker;
    if (this.#fails(0.05)) return this.#redeliver(name);
    this.#outcomeBook.recordOutcomes(name, [...outcomes], this.#sendWindow, this.#agenda.now);
    if (this.#fails(0.1)) this.#outcomeBook.recordOutcomes(name, [...outcomes], this.#sendWindow, this.#agenda.now);
    if (this.#fails(0.1)) this.#redeliver(name);
    this.proceed();
  }

  /** The queue has heard nothing of a message that it has brought. */
  #redeliver(name: BatchRef): void {
    this.#agenda.later(this.#chance.between(0, 30 * SECOND), () => this.#bring(name));
  }

  #look(now: number): void {
    for (const batch of this.#scheduler.listBatchesToCheck(now)) {
      const id = this.#store.findBroadcast(batch.broadcast)?.notice ?? "";
      const ask = (phone: PhoneNumber) => (this.#fails(0.05) ? null : (this.#lives.get(phone)?.report(id) ?? null));
      const reports = [...batch.sent, ...batch.queued].map((phone) => [phone, ask(phone)] as const);
      this.#outcomeBook.recordDeliveryReports(batch, new Map(reports), now);
    }
  }

  #recall(now: number): void {
    for (const batch of this.#scheduler.listBatchesToRecall(now)) {
      const id = this.#store.findBroadcast(batch.broadcast)?.notice ?? "";
      const asked = batch.phones.filter(() => !this.#fails(0.05));
      for (const phone of asked) this.#lives.get(phone)?.callOff(id);
      const reports = asked.map((phone) => [phone, this.#lives.get(phone)?.report(id) ?? null] as const);
      this.#outcomeBook.recordRecallReports(batch, new Map(reports), now);
    }
  }

  #fails(probability: number): boolean {
    return this.#agenda.faults && this.#chance.is(probability);
  }
}

/** @returns the id of a broadcast's notices */
export function noticeId(broadcast: string): string {
  return `BR${broadcast.padStart(32, "0")}`;
}

function outcomeOf(report: NoticeReport | null): RecipientOutcome {
  switch (report?.outcome) {
    case undefined:
      return { kind: "failed", reason: "Error" };
    case "sent":
      return { kind: "sent", segments: report.segments };
    case "queued":
      return { kind: "queued" };
    case "refused":
      return { kind: "refused", reason: report.reason };
  }
}
