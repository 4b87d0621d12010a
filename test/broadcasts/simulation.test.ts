import { describe, expect, it } from "vitest";
import {
  type BatchAssignment,
  type BatchRef,
  BatchScheduler,
  type SendWindow,
} from "../../src/broadcasts/batch-scheduler.ts";
import { broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import { BroadcastCommands } from "../../src/broadcasts/commands.ts";
import { retryDeadLetters } from "../../src/broadcasts/dead-letters.ts";
import { OutcomeBook, type RecipientOutcome } from "../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { NoticeReport } from "../../src/notify/notice.ts";
import { readRunCount } from "../support/extent.ts";
import { Chance } from "../support/prng.ts";
import { memory } from "../support/sql.ts";

const SECOND = 1_000;
const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });

/** A recipient's Sender, which decides a notice once. */
interface Recipient {
  readonly phone: PhoneNumber;
  readonly verdict: "sent" | "queued" | "refused";
  texts: number;
  handed: number;
}

/** One broadcast, with consumers that crash and a queue that loses messages and delivers others twice. */
class Simulation {
  now = 1_000_000;
  readonly #source: Chance;
  readonly #sql = memory();
  store = new BroadcastStore(this.#sql);
  scheduler = new BatchScheduler(this.store);
  outcomeBook = new OutcomeBook(this.store, 30 * SECOND);
  commands = new BroadcastCommands(this.store);
  readonly recipients: Map<PhoneNumber, Recipient>;
  readonly queue: { readonly ref: BatchRef; readonly at: number }[] = [];
  readonly working: {
    readonly ref: BatchRef;
    readonly assignment: BatchAssignment;
    readonly outcomes: (readonly [PhoneNumber, RecipientOutcome])[];
    next: number;
  }[] = [];
  /** The time of each text. */
  readonly moments: number[] = [];
  messages = 0;
  readonly troubles: boolean;
  readonly sendWindow: SendWindow;

  constructor(seed: number, recipients: number, bulkRate: number, troubles: boolean) {
    this.troubles = troubles;
    this.#source = new Chance(seed);
    this.sendWindow = {
      bulkRate,
      batchTimeoutMilliseconds: 30 * SECOND,
      findTextingTime: (_, phone, moment) => this.opensAt(phone, moment),
    };
    this.recipients = new Map(
      Array.from({ length: recipients }, (_, index) => {
        const phone = `+1202555${String(index).padStart(6, "0")}`;
        const verdict = this.#chance(0.9) ? "sent" : this.#chance(0.5) ? "queued" : "refused";
        return [phone, { phone, verdict, texts: 0, handed: 0 }];
      }),
    );
  }

  /** One recipient of ten has quiet hours for the first hour. */
  opensAt(phone: PhoneNumber, moment: number): number {
    return phone.endsWith("7") ? Math.max(moment, 1_000_000 + 3_600 * SECOND) : moment;
  }

  #chance(probability: number): boolean {
    return this.#source.is(probability);
  }

  start(): void {
    this.commands.saveBroadcast("b", BODY, "BR", this.now);
    this.commands.runCommand(
      "b",
      { kind: "start", at: null },
      { origin: "https://parley.example", segments: 1 },
      this.now,
    );
  }

  /** Restarts the object: only stored data remains. */
  die(): void {
    this.store = new BroadcastStore(this.#sql);
    this.scheduler = new BatchScheduler(this.store);
    this.outcomeBook = new OutcomeBook(this.store, 30 * SECOND);
    this.commands = new BroadcastCommands(this.store);
    this.working.length = 0;
    this.queue.length = 0;
  }

  /** One second. */
  step(): void {
    this.now += SECOND;
    if (this.troubles && this.#chance(0.01)) this.die();
    this.#proceed();
    for (const message of this.queue.splice(0)) this.#bring(message);
    for (const worker of this.working.splice(0)) this.#work(worker);
    this.#look();
  }

  #proceed(): void {
    this.scheduler.advanceTime(this.now);
    for (
      let next = this.scheduler.findBroadcastToClose(this.now);
      next !== null;
      next = this.scheduler.findBroadcastToClose(this.now)
    ) {
      const { broadcast, reason } = next;
      const unread = [...this.recipients.keys()].filter(
        (phone) => broadcast.cursor !== null && phone > broadcast.cursor,
      ).length;
      this.scheduler.closeBroadcast("b", broadcast.cursor, unread, reason, this.now);
    }
    for (;;) {
      const ref = this.scheduler.dispatchNextBatch(this.sendWindow, this.now);
      if (ref !== null) {
        this.messages += 1;
        if (!this.troubles || !this.#chance(0.05))
          this.queue.push({ ref, at: this.now + this.#source.next() * 3 * SECOND });
        if (this.troubles && this.#chance(0.05))
          this.queue.push({ ref, at: this.now + this.#source.next() * 90 * SECOND });
        continue;
      }
      const broadcast = this.scheduler.findBroadcastToRead(this.sendWindow, this.now);
      if (broadcast === null) break;
      const from = broadcast.cursor ?? "";
      const phones = [...this.recipients.keys()].filter((phone) => phone > from).slice(0, 500);
      this.scheduler.addAudiencePage("b", { from, phones, isLast: phones.length < 500 }, this.sendWindow, this.now);
    }
    this.scheduler.finishBroadcasts(this.now);
  }

  #bring(message: { readonly ref: BatchRef; readonly at: number }): void {
    if (message.at > this.now) {
      this.queue.push(message);
      return;
    }
    const assignment = this.scheduler.assignBatch(message.ref, this.sendWindow, this.now);
    if (assignment !== null)
      this.working.push({ ref: message.ref, assignment, outcomes: [], next: this.now + assignment.wait });
  }

  #work(worker: Simulation["working"][number]): void {
    if (this.troubles && this.#chance(0.02)) return;
    const { assignment, outcomes, ref } = worker;
    if (this.scheduler.mayContinueBatch(ref, this.now)) this.#textOn(worker);
    if (this.scheduler.mayContinueBatch(ref, this.now) && outcomes.length < assignment.phones.length)
      this.working.push(worker);
    else if (!this.troubles || !this.#chance(0.05)) {
      this.outcomeBook.recordOutcomes(ref, outcomes, this.sendWindow, this.now);
      if (this.troubles && this.#chance(0.1)) this.outcomeBook.recordOutcomes(ref, outcomes, this.sendWindow, this.now);
    }
  }

  #textOn(worker: Simulation["working"][number]): void {
    const { assignment, outcomes } = worker;
    while (outcomes.length < assignment.phones.length && worker.next <= this.now) {
      const phone = assignment.phones[outcomes.length] ?? "";
      outcomes.push([phone, this.#text(phone, worker.next)]);
      worker.next += assignment.every;
    }
  }

  #text(phone: PhoneNumber, at: number): RecipientOutcome {
    const recipient = this.recipients.get(phone);
    if (recipient === undefined) throw new Error(`${phone} is not a recipient`);
    if (this.opensAt(phone, at) > at) throw new Error(`${phone} has quiet hours`);
    if (this.troubles && this.#chance(0.01)) return { kind: "failed", reason: "Error" };
    recipient.handed += 1;
    if (recipient.handed === 1 && recipient.verdict === "sent") {
      recipient.texts += 1;
      this.moments.push(at);
    }
    switch (recipient.verdict) {
      case "sent":
        return { kind: "sent", segments: 1 };
      case "queued":
        return { kind: "queued" };
      case "refused":
        return { kind: "refused", reason: "opted-out" };
    }
  }

  #look(): void {
    for (const batch of this.scheduler.listBatchesToCheck(this.now)) {
      const reports = [...batch.sent, ...batch.queued].map((phone): [PhoneNumber, NoticeReport | null] => {
        const at = new Date(this.now).toISOString();
        const status = this.#chance(0.5) ? ("delivered" as const) : ("queued" as const);
        const messages = [{ id: "1.0", status, sid: null, error: null, at }];
        return [phone, { outcome: "sent", at: this.now, messages, segments: 1 }];
      });
      this.outcomeBook.recordDeliveryReports(batch, new Map(reports), this.now);
    }
  }

  get view() {
    const view = this.commands.viewBroadcast("b");
    if (view === null) throw new Error("the broadcast does not exist");
    return view;
  }

  /** Runs until the broadcast is done. */
  run(seconds: number): void {
    for (let second = 0; second < seconds && this.view.life.status !== "done"; second += 1) this.step();
  }
}

/** `BROADCAST_LIVES=1000` for many more. */
const SEEDS = Array.from({ length: readRunCount("BROADCAST_LIVES", { short: 3, full: 8 }) }, (_, index) => index + 1);

describe("a broadcast", () => {
  it.each(SEEDS)("texts every recipient exactly once, in spite of crashes (seed %i)", (seed) => {
    const simulation = new Simulation(seed, 1_500, 20, true);
    simulation.start();
    simulation.run(20_000);
    for (let retry = 0; simulation.view.dead > 0 && retry < 10; retry += 1) {
      retryDeadLetters(simulation.store, "b", simulation.now);
      simulation.run(20_000);
    }
    expect(simulation.view.life.status).toBe("done");
    const recipients = [...simulation.recipients.values()];
    expect(recipients.filter(({ handed }) => handed === 0)).toEqual([]);
    expect(recipients.filter(({ texts }) => texts > 1)).toEqual([]);
    const { tally, dead, waiting } = simulation.view;
    expect([dead, waiting]).toEqual([0, 0]);
    const refused = recipients.filter(({ verdict }) => verdict === "refused").length;
    expect(tally.skipped).toEqual({ "opted-out": refused });
    for (let day = 0; day < 4 * 24 * 60; day += 1) {
      simulation.now += 60 * SECOND;
      simulation.step();
    }
    expect(simulation.view.tally.sent).toBe(recipients.length - refused);
    expect(simulation.view.tally.delivered + simulation.view.queued).toBeGreaterThan(0.9 * simulation.view.tally.sent);
  });

  it.each([1, 2])("keeps its rate and packs its messages (seed %i)", (seed) => {
    const simulation = new Simulation(seed, 6_000, 40, false);
    simulation.start();
    simulation.run(4_000);
    const awake = simulation.moments.filter((moment) => moment < 1_000_000 + 3_600 * SECOND).toSorted((a, b) => a - b);
    const seconds = ((awake.at(-1) ?? 0) - (awake[0] ?? 0)) / SECOND;
    // Nine of ten have no quiet hours. Of these nine of ten are texted; the others take their turn too.
    const turns = 6_000 * 0.9;
    expect(turns / seconds).toBeGreaterThan(40 * 0.95);
    expect(turns / seconds).toBeLessThan(40 * 1.05);
    expect(simulation.view.life.status).toBe("done");
    expect((simulation.messages * 3) / 6_000).toBeLessThanOrEqual(0.05);
    expect(simulation.view.tally.messages).toBe(simulation.messages);
  });

  it("can be paused, resumed and cancelled, and counts the remaining recipients", () => {
    const simulation = new Simulation(7, 2_000, 20, false);
    simulation.start();
    for (let second = 0; second < 30; second += 1) simulation.step();
    simulation.commands.runCommand("b", { kind: "pause" }, { origin: "", segments: 1 }, simulation.now);
    for (let second = 0; second < 10; second += 1) simulation.step();
    const paused = simulation.moments.length;
    for (let second = 0; second < 500; second += 1) simulation.step();
    expect(simulation.moments.length).toBe(paused);
    simulation.commands.runCommand("b", { kind: "resume" }, { origin: "", segments: 1 }, simulation.now);
    for (let second = 0; second < 20; second += 1) simulation.step();
    const burst = simulation.moments.length - paused;
    expect(burst).toBeGreaterThan(200);
    expect(burst).toBeLessThanOrEqual(21 * 20);
    simulation.commands.runCommand("b", { kind: "cancel" }, { origin: "", segments: 1 }, simulation.now);
    // Batches in the queue are counted once their timeout has passed.
    for (let second = 0; second < 120; second += 1) simulation.step();
    const { tally, life, waiting, queued } = simulation.view;
    expect(life.status).toBe("cancelled");
    const skipped = Object.values(tally.skipped).reduce((sum, recipients) => sum + recipients, 0);
    expect(tally.sent + skipped + waiting + queued).toBe(2_000);
    expect(waiting).toBe(0);
    expect(simulation.moments.length).toBe(
      [...simulation.recipients.values()].filter(({ texts }) => texts === 1).length,
    );
  });
});
