import { type BatchRef, BatchScheduler, type SendWindow } from "../../../src/broadcasts/batch-scheduler.ts";
import type { BroadcastBody } from "../../../src/broadcasts/broadcast.ts";
import { BroadcastCommands } from "../../../src/broadcasts/commands.ts";
import { OutcomeBook } from "../../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../../src/broadcasts/store.ts";
import type { PhoneNumber } from "../../../src/core/phone.ts";
import { type Fixture, type Recording, StoredDatabase } from "../../support/stored.ts";

const SECOND = 1_000;
const NOON = Date.UTC(2026, 2, 2, 17);
export const MORNING = Date.UTC(2026, 2, 3, 13);
/** A recipient in quiet hours. */
export const SLEEPER = "+12025550118";

/** @param last digits of the phone */
export const phoneOf = (last: number): PhoneNumber => `+120255501${last}`;

const BODY: BroadcastBody = { list: "offers", text: "Hello", variables: {}, quiet: null, description: "" };

export const FULL_BODY: BroadcastBody = {
  list: "offers",
  text: { en: "Hello {{ what }}", pt: "Ola {{ what }}" },
  media: "https://shop.example.com/{{ what }}.png",
  link: { url: "https://shop.example.com/{{ what }}", label: { en: "More" } },
  variables: { what: "spring" },
  topic: "greet",
  quiet: { from: "21:00", to: "08:00" },
  deadline: "2026-03-05T17:00:00Z",
  description: "The spring offer",
};

/** The broadcasts of one number over the real store, optionally with the rows of a fixture. */
export class StoredBroadcasts {
  now: number;
  readonly database: StoredDatabase;
  readonly store: BroadcastStore;
  readonly desk: BroadcastCommands;
  readonly dispatcher: BatchScheduler;
  readonly accounting: OutcomeBook;
  /** With three recipients in a lot. */
  readonly conditions: SendWindow = {
    bulkRate: 0.025,
    batchTimeoutMilliseconds: 60 * SECOND,
    findTextingTime: (_, phone, moment) => (phone === SLEEPER ? Math.max(moment, MORNING) : moment),
  };

  constructor(fixture: Fixture | null = null) {
    this.now = fixture?.now ?? NOON;
    this.database = new StoredDatabase(fixture);
    this.store = new BroadcastStore(this.database.sql);
    this.desk = new BroadcastCommands(this.store);
    this.dispatcher = new BatchScheduler(this.store);
    this.accounting = new OutcomeBook(this.store, 60 * SECOND);
  }

  start(id: string, phones: readonly PhoneNumber[], isLast: boolean): this {
    this.desk.saveBroadcast(id, BODY, noticeId(id), this.now);
    this.desk.runCommand(id, { kind: "start", at: null }, { origin: "https://parley.example", segments: 1 }, this.now);
    this.dispatcher.addAudiencePage(id, { from: "", phones, isLast }, this.conditions, this.now);
    return this;
  }

  /** Gives out the next lot. @returns its name in the queue message */
  give(): BatchRef {
    const name = this.dispatcher.dispatchNextBatch(this.conditions, this.now);
    if (name === null) throw new Error("no lot can be given out");
    return name;
  }

  begin(name: BatchRef) {
    return this.dispatcher.assignBatch(name, this.conditions, this.now);
  }

  /** Fails a lot until it is dead. */
  killLot(name: BatchRef): void {
    for (
      let next: BatchRef | null = name;
      next !== null;
      next = this.dispatcher.dispatchNextBatch(this.conditions, this.now)
    ) {
      const phones = this.begin(next)?.phones ?? [];
      const outcomes = phones.map((phone) => [phone, { kind: "failed", reason: "Error" }] as const);
      this.accounting.recordOutcomes(next, outcomes, this.conditions, this.now);
      this.now += 1_000 * SECOND;
    }
  }

  kinds(id: string): Readonly<Record<string, number>> {
    const sizes = Object.entries(this.store.loadBatchSizes(id)).map(
      ([kind, { recipients }]) => [kind, recipients] as const,
    );
    return Object.fromEntries(sizes.filter(([, people]) => people > 0));
  }

  record(): Recording {
    const about =
      "The broadcasts of one number: a draft, one that is scheduled, running, paused, cancelled and done, with lots of every kind.";
    return { about, now: this.now, tables: this.database.tables(), rows: this.database.rows() };
  }
}

export function noticeId(id: string): string {
  return `BR${Buffer.from(id).toString("hex").padStart(32, "0")}`;
}

/** Plays the scenario up to the moment of the recording. */
export function playAnew(): StoredBroadcasts {
  const number = new StoredBroadcasts();
  number.start("done", [phoneOf(10), phoneOf(11)], true);
  const first = number.give();
  number.killLot(first);
  number.dispatcher.finishBroadcasts(number.now);

  number.start("cancelled", [12, 13, 14, 15].map(phoneOf), true);
  const cancelled = number.give();
  number.begin(cancelled);
  number.accounting.recordOutcomes(
    cancelled,
    [
      [phoneOf(12), { kind: "sent", segments: 2 }],
      [phoneOf(13), { kind: "queued" }],
      [phoneOf(14), { kind: "refused", reason: "opted-out" }],
    ],
    number.conditions,
    number.now,
  );
  number.desk.runCommand("cancelled", { kind: "cancel" }, { origin: "", segments: 1 }, number.now);

  number.start("paused", [phoneOf(16)], true);
  number.desk.runCommand("paused", { kind: "pause" }, { origin: "", segments: 1 }, number.now);

  number.start("spring", [17, 18, 19, 20, 21, 22, 23, 24, 25, 26].map(phoneOf), false);
  const sent = number.give();
  number.begin(sent);
  number.accounting.recordOutcomes(
    sent,
    [
      [phoneOf(17), { kind: "sent", segments: 1 }],
      [phoneOf(19), { kind: "queued" }],
      [phoneOf(20), { kind: "failed", reason: "Error" }],
    ],
    number.conditions,
    number.now,
  );
  number.begin(number.give());
  number.give();

  number.desk.saveBroadcast("draft", BODY, noticeId("draft"), number.now);
  number.desk.saveBroadcast("scheduled", FULL_BODY, noticeId("scheduled"), number.now);
  number.desk.runCommand(
    "scheduled",
    { kind: "start", at: number.now + 3_600 * SECOND },
    { origin: "https://parley.example", segments: 2 },
    number.now,
  );
  return number;
}
