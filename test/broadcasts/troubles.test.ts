import { describe, expect, it } from "vitest";
import { type BatchRef, BatchScheduler, type SendWindow } from "../../src/broadcasts/batch-scheduler.ts";
import { broadcastSchema, createBroadcastNotice } from "../../src/broadcasts/broadcast.ts";
import { BroadcastCommands } from "../../src/broadcasts/commands.ts";
import { retryDeadLetters } from "../../src/broadcasts/dead-letters.ts";
import { OutcomeBook, type RecipientOutcome, type RecipientOutcomes } from "../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import { BATCHES_PER_CHECK } from "../../src/core/limits/broadcasts.ts";
import { NOTICE_SECONDS_MAXIMUM } from "../../src/core/limits/notify.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { NoticeReport } from "../../src/notify/notice.ts";
import { memory } from "../support/sql.ts";

const SECOND = 1_000;
const BEGIN = 1_000_000;
const TIMEOUT = 60 * SECOND;
const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });
const PHONES: readonly PhoneNumber[] = Array.from({ length: 8 }, (_, index) => `+1202555010${index}`);
const CANCELLED: NoticeReport = { outcome: "refused", reason: "cancelled" };
const SENT: NoticeReport = { outcome: "sent", at: BEGIN, messages: [], segments: 1 };
const at = (moment: number) => new Date(moment).toISOString();

/** The broadcasts of one number with their consumers, one step at a time. A batch has two recipients. */
class Harness {
  now = BEGIN;
  readonly store = new BroadcastStore(memory());
  readonly commands = new BroadcastCommands(this.store);
  readonly scheduler = new BatchScheduler(this.store);
  readonly outcomeBook = new OutcomeBook(this.store, TIMEOUT);
  /** The end of quiet hours by phone; phones without an entry have none. */
  readonly wakes = new Map<PhoneNumber, number>();
  readonly sendWindow: SendWindow = {
    bulkRate: 1 / 60,
    batchTimeoutMilliseconds: TIMEOUT,
    findTextingTime: (_, phone, moment) => Math.max(moment, this.wakes.get(phone) ?? 0),
  };

  start(id: string, deadline?: number, notice = `BR ${id}`): void {
    this.commands.saveBroadcast(
      id,
      deadline === undefined ? BODY : { ...BODY, deadline: at(deadline) },
      notice,
      this.now,
    );
    this.order(id, "start");
  }

  order(id: string, kind: "start" | "pause" | "resume" | "cancel"): void {
    const order = kind === "start" ? { kind, at: null } : { kind };
    this.commands.runCommand(id, order, { origin: "https://parley.example", segments: 1 }, this.now);
  }

  /** Adds a page of the audience. */
  read(id: string, phones: readonly PhoneNumber[], isLast = true): void {
    const from = this.store.findBroadcast(id)?.cursor ?? "";
    this.scheduler.addAudiencePage(id, { from, phones, isLast }, this.sendWindow, this.now);
  }

  next(): BatchRef {
    const ref = this.scheduler.dispatchNextBatch(this.sendWindow, this.now);
    if (ref === null) throw new Error("no batch is ready");
    return ref;
  }

  begin(ref: BatchRef): readonly PhoneNumber[] | null {
    return this.scheduler.assignBatch(ref, this.sendWindow, this.now)?.phones ?? null;
  }

  end(ref: BatchRef, phones: readonly PhoneNumber[], outcome: RecipientOutcome = { kind: "sent", segments: 1 }): void {
    const outcomes: RecipientOutcomes = phones.map((phone) => [phone, outcome]);
    this.outcomeBook.recordOutcomes(ref, outcomes, this.sendWindow, this.now);
  }

  /** Withdraws queued notices. @param report returns the report of a Sender, or undefined if it does not respond */
  recall(report: (phone: PhoneNumber) => NoticeReport | null | undefined): void {
    for (const batch of this.scheduler.listBatchesToRecall(this.now)) {
      const reports = batch.phones.flatMap((phone) => {
        const answer = report(phone);
        return answer === undefined ? [] : [[phone, answer] as const];
      });
      this.outcomeBook.recordRecallReports(batch, new Map(reports), this.now);
    }
  }

  /** Advances the time and does what is due. @param unread the size of the audience after the cursor */
  pass(milliseconds: number, unread = 0): void {
    this.now += milliseconds;
    this.scheduler.advanceTime(this.now);
    for (
      let next = this.scheduler.findBroadcastToClose(this.now);
      next !== null;
      next = this.scheduler.findBroadcastToClose(this.now)
    ) {
      const { broadcast, reason } = next;
      this.scheduler.closeBroadcast(broadcast.id, broadcast.cursor, unread, reason, this.now);
    }
    this.scheduler.finishBroadcasts(this.now);
  }

  view(id: string) {
    const view = this.commands.viewBroadcast(id);
    if (view === null) throw new Error(`broadcast ${id} does not exist`);
    const { life, tally, waiting, dead } = view;
    return { status: life.status, sent: tally.sent, skipped: tally.skipped, waiting, dead };
  }
}

/** Starts broadcast `b` and reads its audience. */
function startHarness(recipients = 4): { readonly harness: Harness; readonly phones: readonly PhoneNumber[] } {
  const harness = new Harness();
  const phones = PHONES.slice(0, recipients);
  harness.start("b");
  harness.read("b", phones);
  return { harness, phones };
}

describe("a broadcast that is cancelled", () => {
  it("counts all waiting recipients, also if the whole audience has been read", () => {
    const { harness } = startHarness();
    harness.order("b", "cancel");
    harness.pass(0);
    expect(harness.view("b")).toMatchObject({ status: "cancelled", skipped: { cancelled: 4 }, waiting: 0 });
  });

  it("counts a batch without a report, and one that the queue did not accept", () => {
    const { harness } = startHarness();
    harness.next();
    const untaken = harness.next();
    harness.order("b", "cancel");
    harness.scheduler.undoDispatch(untaken, harness.now);
    expect(harness.view("b")).toMatchObject({ skipped: { cancelled: 2 }, waiting: 2 });
    expect(harness.commands.removeBroadcast("b")).toBe(
      "Some recipients are being texted right now. Delete the broadcast in a minute.",
    );
    harness.pass(10 * TIMEOUT);
    expect(harness.view("b")).toMatchObject({ skipped: { cancelled: 4 }, waiting: 0 });
    expect(harness.commands.removeBroadcast("b")).toBeNull();
  });

  it("counts texts in flight as sent, even if another consumer takes the batch meanwhile", () => {
    const { harness, phones } = startHarness();
    const ref = harness.next();
    harness.begin(ref);
    harness.order("b", "cancel");
    expect(harness.begin(ref)).toBeNull();
    expect(harness.scheduler.mayContinueBatch(ref, harness.now)).toBe(false);
    harness.end(ref, phones.slice(0, 1));
    expect(harness.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 3 }, waiting: 0 });
  });

  it("withdraws queued notices even during a delivery check, and retries Senders that do not respond a minute later", () => {
    const { harness, phones } = startHarness(2);
    const ref = harness.next();
    harness.begin(ref);
    harness.end(ref, phones, { kind: "queued" });
    harness.pass(TIMEOUT);
    expect(harness.view("b").status).toBe("done");
    expect(harness.commands.removeBroadcast("b")).toMatch(
      /still wait for some recipients\. Cancel the broadcast first\.$/u,
    );
    const looked = harness.scheduler.listBatchesToCheck(harness.now);
    harness.order("b", "cancel");
    for (const batch of looked)
      harness.outcomeBook.recordDeliveryReports(
        batch,
        new Map(phones.map((phone) => [phone, { outcome: "queued", until: 0 }])),
        harness.now,
      );
    expect(harness.commands.viewBroadcast("b")?.queued).toBe(2);
    expect(harness.commands.removeBroadcast("b")).toMatch(/being withdrawn right now/u);
    harness.recall((phone) => (phone === phones[0] ? CANCELLED : undefined));
    expect(harness.scheduler.listBatchesToRecall(harness.now)).toEqual([]);
    expect(harness.scheduler.nextDueAt(harness.now)).toBe(harness.now + TIMEOUT);
    harness.pass(TIMEOUT);
    harness.recall(() => SENT);
    expect(harness.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
    expect([harness.commands.viewBroadcast("b")?.queued, harness.commands.removeBroadcast("b")]).toEqual([0, null]);
  });

  it("counts the recipients of several batches whose notices are withdrawn", () => {
    const { harness, phones } = startHarness();
    for (const some of [phones.slice(0, 2), phones.slice(2)]) {
      const ref = harness.next();
      harness.begin(ref);
      harness.end(ref, some, { kind: "queued" });
    }
    harness.order("b", "cancel");
    harness.recall(() => CANCELLED);
    expect(harness.view("b").skipped).toEqual({ cancelled: 4 });
    expect(harness.commands.removeBroadcast("b")).toBeNull();
  });

  it("keeps watching the sent texts of a batch, even if it is cancelled during a delivery check", () => {
    const { harness, phones } = startHarness(2);
    const [sent = "", queued = ""] = phones;
    const ref = harness.next();
    harness.begin(ref);
    const outcomes: RecipientOutcomes = [
      [sent, { kind: "sent", segments: 1 }],
      [queued, { kind: "queued" }],
    ];
    harness.outcomeBook.recordOutcomes(ref, outcomes, harness.sendWindow, harness.now);
    harness.pass(TIMEOUT);
    const [looked] = harness.scheduler.listBatchesToCheck(harness.now);
    if (looked === undefined) throw new Error("nothing is looked at");
    harness.order("b", "cancel");
    harness.outcomeBook.recordDeliveryReports(
      looked,
      new Map([[queued, { outcome: "queued", until: 0 }]]),
      harness.now,
    );
    harness.recall(() => CANCELLED);
    expect(harness.commands.viewBroadcast("b")?.queued).toBe(0);
    expect(harness.store.loadBatchSizes("b")).toMatchObject({ watched: { recipients: 1 }, recalled: { batches: 0 } });
    expect(harness.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
  });

  it("withdraws a notice that a Sender queued again after it was sent", () => {
    const { harness, phones } = startHarness(2);
    const ref = harness.next();
    harness.begin(ref);
    harness.end(ref, phones);
    harness.pass(0);
    const look = (report: NoticeReport) => {
      harness.pass(10 * TIMEOUT);
      for (const batch of harness.scheduler.listBatchesToCheck(harness.now))
        harness.outcomeBook.recordDeliveryReports(batch, new Map(phones.map((phone) => [phone, report])), harness.now);
    };
    look({ outcome: "queued", until: 0 });
    expect(harness.view("b")).toMatchObject({ status: "done", sent: 0 });
    expect(harness.commands.viewBroadcast("b")?.queued).toBe(2);
    harness.order("b", "cancel");
    harness.recall(() => CANCELLED);
    expect(harness.view("b")).toMatchObject({ status: "cancelled", skipped: { cancelled: 2 } });
  });

  it("counts recipients whose Sender does not respond until the notice has expired", () => {
    const { harness } = startHarness(2);
    harness.begin(harness.next());
    harness.order("b", "cancel");
    for (let hour = 0; hour < 71; hour += 1) {
      harness.pass(3_600 * SECOND);
      harness.recall(() => undefined);
    }
    expect(harness.commands.viewBroadcast("b")?.queued).toBe(2);
    harness.pass(2 * 3_600 * SECOND);
    harness.recall(() => undefined);
    expect(harness.view("b").skipped).toEqual({ cancelled: 2 });
  });

  it("asks the Senders about a batch whose consumer has crashed", () => {
    const { harness, phones } = startHarness(2);
    harness.begin(harness.next());
    harness.order("b", "cancel");
    harness.pass(10 * TIMEOUT);
    expect(harness.view("b")).toMatchObject({ sent: 0, skipped: {} });
    harness.recall((phone) => (phone === phones[0] ? SENT : null));
    expect(harness.view("b")).toMatchObject({ sent: 1, skipped: { cancelled: 1 } });
  });

  it("withdraws notices that the last consumer reports later", () => {
    const { harness, phones } = startHarness(2);
    const ref = harness.next();
    harness.begin(ref);
    harness.order("b", "cancel");
    harness.outcomeBook.recordOutcomes(
      ref,
      [
        [phones[0] ?? "", { kind: "queued" }],
        [phones[1] ?? "", { kind: "failed", reason: "Error" }],
      ],
      harness.sendWindow,
      harness.now,
    );
    harness.recall(() => CANCELLED);
    expect(harness.view("b")).toMatchObject({ skipped: { cancelled: 2 }, waiting: 0 });
  });

  it("ignores a page of its audience that was being read", () => {
    const harness = new Harness();
    harness.start("b");
    harness.order("b", "cancel");
    harness.read("b", PHONES);
    harness.pass(0, PHONES.length);
    expect(harness.view("b")).toMatchObject({ skipped: { cancelled: PHONES.length }, waiting: 0 });
  });
});

describe("a deadline", () => {
  it("stops consumers that take a batch later or are texting one", () => {
    const harness = new Harness();
    harness.start("b", BEGIN + 100 * SECOND);
    harness.read("b", PHONES.slice(0, 4));
    const [first, second] = [harness.next(), harness.next()];
    harness.begin(first);
    expect(harness.scheduler.mayContinueBatch(first, BEGIN + 99 * SECOND)).toBe(true);
    harness.now = BEGIN + 100 * SECOND;
    expect(harness.scheduler.mayContinueBatch(first, harness.now)).toBe(false);
    harness.end(first, PHONES.slice(0, 1));
    expect(harness.begin(second)).toBeNull();
    harness.pass(10 * TIMEOUT);
    expect(harness.view("b")).toEqual({ status: "done", sent: 1, skipped: { expired: 3 }, waiting: 0, dead: 0 });
  });

  it("cannot be moved before the start of the broadcast", () => {
    const harness = new Harness();
    const begun = { origin: "", segments: 1 };
    harness.commands.saveBroadcast("b", BODY, "BR", harness.now);
    harness.commands.runCommand("b", { kind: "start", at: BEGIN + 100 * SECOND }, begun, harness.now);
    const saved = harness.commands.saveBroadcast(
      "b",
      { ...BODY, deadline: at(BEGIN + 50 * SECOND) },
      "BR",
      harness.now,
    );
    expect(saved).toMatchObject({
      refusal: "The deadline is before the start, so no recipient would be texted. Set a later deadline.",
    });
    harness.commands.saveBroadcast("c", { ...BODY, deadline: at(BEGIN) }, "BR", harness.now);
    expect(harness.commands.runCommand("c", { kind: "start", at: null }, begun, harness.now)).toMatchObject({
      refusal: /deadline/u,
    });
  });

  it("in the far future lets no notice wait longer than the maximum", () => {
    const harness = new Harness();
    const longest = harness.now + NOTICE_SECONDS_MAXIMUM * SECOND;
    harness.start("b", harness.now + 30 * 24 * 3_600 * SECOND);
    const broadcast = harness.store.findBroadcast("b");
    expect(broadcast === null ? null : createBroadcastNotice(broadcast, "+12025550100", harness.now).expiresAt).toBe(
      longest,
    );
  });

  it("ends a paused broadcast", () => {
    const harness = new Harness();
    harness.start("b", BEGIN + 100 * SECOND);
    harness.read("b", PHONES);
    harness.order("b", "pause");
    harness.pass(100 * SECOND);
    expect(harness.view("b")).toMatchObject({ status: "done", skipped: { expired: PHONES.length } });
  });
});

describe("a batch", () => {
  it("does not count a recipient whom a second consumer has postponed for quiet hours", () => {
    const { harness, phones } = startHarness(2);
    const [first = "", second = ""] = phones;
    const ref = harness.next();
    expect(harness.begin(ref)).toEqual([first, second]);
    harness.wakes.set(second, BEGIN + 8 * 3_600 * SECOND);
    expect(harness.begin(ref)).toEqual([first]);
    harness.end(ref, [first, second]);
    expect(harness.view("b")).toMatchObject({ sent: 1, waiting: 1 });
    harness.pass(8 * 3_600 * SECOND);
    const again = harness.next();
    expect(harness.begin(again)).toEqual([second]);
    harness.end(again, [second]);
    harness.pass(0);
    expect(harness.view("b")).toMatchObject({ status: "done", sent: 2, waiting: 0 });
  });

  it("that was put back is nobody's who took it before, until it is given out again", () => {
    const { harness } = startHarness(2);
    const ref = harness.next();
    harness.begin(ref);
    harness.order("b", "pause");
    expect(harness.begin(ref)).toBeNull();
    harness.end(ref, PHONES.slice(0, 2));
    expect(harness.view("b")).toMatchObject({ sent: 0, waiting: 2 });
    harness.order("b", "resume");
    expect(harness.begin(ref)).toBeNull();
    expect(harness.next()).toEqual(ref);
    harness.end(ref, PHONES.slice(0, 2));
    harness.pass(0);
    expect(harness.view("b")).toMatchObject({ status: "done", sent: 2 });
  });

  it("of a deleted broadcast does not become a batch of a new one with the same id", () => {
    const { harness, phones } = startHarness(2);
    const ref = harness.next();
    harness.begin(ref);
    harness.pass(10 * TIMEOUT);
    harness.order("b", "cancel");
    expect(harness.commands.removeBroadcast("b")).toBeNull();
    harness.start("b", undefined, "BR other");
    harness.read("b", phones);
    const other = harness.next();
    expect(other).toMatchObject({ broadcast: ref.broadcast, lot: ref.lot });
    expect([harness.scheduler.mayContinueBatch(ref, harness.now), harness.begin(ref)]).toEqual([false, null]);
    harness.end(ref, phones);
    expect(harness.view("b")).toMatchObject({ sent: 0, waiting: 2 });
    expect(harness.begin(other)).toEqual(phones);
  });

  it("is not dead if the queue delivers nothing for hours, but if all its consumers have crashed", () => {
    const { harness, phones } = startHarness(2);
    for (let minute = 0; minute < 3 * 60; minute += 1) {
      harness.scheduler.dispatchNextBatch(harness.sendWindow, harness.now);
      harness.pass(60 * SECOND);
    }
    expect(harness.view("b")).toMatchObject({ status: "running", dead: 0 });
    for (let death = 0; harness.view("b").dead === 0; death += 1) {
      expect(death).toBeLessThan(5);
      const ref = harness.next();
      expect(harness.begin(ref)).toEqual(phones);
      harness.pass(10 * 60 * SECOND);
    }
    expect(harness.view("b")).toMatchObject({ status: "done", dead: 2 });
  });

  it("waits until daily caps reset, without counting a try", () => {
    const { harness, phones } = startHarness(2);
    for (let day = 1; day < 10; day += 1) {
      const ref = harness.next();
      harness.begin(ref);
      harness.end(ref, phones, { kind: "capped", until: harness.now + 1_000 * SECOND });
      harness.pass(999 * SECOND);
      expect(harness.scheduler.dispatchNextBatch(harness.sendWindow, harness.now)).toBeNull();
      harness.pass(SECOND);
    }
    expect(harness.view("b")).toMatchObject({ status: "running", waiting: 2, dead: 0 });
  });

  it("that is dead can be retried once all others are done, and is counted once", () => {
    const { harness, phones } = startHarness(2);
    const fail = (ref: BatchRef) =>
      harness.outcomeBook.recordOutcomes(
        ref,
        phones.map((phone) => [phone, { kind: "failed", reason: "Error" }]),
        harness.sendWindow,
        harness.now,
      );
    const tried: number[] = [];
    for (let waited = 0; harness.view("b").dead === 0; waited += SECOND) {
      expect(waited).toBeLessThan(100 * TIMEOUT);
      const ref = harness.scheduler.dispatchNextBatch(harness.sendWindow, harness.now);
      if (ref !== null) {
        tried.push(waited / TIMEOUT);
        harness.begin(ref);
        fail(ref);
        fail(ref);
      }
      harness.pass(SECOND);
    }
    expect(tried.map((each) => Math.round(10 * each) / 10)).toEqual([0, 0.1, 0.6, 2.6, 12.6]);
    expect(harness.view("b")).toMatchObject({ status: "done", dead: 2 });
    retryDeadLetters(harness.store, "b", harness.now);
    retryDeadLetters(harness.store, "b", harness.now);
    expect(harness.view("b")).toMatchObject({ status: "running", dead: 0, waiting: 2 });
    const ref = harness.next();
    harness.begin(ref);
    harness.end(ref, phones);
    harness.end(ref, phones);
    harness.pass(0);
    expect(harness.view("b")).toEqual({ status: "done", sent: 2, skipped: {}, waiting: 0, dead: 0 });
  });
});

describe("the broadcasts of a number", () => {
  it("do not time out while one consumer takes all batches in turn", () => {
    const { harness, phones } = startHarness();
    const [first, second] = [harness.next(), harness.next()];
    harness.begin(first);
    harness.pass(2 * TIMEOUT + SECOND);
    harness.end(first, phones.slice(0, 2));
    expect(harness.begin(second)).toEqual(phones.slice(2));
    harness.pass(2 * TIMEOUT + SECOND);
    harness.end(second, phones.slice(2));
    harness.pass(0);
    expect(harness.view("b")).toMatchObject({ status: "done", sent: 4 });
    expect(harness.commands.viewBroadcast("b")?.tally.messages).toBe(2);
  });

  it("take turns, and a paused or cancelled one does not block the others", () => {
    const harness = new Harness();
    for (const id of ["a", "b", "c"]) {
      harness.start(id);
      harness.read(id, PHONES.slice(0, 4));
    }
    const refs = [harness.next(), harness.next()];
    expect(refs.map(({ broadcast }) => broadcast)).toEqual(["a", "b"]);
    expect(harness.scheduler.dispatchNextBatch(harness.sendWindow, harness.now)).toBeNull();
    harness.order("a", "pause");
    harness.order("b", "cancel");
    for (const ref of refs) {
      harness.begin(ref);
      harness.end(ref, []);
    }
    expect([harness.next(), harness.next()].map(({ broadcast }) => broadcast)).toEqual(["c", "c"]);
    expect([harness.view("a").waiting, harness.view("b").skipped, harness.view("c").waiting]).toEqual([
      4,
      { cancelled: 4 },
      4,
    ]);
  });

  it("are checked until nothing is due, however many batches are due at once", () => {
    const harness = new Harness();
    harness.start("b");
    for (let id = 1; id <= 2 * BATCHES_PER_CHECK; id += 1)
      harness.store.saveBatch({ broadcast: "b", id, kind: "watched", due: BEGIN, sent: PHONES, queued: [], looks: 0 });
    harness.read("b", []);
    harness.pass(SECOND);
    const look = () => {
      for (const batch of harness.scheduler.listBatchesToCheck(harness.now))
        harness.outcomeBook.recordDeliveryReports(batch, new Map(), harness.now);
    };
    look();
    expect(harness.scheduler.nextDueAt(harness.now)).toBe(harness.now);
    look();
    expect(harness.scheduler.nextDueAt(harness.now)).toBeGreaterThan(harness.now);
  });
});
