import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BatchAssignment,
  type BatchRef,
  BatchScheduler,
  type SendWindow,
} from "../../src/broadcasts/batch-scheduler.ts";
import { broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import { calculateBulkRate } from "../../src/broadcasts/bulk-rate.ts";
import { BroadcastCommands } from "../../src/broadcasts/commands.ts";
import { OutcomeBook, type RecipientOutcome } from "../../src/broadcasts/outcome-book.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import { BULK_RATE_SHARE } from "../../src/core/limits/broadcasts.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import { readRunCount } from "../support/extent.ts";
import { Chance } from "../support/prng.ts";

const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });
const STEP = 500;
const RUNS = readRunCount("PACE_RUNS", { short: 10, full: 25 });

/** A text and its time. */
interface SentText {
  readonly at: number;
  readonly segments: number;
}

interface Worker {
  readonly ref: BatchRef;
  readonly assignment: BatchAssignment;
  readonly start: number;
  readonly outcomes: (readonly [PhoneNumber, RecipientOutcome])[];
}

/** One number and its broadcasts, each with an endless audience and texts of one length. */
class NumberSimulation {
  now = 1_000_000;
  readonly texts: SentText[] = [];
  readonly #chance: Chance;
  readonly #lengths: readonly number[];
  readonly #sendWindow: SendWindow;
  readonly #database = new DatabaseSync(":memory:");
  #store = this.#open();
  #scheduler = new BatchScheduler(this.#store);
  readonly #queue: { readonly ref: BatchRef; readonly at: number }[] = [];
  #workers: Worker[] = [];

  constructor(seed: number, bulkRate: number, lengths: readonly number[]) {
    this.#chance = new Chance(seed);
    this.#lengths = lengths;
    this.#sendWindow = { bulkRate, batchTimeoutMilliseconds: 30_000, findTextingTime: (_, __, moment) => moment };
    for (const [index, segments] of lengths.entries()) {
      const commands = new BroadcastCommands(this.#store);
      commands.saveBroadcast(`b${index}`, BODY, `BR${index}`, this.now);
      commands.runCommand(`b${index}`, { kind: "start", at: null }, { origin: "", segments }, this.now);
    }
  }

  #open(): BroadcastStore {
    return new BroadcastStore({
      exec: (sql, ...values) => {
        const rows = this.#database.prepare(sql).all(...(values as (string | number | null)[]));
        return { toArray: () => rows as never[], rowsWritten: 0 };
      },
    });
  }

  order(which: string, kind: "pause" | "resume"): void {
    new BroadcastCommands(this.#store).runCommand(which, { kind }, { origin: "", segments: 1 }, this.now);
  }

  /** @param troubles whether there are pauses, restarts of the object and crashes of consumers */
  run(seconds: number, troubles: boolean): void {
    const end = this.now + seconds * 1_000;
    while (this.now < end) {
      this.now += STEP;
      if (troubles) this.#disturb();
      this.#giveOut();
      for (const message of this.#queue.splice(0)) this.#bring(message);
      this.#workers = this.#workers.filter((worker) => this.#text(worker));
    }
  }

  #disturb(): void {
    if (this.#chance.is(0.02)) this.#scheduler = new BatchScheduler((this.#store = this.#open()));
    if (this.#chance.is(0.01)) this.#workers.pop();
    const which = `b${this.#chance.between(0, this.#lengths.length - 1)}`;
    if (this.#chance.is(0.05)) this.order(which, this.#chance.is(0.5) ? "pause" : "resume");
  }

  #giveOut(): void {
    this.#scheduler.advanceTime(this.now);
    for (;;) {
      const ref = this.#scheduler.dispatchNextBatch(this.#sendWindow, this.now);
      if (ref !== null) {
        this.#queue.push({ ref, at: this.now + this.#chance.between(0, 2_000) });
        continue;
      }
      const broadcast = this.#scheduler.findBroadcastToRead(this.#sendWindow, this.now);
      if (broadcast === null) return;
      const from = broadcast.cursor ?? "";
      const next = Number(from.slice(1)) + 1;
      const phones = Array.from({ length: 200 }, (_, index) => `+${String(next + index).padStart(9, "0")}`);
      this.#scheduler.addAudiencePage(broadcast.id, { from, phones, isLast: false }, this.#sendWindow, this.now);
    }
  }

  #bring(message: { readonly ref: BatchRef; readonly at: number }): void {
    if (message.at > this.now) {
      this.#queue.push(message);
      return;
    }
    const assignment = this.#scheduler.assignBatch(message.ref, this.#sendWindow, this.now);
    if (assignment !== null)
      this.#workers.push({ ref: message.ref, assignment, start: this.now + assignment.wait, outcomes: [] });
  }

  /** @returns whether recipients of the batch remain */
  #text({ ref, assignment, start, outcomes }: Worker): boolean {
    const mayContinue = this.#scheduler.mayContinueBatch(ref, this.now);
    const segments = this.#lengths[Number(ref.broadcast.slice(1))] ?? 1;
    const until = mayContinue ? this.now : Number.NEGATIVE_INFINITY;
    for (let at = start + outcomes.length * assignment.every; at <= until; at += assignment.every) {
      const phone = assignment.phones[outcomes.length];
      if (phone === undefined) break;
      this.texts.push({ at, segments });
      outcomes.push([phone, { kind: "sent", segments }]);
    }
    if (mayContinue && outcomes.length < assignment.phones.length) return true;
    new OutcomeBook(this.#store, 30_000).recordOutcomes(ref, outcomes, this.#sendWindow, this.now);
    return false;
  }
}

/** @returns by how many segments the fullest window exceeds the rate */
function findExcess(texts: readonly SentText[], bulkRate: number): number {
  let [total, before, most] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at, segments } of texts.toSorted((a, b) => a.at - b.at)) {
    const allowed = (bulkRate * at) / 1_000;
    before = Math.max(before, allowed - total);
    total += segments;
    most = Math.max(most, total - allowed + before);
  }
  return most;
}

const anyNumber = fc.record({
  seed: fc.nat(),
  bulkRate: fc.constantFrom(0.1, 0.8, 2.4, 4, 12, 80),
  lengths: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
});

describe("the bulk rate of a number", () => {
  it("is kept in every window, over pauses, restarts and crashes, within one recipient", () => {
    let textCount = 0;
    fc.assert(
      fc.property(anyNumber, ({ seed, bulkRate, lengths }) => {
        const number = new NumberSimulation(seed, bulkRate, lengths);
        number.run(300, true);
        textCount += number.texts.length;
        expect(findExcess(number.texts, bulkRate)).toBeLessThanOrEqual(Math.max(...lengths) + 0.001);
      }),
      { numRuns: RUNS },
    );
    expect(textCount).toBeGreaterThan(RUNS * 40);
  });

  it("is used to 95 % in every minute while recipients remain", () => {
    fc.assert(
      fc.property(anyNumber, ({ seed, bulkRate, lengths }) => {
        const number = new NumberSimulation(seed, bulkRate, lengths);
        number.run(300, false);
        const longest = Math.max(...lengths);
        const first = number.texts[0]?.at ?? 0;
        for (let start = first; start + 60_000 <= number.now - STEP; start += 7_000) {
          const inWindow = number.texts.filter(({ at }) => start <= at && at < start + 60_000);
          const segments = inWindow.reduce((sum, each) => sum + each.segments, 0);
          expect(segments).toBeGreaterThanOrEqual(bulkRate * 60 * 0.95 - longest);
        }
      }),
      { numRuns: Math.ceil(RUNS * 0.6) },
    );
  });

  it("is available at once after a pause, even if interrupted batches had reserved minutes", () => {
    const number = new NumberSimulation(1, 0.8, [1]);
    number.run(10, false);
    number.order("b0", "pause");
    number.run(4, false);
    const before = number.texts.length;
    number.order("b0", "resume");
    const resumed = number.now;
    number.run(60, false);
    expect(number.texts[before]?.at).toBeLessThan(resumed + 5_000);
    expect(number.texts.length - before).toBeGreaterThanOrEqual(0.8 * 55);
    expect(findExcess(number.texts, 0.8)).toBeLessThanOrEqual(1.001);
  });

  it.each([
    ["a long code", { type: "long-code" }, 1],
    ["a toll-free number", { type: "toll-free" }, 3],
    ["a short code", { type: "short-code" }, 100],
    ["a number with a configured rate", { type: "long-code", segmentsPerSecond: 12.5 }, 12.5],
    ["a number without a configured rate", { type: "toll-free", segmentsPerSecond: null }, 3],
  ] as const)("leaves a fifth of the rate of %s to answers", (_, number, segmentsPerSecond) => {
    expect(calculateBulkRate(number)).toBeCloseTo(segmentsPerSecond * 0.8);
    expect(BULK_RATE_SHARE).toBe(0.8);
  });
});
