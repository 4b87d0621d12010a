import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Accounting, type Outcome } from "../../src/broadcasts/accounting.ts";
import { broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import { Desk } from "../../src/broadcasts/desk.ts";
import { type Conditions, Dispatcher, type LotName, type Work } from "../../src/broadcasts/dispatcher.ts";
import { bulkPace } from "../../src/broadcasts/pace.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import { BULK_SHARE } from "../../src/core/limits/broadcasts.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import { readRunCount } from "../support/extent.ts";
import { Chance } from "../support/prng.ts";

const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });
const STEP = 500;
const RUNS = readRunCount("PACE_RUNS", { short: 10, full: 25 });

/** A text that was begun. */
interface Begun {
  readonly at: number;
  readonly segments: number;
}

interface Worker {
  readonly name: LotName;
  readonly work: Work;
  readonly start: number;
  readonly done: (readonly [PhoneNumber, Outcome])[];
}

/** One of our numbers and its broadcasts, each with an endless audience and texts of one length. */
class Line {
  now = 1_000_000;
  readonly begun: Begun[] = [];
  readonly #chance: Chance;
  readonly #lengths: readonly number[];
  readonly #conditions: Conditions;
  readonly #database = new DatabaseSync(":memory:");
  #store = this.#open();
  #dispatcher = new Dispatcher(this.#store);
  readonly #queue: { readonly name: LotName; readonly at: number }[] = [];
  #workers: Worker[] = [];

  constructor(seed: number, pace: number, lengths: readonly number[]) {
    this.#chance = new Chance(seed);
    this.#lengths = lengths;
    this.#conditions = { pace, unheard: 30_000, opensAt: (_, __, moment) => moment };
    for (const [index, segments] of lengths.entries()) {
      const desk = new Desk(this.#store);
      desk.save(`b${index}`, BODY, `BR${index}`, this.now);
      desk.order(`b${index}`, { kind: "start", at: null }, { origin: "", segments }, this.now);
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
    new Desk(this.#store).order(which, { kind }, { origin: "", segments: 1 }, this.now);
  }

  /** @param troubles pauses, restarts of the object, and deaths of whoever texts */
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
    if (this.#chance.is(0.02)) this.#dispatcher = new Dispatcher((this.#store = this.#open()));
    if (this.#chance.is(0.01)) this.#workers.pop();
    const which = `b${this.#chance.between(0, this.#lengths.length - 1)}`;
    if (this.#chance.is(0.05)) this.order(which, this.#chance.is(0.5) ? "pause" : "resume");
  }

  #giveOut(): void {
    this.#dispatcher.tick(this.now);
    for (;;) {
      const name = this.#dispatcher.next(this.#conditions, this.now);
      if (name !== null) {
        this.#queue.push({ name, at: this.now + this.#chance.between(0, 2_000) });
        continue;
      }
      const broadcast = this.#dispatcher.toRead(this.#conditions, this.now);
      if (broadcast === null) return;
      const from = broadcast.cursor ?? "";
      const next = Number(from.slice(1)) + 1;
      const phones = Array.from({ length: 200 }, (_, index) => `+${String(next + index).padStart(9, "0")}`);
      this.#dispatcher.read(broadcast.id, { from, phones, isLast: false }, this.#conditions, this.now);
    }
  }

  #bring(message: { readonly name: LotName; readonly at: number }): void {
    if (message.at > this.now) {
      this.#queue.push(message);
      return;
    }
    const work = this.#dispatcher.begin(message.name, this.#conditions, this.now);
    if (work !== null) this.#workers.push({ name: message.name, work, start: this.now + work.wait, done: [] });
  }

  /** @returns whether somebody of the lot is left */
  #text({ name, work, start, done }: Worker): boolean {
    const goesOn = this.#dispatcher.goesOn(name, this.now);
    const segments = this.#lengths[Number(name.broadcast.slice(1))] ?? 1;
    const until = goesOn ? this.now : Number.NEGATIVE_INFINITY;
    for (let at = start + done.length * work.every; at <= until; at += work.every) {
      const phone = work.phones[done.length];
      if (phone === undefined) break;
      this.begun.push({ at, segments });
      done.push([phone, { kind: "sent", segments }]);
    }
    if (goesOn && done.length < work.phones.length) return true;
    new Accounting(this.#store, 30_000).end(name, done, this.#conditions, this.now);
    return false;
  }
}

/** @returns by how many segments the fullest window exceeds what the pace allows in it */
function excess(begun: readonly Begun[], pace: number): number {
  let [total, before, most] = [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { at, segments } of begun.toSorted((a, b) => a.at - b.at)) {
    const allowed = (pace * at) / 1_000;
    before = Math.max(before, allowed - total);
    total += segments;
    most = Math.max(most, total - allowed + before);
  }
  return most;
}

const anyNumber = fc.record({
  seed: fc.nat(),
  pace: fc.constantFrom(0.1, 0.8, 2.4, 4, 12, 80),
  lengths: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
});

describe("the pace of a number", () => {
  it("is kept in every window, over pauses, restarts and deaths, with one recipient to spare", () => {
    let begun = 0;
    fc.assert(
      fc.property(anyNumber, ({ seed, pace, lengths }) => {
        const number = new Line(seed, pace, lengths);
        number.run(300, true);
        begun += number.begun.length;
        expect(excess(number.begun, pace)).toBeLessThanOrEqual(Math.max(...lengths) + 0.001);
      }),
      { numRuns: RUNS },
    );
    expect(begun).toBeGreaterThan(RUNS * 40);
  });

  it("is used to 95 % in every minute, while there is somebody to be texted", () => {
    fc.assert(
      fc.property(anyNumber, ({ seed, pace, lengths }) => {
        const number = new Line(seed, pace, lengths);
        number.run(300, false);
        const longest = Math.max(...lengths);
        const first = number.begun[0]?.at ?? 0;
        for (let start = first; start + 60_000 <= number.now - STEP; start += 7_000) {
          const inWindow = number.begun.filter(({ at }) => start <= at && at < start + 60_000);
          const segments = inWindow.reduce((sum, each) => sum + each.segments, 0);
          expect(segments).toBeGreaterThanOrEqual(pace * 60 * 0.95 - longest);
        }
      }),
      { numRuns: Math.ceil(RUNS * 0.6) },
    );
  });

  it("is not lost to a pause: who has been resumed goes on at once, though the lots before were to take minutes", () => {
    const line = new Line(1, 0.8, [1]);
    line.run(10, false);
    line.order("b0", "pause");
    line.run(4, false);
    const before = line.begun.length;
    line.order("b0", "resume");
    const resumed = line.now;
    line.run(60, false);
    expect(line.begun[before]?.at).toBeLessThan(resumed + 5_000);
    expect(line.begun.length - before).toBeGreaterThanOrEqual(0.8 * 55);
    expect(excess(line.begun, 0.8)).toBeLessThanOrEqual(1.001);
  });

  it.each([
    ["a long code", { type: "long-code" }, 1],
    ["a toll-free number", { type: "toll-free" }, 3],
    ["a short code", { type: "short-code" }, 100],
    ["one that its operator knows better", { type: "long-code", segmentsPerSecond: 12.5 }, 12.5],
    ["one of which nothing is said", { type: "toll-free", segmentsPerSecond: null }, 3],
  ] as const)("of %s leaves a fifth to answers", (_, number, pace) => {
    expect(bulkPace(number)).toBeCloseTo(pace * 0.8);
    expect(BULK_SHARE).toBe(0.8);
  });
});
