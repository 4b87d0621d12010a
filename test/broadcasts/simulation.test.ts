import { describe, expect, it } from "vitest";
import { Accounting, type Outcome } from "../../src/broadcasts/accounting.ts";
import { broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import { Desk } from "../../src/broadcasts/desk.ts";
import { type Conditions, Dispatcher, type LotName, type Work } from "../../src/broadcasts/dispatcher.ts";
import { BroadcastStore } from "../../src/broadcasts/store.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { NoticeReport } from "../../src/sender/notices.ts";
import { readRunCount } from "../support/extent.ts";
import { Chance } from "../support/prng.ts";
import { memory } from "../support/sql.ts";

const SECOND = 1_000;
const BODY = broadcastSchema.parse({ list: "news", text: "Hello", quiet: null });

/** A person's Sender: what it decides on a notice it decides once. */
interface Person {
  readonly phone: PhoneNumber;
  readonly verdict: "sent" | "queued" | "refused";
  texts: number;
  handed: number;
}

/** One broadcast to some people, in a world where whoever texts a lot dies, the queue loses messages and brings others twice. */
class World {
  now = 1_000_000;
  readonly #source: Chance;
  readonly #sql = memory();
  store = new BroadcastStore(this.#sql);
  dispatcher = new Dispatcher(this.store);
  accounting = new Accounting(this.store, 30 * SECOND);
  desk = new Desk(this.store);
  readonly people: Map<PhoneNumber, Person>;
  readonly queue: { readonly name: LotName; readonly at: number }[] = [];
  readonly working: {
    readonly name: LotName;
    readonly work: Work;
    readonly outcomes: (readonly [PhoneNumber, Outcome])[];
    next: number;
  }[] = [];
  /** When each text was begun. */
  readonly moments: number[] = [];
  messages = 0;
  readonly troubles: boolean;
  readonly conditions: Conditions;

  constructor(seed: number, people: number, pace: number, troubles: boolean) {
    this.troubles = troubles;
    this.#source = new Chance(seed);
    this.conditions = { pace, unheard: 30 * SECOND, opensAt: (_, phone, moment) => this.opensAt(phone, moment) };
    this.people = new Map(
      Array.from({ length: people }, (_, index) => {
        const phone = `+1202555${String(index).padStart(6, "0")}`;
        const verdict = this.#chance(0.9) ? "sent" : this.#chance(0.5) ? "queued" : "refused";
        return [phone, { phone, verdict, texts: 0, handed: 0 }];
      }),
    );
  }

  /** One person of ten sleeps for the first hour. */
  opensAt(phone: PhoneNumber, moment: number): number {
    return phone.endsWith("7") ? Math.max(moment, 1_000_000 + 3_600 * SECOND) : moment;
  }

  #chance(probability: number): boolean {
    return this.#source.is(probability);
  }

  start(): void {
    this.desk.save("b", BODY, "BR", this.now);
    this.desk.order("b", { kind: "start", at: null }, { origin: "https://parley.example", segments: 1 }, this.now);
  }

  /** The object dies and wakes: only what is stored is left. */
  die(): void {
    this.store = new BroadcastStore(this.#sql);
    this.dispatcher = new Dispatcher(this.store);
    this.accounting = new Accounting(this.store, 30 * SECOND);
    this.desk = new Desk(this.store);
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
    this.dispatcher.tick(this.now);
    for (let next = this.dispatcher.toClose(this.now); next !== null; next = this.dispatcher.toClose(this.now)) {
      const { broadcast, reason } = next;
      const unread = [...this.people.keys()].filter(
        (phone) => broadcast.cursor !== null && phone > broadcast.cursor,
      ).length;
      this.dispatcher.close("b", broadcast.cursor, unread, reason, this.now);
    }
    for (;;) {
      const name = this.dispatcher.next(this.conditions, this.now);
      if (name !== null) {
        this.messages += 1;
        if (!this.troubles || !this.#chance(0.05))
          this.queue.push({ name, at: this.now + this.#source.next() * 3 * SECOND });
        if (this.troubles && this.#chance(0.05))
          this.queue.push({ name, at: this.now + this.#source.next() * 90 * SECOND });
        continue;
      }
      const broadcast = this.dispatcher.toRead(this.conditions, this.now);
      if (broadcast === null) break;
      const from = broadcast.cursor ?? "";
      const phones = [...this.people.keys()].filter((phone) => phone > from).slice(0, 500);
      this.dispatcher.read("b", { from, phones, isLast: phones.length < 500 }, this.conditions, this.now);
    }
    this.dispatcher.finish(this.now);
  }

  #bring(message: { readonly name: LotName; readonly at: number }): void {
    if (message.at > this.now) {
      this.queue.push(message);
      return;
    }
    const work = this.dispatcher.begin(message.name, this.conditions, this.now);
    if (work !== null) this.working.push({ name: message.name, work, outcomes: [], next: this.now + work.wait });
  }

  #work(worker: World["working"][number]): void {
    if (this.troubles && this.#chance(0.02)) return;
    const { work, outcomes, name } = worker;
    if (this.dispatcher.goesOn(name, this.now)) this.#textOn(worker);
    if (this.dispatcher.goesOn(name, this.now) && outcomes.length < work.phones.length) this.working.push(worker);
    else if (!this.troubles || !this.#chance(0.05)) {
      this.accounting.end(name, outcomes, this.conditions, this.now);
      if (this.troubles && this.#chance(0.1)) this.accounting.end(name, outcomes, this.conditions, this.now);
    }
  }

  #textOn(worker: World["working"][number]): void {
    const { work, outcomes } = worker;
    while (outcomes.length < work.phones.length && worker.next <= this.now) {
      const phone = work.phones[outcomes.length] ?? "";
      outcomes.push([phone, this.#text(phone, worker.next)]);
      worker.next += work.every;
    }
  }

  #text(phone: PhoneNumber, at: number): Outcome {
    const person = this.people.get(phone);
    if (person === undefined) throw new Error(`${phone} is nobody's`);
    if (this.opensAt(phone, at) > at) throw new Error(`${phone} sleeps`);
    if (this.troubles && this.#chance(0.01)) return { kind: "failed", reason: "Error" };
    person.handed += 1;
    if (person.handed === 1 && person.verdict === "sent") {
      person.texts += 1;
      this.moments.push(at);
    }
    switch (person.verdict) {
      case "sent":
        return { kind: "sent", segments: 1 };
      case "queued":
        return { kind: "queued" };
      case "refused":
        return { kind: "refused", reason: "opted-out" };
    }
  }

  #look(): void {
    for (const lot of this.dispatcher.toLook(this.now)) {
      const reports = [...lot.sent, ...lot.queued].map((phone): [PhoneNumber, NoticeReport | null] => {
        const at = new Date(this.now).toISOString();
        const status = this.#chance(0.5) ? ("delivered" as const) : ("queued" as const);
        const messages = [{ id: "1.0", status, sid: null, error: null, at }];
        return [phone, { outcome: "sent", at: this.now, messages, segments: 1 }];
      });
      this.accounting.looked(lot, new Map(reports), this.now);
    }
  }

  get view() {
    const view = this.desk.view("b");
    if (view === null) throw new Error("there is no broadcast");
    return view;
  }

  /** Until nobody is left, and it is known what has become of everybody. */
  run(seconds: number): void {
    for (let second = 0; second < seconds && this.view.life.status !== "done"; second += 1) this.step();
  }
}

/** `BROADCAST_LIVES=1000` for many more. */
const SEEDS = Array.from({ length: readRunCount("BROADCAST_LIVES", { short: 3, full: 8 }) }, (_, index) => index + 1);

describe("a broadcast", () => {
  it.each(SEEDS)("misses nobody and texts nobody twice, whoever dies (seed %i)", (seed) => {
    const world = new World(seed, 1_500, 20, true);
    world.start();
    world.run(20_000);
    for (let retry = 0; world.view.dead > 0 && retry < 10; retry += 1) {
      world.desk.retry("b", world.now);
      world.run(20_000);
    }
    expect(world.view.life.status).toBe("done");
    const people = [...world.people.values()];
    expect(people.filter(({ handed }) => handed === 0)).toEqual([]);
    expect(people.filter(({ texts }) => texts > 1)).toEqual([]);
    const { tally, dead, waiting } = world.view;
    expect([dead, waiting]).toEqual([0, 0]);
    const refused = people.filter(({ verdict }) => verdict === "refused").length;
    expect(tally.skipped).toEqual({ "opted-out": refused });
    for (let day = 0; day < 4 * 24 * 60; day += 1) {
      world.now += 60 * SECOND;
      world.step();
    }
    expect(world.view.tally.sent).toBe(people.length - refused);
    expect(world.view.tally.delivered + world.view.queued).toBeGreaterThan(0.9 * world.view.tally.sent);
  });

  it.each([1, 2])("keeps its pace, and packs its messages (seed %i)", (seed) => {
    const world = new World(seed, 6_000, 40, false);
    world.start();
    world.run(4_000);
    const awake = world.moments.filter((moment) => moment < 1_000_000 + 3_600 * SECOND).toSorted((a, b) => a - b);
    const seconds = ((awake.at(-1) ?? 0) - (awake[0] ?? 0)) / SECOND;
    // Nine of ten are not asleep, and of them nine of ten are texted; the others take their moment too.
    const turns = 6_000 * 0.9;
    expect(turns / seconds).toBeGreaterThan(40 * 0.95);
    expect(turns / seconds).toBeLessThan(40 * 1.05);
    expect(world.view.life.status).toBe("done");
    expect((world.messages * 3) / 6_000).toBeLessThanOrEqual(0.05);
    expect(world.view.tally.messages).toBe(world.messages);
  });

  it("can be paused, resumed and cancelled, and whoever is left is counted", () => {
    const world = new World(7, 2_000, 20, false);
    world.start();
    for (let second = 0; second < 30; second += 1) world.step();
    world.desk.order("b", { kind: "pause" }, { origin: "", segments: 1 }, world.now);
    for (let second = 0; second < 10; second += 1) world.step();
    const paused = world.moments.length;
    for (let second = 0; second < 500; second += 1) world.step();
    expect(world.moments.length).toBe(paused);
    world.desk.order("b", { kind: "resume" }, { origin: "", segments: 1 }, world.now);
    for (let second = 0; second < 20; second += 1) world.step();
    const burst = world.moments.length - paused;
    expect(burst).toBeGreaterThan(200);
    expect(burst).toBeLessThanOrEqual(21 * 20);
    world.desk.order("b", { kind: "cancel" }, { origin: "", segments: 1 }, world.now);
    // Lots that are still in the queue are counted once nobody can be texting them any more.
    for (let second = 0; second < 120; second += 1) world.step();
    const { tally, life, waiting, queued } = world.view;
    expect(life.status).toBe("cancelled");
    const skipped = Object.values(tally.skipped).reduce((sum, people) => sum + people, 0);
    expect(tally.sent + skipped + waiting + queued).toBe(2_000);
    expect(waiting).toBe(0);
    expect(world.moments.length).toBe([...world.people.values()].filter(({ texts }) => texts === 1).length);
  });
});
