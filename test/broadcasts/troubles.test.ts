import { describe, expect, it } from "vitest";
import { type BatchRef, BatchScheduler, type SendWindow } from "../../src/broadcasts/batch-scheduler.ts";
import { broadcastSchema, createBroadcastNotice } from "../../src/broadcasts/broadcast.ts";
import { BroadcastCommands } from "../../src/broadcasts/commands.ts";
import { OutcomeBook, type RecipientOutcome, type RecipientOutcomes } from "../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import { BATCHES_PER_CHECK } from "../../src/core/limits/broadcasts.ts";
import { NOTICE_SECONDS_MAXIMUM } from "../../src/core/limits/notify.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { NoticeReport } from "../../src/sender/records/notice-report.ts";
import { memory } from "../support/sql.ts";

const SECOND = 1_000;
const BEGIN = 1_000_000;
const UNHEARD = 60 * SECOND;
const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });
const PHONES: readonly PhoneNumber[] = Array.from({ length: 8 }, (_, index) => `+1202555010${index}`);
const CANCELLED: NoticeReport = { outcome: "refused", reason: "cancelled" };
const SENT: NoticeReport = { outcome: "sent", at: BEGIN, messages: [], segments: 1 };
const at = (moment: number) => new Date(moment).toISOString();

/** The broadcasts of one number, and whoever works for them, one step at a time. Two people make a lot. */
class Office {
  now = BEGIN;
  readonly store = new BroadcastStore(memory());
  readonly desk = new BroadcastCommands(this.store);
  readonly dispatcher = new BatchScheduler(this.store);
  readonly accounting = new OutcomeBook(this.store, UNHEARD);
  /** When each is awake again; who is not here always is. */
  readonly wakes = new Map<PhoneNumber, number>();
  readonly conditions: SendWindow = {
    pace: 1 / 60,
    batchTimeoutMilliseconds: UNHEARD,
    findTextingTime: (_, phone, moment) => Math.max(moment, this.wakes.get(phone) ?? 0),
  };

  start(id: string, deadline?: number, notice = `BR ${id}`): void {
    this.desk.saveBroadcast(id, deadline === undefined ? BODY : { ...BODY, deadline: at(deadline) }, notice, this.now);
    this.order(id, "start");
  }

  order(id: string, kind: "start" | "pause" | "resume" | "cancel"): void {
    const order = kind === "start" ? { kind, at: null } : { kind };
    this.desk.runCommand(id, order, { origin: "https://parley.example", segments: 1 }, this.now);
  }

  /** The audience is read, a page of some at once. */
  read(id: string, phones: readonly PhoneNumber[], isLast = true): void {
    const from = this.store.findBroadcast(id)?.cursor ?? "";
    this.dispatcher.addAudiencePage(id, { from, phones, isLast }, this.conditions, this.now);
  }

  next(): BatchRef {
    const name = this.dispatcher.dispatchNextBatch(this.conditions, this.now);
    if (name === null) throw new Error("nothing is given out");
    return name;
  }

  begin(name: BatchRef): readonly PhoneNumber[] | null {
    return this.dispatcher.assignBatch(name, this.conditions, this.now)?.phones ?? null;
  }

  end(name: BatchRef, phones: readonly PhoneNumber[], outcome: RecipientOutcome = { kind: "sent", segments: 1 }): void {
    const outcomes: RecipientOutcomes = phones.map((phone) => [phone, outcome]);
    this.accounting.recordOutcomes(name, outcomes, this.conditions, this.now);
  }

  /** Senders are asked to call off what waits. @param report what one of them answers; left out: nothing */
  recall(report: (phone: PhoneNumber) => NoticeReport | null | undefined): void {
    for (const lot of this.dispatcher.listBatchesToRecall(this.now)) {
      const reports = lot.phones.flatMap((phone) => {
        const answer = report(phone);
        return answer === undefined ? [] : [[phone, answer] as const];
      });
      this.accounting.recordRecallReports(lot, new Map(reports), this.now);
    }
  }

  /** Time goes by, and what it brings is done. @param unread who are after the cursor */
  pass(milliseconds: number, unread = 0): void {
    this.now += milliseconds;
    this.dispatcher.advanceTime(this.now);
    for (
      let next = this.dispatcher.findBroadcastToClose(this.now);
      next !== null;
      next = this.dispatcher.findBroadcastToClose(this.now)
    ) {
      const { broadcast, reason } = next;
      this.dispatcher.closeBroadcast(broadcast.id, broadcast.cursor, unread, reason, this.now);
    }
    this.dispatcher.finishBroadcasts(this.now);
  }

  view(id: string) {
    const view = this.desk.viewBroadcast(id);
    if (view === null) throw new Error(`there is no broadcast ${id}`);
    const { life, tally, waiting, dead } = view;
    return { status: life.status, sent: tally.sent, skipped: tally.skipped, waiting, dead };
  }
}

function office(people = 4): { readonly office: Office; readonly phones: readonly PhoneNumber[] } {
  const made = new Office();
  const phones = PHONES.slice(0, people);
  made.start("b");
  made.read("b", phones);
  return { office: made, phones };
}

describe("a broadcast that is cancelled", () => {
  it("counts whoever waits, also when its whole audience is read", () => {
    const { office: own } = office();
    own.order("b", "cancel");
    own.pass(0);
    expect(own.view("b")).toMatchObject({ status: "cancelled", skipped: { cancelled: 4 }, waiting: 0 });
  });

  it("counts a lot of which nobody has told, and those whom the queue did not take", () => {
    const { office: own } = office();
    own.next();
    const untaken = own.next();
    own.order("b", "cancel");
    own.dispatcher.undoDispatch(untaken, own.now);
    expect(own.view("b")).toMatchObject({ skipped: { cancelled: 2 }, waiting: 2 });
    expect(own.desk.removeBroadcast("b")).toBe("Some people are being texted just now: delete it in a minute.");
    own.pass(10 * UNHEARD);
    expect(own.view("b")).toMatchObject({ skipped: { cancelled: 4 }, waiting: 0 });
    expect(own.desk.removeBroadcast("b")).toBeNull();
  });

  it("counts as sent what was on its way, whoever takes the lot once more meanwhile", () => {
    const { office: own, phones } = office();
    const name = own.next();
    own.begin(name);
    own.order("b", "cancel");
    expect(own.begin(name)).toBeNull();
    expect(own.dispatcher.mayContinueBatch(name, own.now)).toBe(false);
    own.end(name, phones.slice(0, 1));
    expect(own.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 3 }, waiting: 0 });
  });

  it("calls off what waits at Senders, though they are just being looked at, and those that do not answer a minute later", () => {
    const { office: own, phones } = office(2);
    const name = own.next();
    own.begin(name);
    own.end(name, phones, { kind: "queued" });
    own.pass(UNHEARD);
    expect(own.view("b").status).toBe("done");
    expect(own.desk.removeBroadcast("b")).toMatch(/^It waits for some people .* cancel it first\.$/u);
    const looked = own.dispatcher.listBatchesToCheck(own.now);
    own.order("b", "cancel");
    for (const lot of looked)
      own.accounting.recordDeliveryReports(
        lot,
        new Map(phones.map((phone) => [phone, { outcome: "queued", until: 0 }])),
        own.now,
      );
    expect(own.desk.viewBroadcast("b")?.queued).toBe(2);
    expect(own.desk.removeBroadcast("b")).toMatch(/called off just now/u);
    own.recall((phone) => (phone === phones[0] ? CANCELLED : undefined));
    expect(own.dispatcher.listBatchesToRecall(own.now)).toEqual([]);
    expect(own.dispatcher.nextDueAt(own.now)).toBe(own.now + UNHEARD);
    own.pass(UNHEARD);
    own.recall(() => SENT);
    expect(own.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
    expect([own.desk.viewBroadcast("b")?.queued, own.desk.removeBroadcast("b")]).toEqual([0, null]);
  });

  it("counts everybody of several lots for whom it is called off", () => {
    const { office: own, phones } = office();
    for (const some of [phones.slice(0, 2), phones.slice(2)]) {
      const name = own.next();
      own.begin(name);
      own.end(name, some, { kind: "queued" });
    }
    own.order("b", "cancel");
    own.recall(() => CANCELLED);
    expect(own.view("b").skipped).toEqual({ cancelled: 4 });
    expect(own.desk.removeBroadcast("b")).toBeNull();
  });

  it("goes on to watch those of a lot whose text is sent, though they are just being looked at", () => {
    const { office: own, phones } = office(2);
    const [sent = "", queued = ""] = phones;
    const name = own.next();
    own.begin(name);
    const outcomes: RecipientOutcomes = [
      [sent, { kind: "sent", segments: 1 }],
      [queued, { kind: "queued" }],
    ];
    own.accounting.recordOutcomes(name, outcomes, own.conditions, own.now);
    own.pass(UNHEARD);
    const [looked] = own.dispatcher.listBatchesToCheck(own.now);
    if (looked === undefined) throw new Error("nothing is looked at");
    own.order("b", "cancel");
    own.accounting.recordDeliveryReports(looked, new Map([[queued, { outcome: "queued", until: 0 }]]), own.now);
    own.recall(() => CANCELLED);
    expect(own.desk.viewBroadcast("b")?.queued).toBe(0);
    expect(own.store.loadBatchSizes("b")).toMatchObject({ watched: { people: 1 }, recalled: { lots: 0 } });
    expect(own.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
  });

  it("calls off what a Sender has taken back since it was sent", () => {
    const { office: own, phones } = office(2);
    const name = own.next();
    own.begin(name);
    own.end(name, phones);
    own.pass(0);
    const look = (report: NoticeReport) => {
      own.pass(10 * UNHEARD);
      for (const lot of own.dispatcher.listBatchesToCheck(own.now))
        own.accounting.recordDeliveryReports(lot, new Map(phones.map((phone) => [phone, report])), own.now);
    };
    look({ outcome: "queued", until: 0 });
    expect(own.view("b")).toMatchObject({ status: "done", sent: 0 });
    expect(own.desk.viewBroadcast("b")?.queued).toBe(2);
    own.order("b", "cancel");
    own.recall(() => CANCELLED);
    expect(own.view("b")).toMatchObject({ status: "cancelled", skipped: { cancelled: 2 } });
  });

  it("counts those who do not answer for so long that nothing waits any more", () => {
    const { office: own } = office(2);
    own.begin(own.next());
    own.order("b", "cancel");
    for (let hour = 0; hour < 71; hour += 1) {
      own.pass(3_600 * SECOND);
      own.recall(() => undefined);
    }
    expect(own.desk.viewBroadcast("b")?.queued).toBe(2);
    own.pass(2 * 3_600 * SECOND);
    own.recall(() => undefined);
    expect(own.view("b").skipped).toEqual({ cancelled: 2 });
  });

  it("asks the Senders of a lot whose taker has died what they have had of it", () => {
    const { office: own, phones } = office(2);
    own.begin(own.next());
    own.order("b", "cancel");
    own.pass(10 * UNHEARD);
    expect(own.view("b")).toMatchObject({ sent: 0, skipped: {} });
    own.recall((phone) => (phone === phones[0] ? SENT : null));
    expect(own.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
  });

  it("calls off what its last taker tells of later", () => {
    const { office: own, phones } = office(2);
    const name = own.next();
    own.begin(name);
    own.order("b", "cancel");
    own.accounting.recordOutcomes(
      name,
      [
        [phones[0] ?? "", { kind: "queued" }],
        [phones[1] ?? "", { kind: "failed", reason: "Error" }],
      ],
      own.conditions,
      own.now,
    );
    own.recall(() => CANCELLED);
    expect(own.view("b")).toMatchObject({ skipped: { cancelled: 2 }, waiting: 0 });
  });

  it("takes no page of its audience that was being read", () => {
    const own = new Office();
    own.start("b");
    own.order("b", "cancel");
    own.read("b", PHONES);
    own.pass(0, PHONES.length);
    expect(own.view("b")).toMatchObject({ skipped: { cancelled: PHONES.length }, waiting: 0 });
  });
});

describe("a deadline", () => {
  it("keeps whoever takes a lot later, or texts one, from texting anybody", () => {
    const own = new Office();
    own.start("b", BEGIN + 100 * SECOND);
    own.read("b", PHONES.slice(0, 4));
    const [first, second] = [own.next(), own.next()];
    own.begin(first);
    expect(own.dispatcher.mayContinueBatch(first, BEGIN + 99 * SECOND)).toBe(true);
    own.now = BEGIN + 100 * SECOND;
    expect(own.dispatcher.mayContinueBatch(first, own.now)).toBe(false);
    own.end(first, PHONES.slice(0, 1));
    expect(own.begin(second)).toBeNull();
    own.pass(10 * UNHEARD);
    expect(own.view("b")).toEqual({ status: "done", sent: 1, skipped: { expired: 3 }, waiting: 0, dead: 0 });
  });

  it("cannot be moved before the moment at which the broadcast begins", () => {
    const own = new Office();
    const begun = { origin: "", segments: 1 };
    own.desk.saveBroadcast("b", BODY, "BR", own.now);
    own.desk.runCommand("b", { kind: "start", at: BEGIN + 100 * SECOND }, begun, own.now);
    const saved = own.desk.saveBroadcast("b", { ...BODY, deadline: at(BEGIN + 50 * SECOND) }, "BR", own.now);
    expect(saved).toMatchObject({ refusal: "Its deadline is over by then: nobody would be texted." });
    own.desk.saveBroadcast("c", { ...BODY, deadline: at(BEGIN) }, "BR", own.now);
    expect(own.desk.runCommand("c", { kind: "start", at: null }, begun, own.now)).toMatchObject({
      refusal: /deadline/u,
    });
  });

  it("that is far away lets nobody's notice wait for longer than any may", () => {
    const own = new Office();
    const longest = own.now + NOTICE_SECONDS_MAXIMUM * SECOND;
    own.start("b", own.now + 30 * 24 * 3_600 * SECOND);
    const broadcast = own.store.findBroadcast("b");
    expect(broadcast === null ? null : createBroadcastNotice(broadcast, "+12025550100", own.now).expiresAt).toBe(
      longest,
    );
  });

  it("ends a broadcast that is paused", () => {
    const own = new Office();
    own.start("b", BEGIN + 100 * SECOND);
    own.read("b", PHONES);
    own.order("b", "pause");
    own.pass(100 * SECOND);
    expect(own.view("b")).toMatchObject({ status: "done", skipped: { expired: PHONES.length } });
  });
});

describe("a lot", () => {
  it("is not booked for whom a second taker has left for their morning", () => {
    const { office: own, phones } = office(2);
    const [first = "", second = ""] = phones;
    const name = own.next();
    expect(own.begin(name)).toEqual([first, second]);
    own.wakes.set(second, BEGIN + 8 * 3_600 * SECOND);
    expect(own.begin(name)).toEqual([first]);
    own.end(name, [first, second]);
    expect(own.view("b")).toMatchObject({ sent: 1, waiting: 1 });
    own.pass(8 * 3_600 * SECOND);
    const again = own.next();
    expect(own.begin(again)).toEqual([second]);
    own.end(again, [second]);
    own.pass(0);
    expect(own.view("b")).toMatchObject({ status: "done", sent: 2, waiting: 0 });
  });

  it("that was put back is nobody's who took it before, until it is given out again", () => {
    const { office: own } = office(2);
    const name = own.next();
    own.begin(name);
    own.order("b", "pause");
    expect(own.begin(name)).toBeNull();
    own.end(name, PHONES.slice(0, 2));
    expect(own.view("b")).toMatchObject({ sent: 0, waiting: 2 });
    own.order("b", "resume");
    expect(own.begin(name)).toBeNull();
    expect(own.next()).toEqual(name);
    own.end(name, PHONES.slice(0, 2));
    own.pass(0);
    expect(own.view("b")).toMatchObject({ status: "done", sent: 2 });
  });

  it("of a broadcast that is deleted is no lot of another with the same id", () => {
    const { office: own, phones } = office(2);
    const name = own.next();
    own.begin(name);
    own.pass(10 * UNHEARD);
    own.order("b", "cancel");
    expect(own.desk.removeBroadcast("b")).toBeNull();
    own.start("b", undefined, "BR other");
    own.read("b", phones);
    const other = own.next();
    expect(other).toMatchObject({ broadcast: name.broadcast, lot: name.lot });
    expect([own.dispatcher.mayContinueBatch(name, own.now), own.begin(name)]).toEqual([false, null]);
    own.end(name, phones);
    expect(own.view("b")).toMatchObject({ sent: 0, waiting: 2 });
    expect(own.begin(other)).toEqual(phones);
  });

  it("is not dead when the queue brings nothing for hours, but when all who have taken it have died", () => {
    const { office: own, phones } = office(2);
    for (let minute = 0; minute < 3 * 60; minute += 1) {
      own.dispatcher.dispatchNextBatch(own.conditions, own.now);
      own.pass(60 * SECOND);
    }
    expect(own.view("b")).toMatchObject({ status: "running", dead: 0 });
    for (let death = 0; own.view("b").dead === 0; death += 1) {
      expect(death).toBeLessThan(5);
      const name = own.next();
      expect(own.begin(name)).toEqual(phones);
      own.pass(10 * 60 * SECOND);
    }
    expect(own.view("b")).toMatchObject({ status: "done", dead: 2 });
  });

  it("waits until the daily caps begin anew for those who have met one, and that is no try", () => {
    const { office: own, phones } = office(2);
    for (let day = 1; day < 10; day += 1) {
      const name = own.next();
      own.begin(name);
      own.end(name, phones, { kind: "capped", until: own.now + 1_000 * SECOND });
      own.pass(999 * SECOND);
      expect(own.dispatcher.dispatchNextBatch(own.conditions, own.now)).toBeNull();
      own.pass(SECOND);
    }
    expect(own.view("b")).toMatchObject({ status: "running", waiting: 2, dead: 0 });
  });

  it("that is dead is tried once more after all else is done, and is done with once", () => {
    const { office: own, phones } = office(2);
    const fail = (name: BatchRef) =>
      own.accounting.recordOutcomes(
        name,
        phones.map((phone) => [phone, { kind: "failed", reason: "Error" }]),
        own.conditions,
        own.now,
      );
    const tried: number[] = [];
    for (let waited = 0; own.view("b").dead === 0; waited += SECOND) {
      expect(waited).toBeLessThan(100 * UNHEARD);
      const name = own.dispatcher.dispatchNextBatch(own.conditions, own.now);
      if (name !== null) {
        tried.push(waited / UNHEARD);
        own.begin(name);
        fail(name);
        fail(name);
      }
      own.pass(SECOND);
    }
    expect(tried.map((each) => Math.round(10 * each) / 10)).toEqual([0, 0.1, 0.6, 2.6, 12.6]);
    expect(own.view("b")).toMatchObject({ status: "done", dead: 2 });
    own.desk.retryDeadLetters("b", own.now);
    own.desk.retryDeadLetters("b", own.now);
    expect(own.view("b")).toMatchObject({ status: "running", dead: 0, waiting: 2 });
    const name = own.next();
    own.begin(name);
    own.end(name, phones);
    own.end(name, phones);
    own.pass(0);
    expect(own.view("b")).toEqual({ status: "done", sent: 2, skipped: {}, waiting: 0, dead: 0 });
  });
});

describe("the broadcasts of a number", () => {
  it("are patient where one takes all lots, one after the other: what waits in the queue is not given out again", () => {
    const { office: own, phones } = office();
    const [first, second] = [own.next(), own.next()];
    own.begin(first);
    own.pass(2 * UNHEARD + SECOND);
    own.end(first, phones.slice(0, 2));
    expect(own.begin(second)).toEqual(phones.slice(2));
    own.pass(2 * UNHEARD + SECOND);
    own.end(second, phones.slice(2));
    own.pass(0);
    expect(own.view("b")).toMatchObject({ status: "done", sent: 4 });
    expect(own.desk.viewBroadcast("b")?.tally.messages).toBe(2);
  });

  it("take turns, and one that is paused or cancelled keeps nobody from the others", () => {
    const own = new Office();
    for (const id of ["a", "b", "c"]) {
      own.start(id);
      own.read(id, PHONES.slice(0, 4));
    }
    const names = [own.next(), own.next()];
    expect(names.map(({ broadcast }) => broadcast)).toEqual(["a", "b"]);
    expect(own.dispatcher.dispatchNextBatch(own.conditions, own.now)).toBeNull();
    own.order("a", "pause");
    own.order("b", "cancel");
    for (const name of names) {
      own.begin(name);
      own.end(name, []);
    }
    expect([own.next(), own.next()].map(({ broadcast }) => broadcast)).toEqual(["c", "c"]);
    expect([own.view("a").waiting, own.view("b").skipped, own.view("c").waiting]).toEqual([4, { cancelled: 4 }, 4]);
  });

  it("are looked after until nothing is due, however many lots are due at once", () => {
    const own = new Office();
    own.start("b");
    for (let id = 1; id <= 2 * BATCHES_PER_CHECK; id += 1)
      own.store.saveBatch({ broadcast: "b", id, kind: "watched", due: BEGIN, sent: PHONES, queued: [], looks: 0 });
    own.read("b", []);
    own.pass(SECOND);
    const look = () => {
      for (const lot of own.dispatcher.listBatchesToCheck(own.now))
        own.accounting.recordDeliveryReports(lot, new Map(), own.now);
    };
    look();
    expect(own.dispatcher.nextDueAt(own.now)).toBe(own.now);
    look();
    expect(own.dispatcher.nextDueAt(own.now)).toBeGreaterThan(own.now);
  });
});
