import { DurableObject } from "cloudflare:workers";
import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { Alarm } from "../core/alarm.ts";
import { SENDERS_AT_ONCE } from "../core/limits/admin.ts";
import { AUDIENCE_ROWS_PER_READ, BROADCAST_AGAIN_MILLISECONDS } from "../core/limits/broadcasts.ts";
import { log } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { paceOf } from "../core/send-timing.ts";
import { chunks, openDatabase } from "../db/change.ts";
import { countSubscribers, subscribersOf } from "../notify/store.ts";
import type { NoticeReport } from "../sender/records/notice-log.ts";
import { Accounting, type Outcomes } from "./accounting.ts";
import { type Broadcast, type BroadcastBody, noticeOf } from "./broadcast.ts";
import { conditionsOf } from "./conditions.ts";
import { type DeadLetter, Desk, type Ordered, type Saved, type View } from "./desk.ts";
import { type AudiencePage, type Conditions, Dispatcher, type LotName, type Work } from "./dispatcher.ts";
import type { Order } from "./life.ts";
import type { Lot } from "./lots.ts";
import { BroadcastStore } from "./store.ts";

/** A lot, as a message of the queue names it. */
export interface LotMessage extends LotName {
  readonly number: PhoneNumber;
}

/** What whoever texts a lot is to do. */
export interface LotWork extends Pick<Work, "phones" | "wait" | "every"> {
  /** A `Notice` as JSON, whose depth the types of RPC cannot follow: what each recipient's Sender is handed. */
  readonly notice: string;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
}

/** Where the object keeps which number it is for. */
const NUMBER = "number";

/**
 * All broadcasts of one of our numbers, since it is the number that has a pace. A thin shell around `Desk`, `Dispatcher` and `Accounting`: every
 * event is one synchronous transaction. The queue may lose a message, or bring it twice, and whoever has taken it may die: a lot of which nobody
 * tells is given out again, and each recipient's Sender sees to it that they get no second one.
 */
export class Broadcasts extends DurableObject<Env> {
  readonly #store: BroadcastStore;
  readonly #alarm: Alarm;
  readonly #desk: Desk;
  readonly #dispatcher: Dispatcher;
  readonly #accounting: Accounting;
  /** Milliseconds. */
  readonly #settle: number;
  /** Set while somebody sees to what is due; then once more, where something has happened meanwhile. */
  #busy: "no" | "yes" | "again" = "no";

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new BroadcastStore(ctx.storage.sql);
    this.#alarm = new Alarm({ setAlarm: (at) => void ctx.storage.setAlarm(at) });
    this.#settle = paceOf(env.SETTLE_SECONDS).settleAfter;
    this.#desk = new Desk(this.#store);
    this.#dispatcher = new Dispatcher(this.#store);
    this.#accounting = new Accounting(this.#store, this.#settle);
    void ctx.blockConcurrencyWhile(async () => this.#alarm.found(await ctx.storage.getAlarm()));
  }

  /** @param notice an id that no other broadcast has: two letters and 32 hexadecimal digits */
  save(id: string, body: BroadcastBody, notice: string): Saved {
    // An object that its alarm wakes may not be told its own name.
    if (this.ctx.id.name !== undefined) this.ctx.storage.kv.put(NUMBER, this.ctx.id.name);
    return this.#commit(() => this.#desk.save(id, body, notice, Date.now()));
  }

  /** @returns those of the broadcasts that there are */
  views(ids: readonly string[]): readonly View[] {
    return ids.flatMap((id) => this.#desk.view(id) ?? []);
  }

  /** @returns null where there is no such broadcast */
  order(id: string, order: Order, start: { readonly origin: string; readonly segments: number }): Ordered | null {
    const outcome = this.#commit(() => this.#desk.order(id, order, start, Date.now()));
    this.#goOn();
    return outcome;
  }

  /** @returns a sentence that says why it cannot be, or null */
  remove(id: string): string | null {
    return this.#commit(() => this.#desk.remove(id));
  }

  /** @param after the last lot that is known; 0: none is @returns null where there is no such broadcast */
  deadLetters(id: string, after: number, limit: number): readonly DeadLetter[] | null {
    return this.#desk.deadLetters(id, after, limit);
  }

  /** Tries those once more who could not be texted. @returns null where there is no such broadcast */
  retry(id: string): Ordered | null {
    const outcome = this.#commit(() => this.#desk.retry(id, Date.now()));
    this.#goOn();
    return outcome;
  }

  /** Whoever has taken a lot from the queue asks what is to be done. @returns null: nothing */
  async begin(name: LotMessage): Promise<LotWork | null> {
    const conditions = await this.#conditionsNow(name.number);
    const work = this.#commit(() => this.#dispatcher.begin(name, conditions, Date.now()));
    if (work === null) {
      this.#goOn();
      return null;
    }
    const { broadcast, phones, wait, every } = work;
    const notice = JSON.stringify(noticeOf(broadcast, name.number, Date.now()));
    return { phones, wait, every, notice, origin: broadcast.origin };
  }

  /** May whoever texts a lot go on? */
  goesOn(name: LotName): boolean {
    return this.#dispatcher.goesOn(name, Date.now());
  }

  /** Takes what has come of a lot. */
  async end(name: LotMessage, outcomes: Outcomes): Promise<void> {
    const conditions = conditionsOf(name.number, await this.#configuration(), this.#settle, null);
    this.#commit(() => this.#accounting.end(name, outcomes, conditions, Date.now()));
    this.#goOn();
  }

  /** Sees to what is due, whatever has become of the alarm. @returns whether a broadcast is under way, or something is being called off */
  wake(): boolean {
    this.#alarm.found(null);
    this.#goOn();
    return this.#store.live().length > 0 || this.#store.firstDue("recalled", 0) !== null;
  }

  /** Never throws: the runtime gives up an alarm that has failed six times. */
  override async alarm(): Promise<void> {
    this.#alarm.found(null);
    await this.#proceed();
  }

  #goOn(): void {
    this.ctx.waitUntil(this.#proceed());
  }

  /** Does all that is due now, then sees to it that the object wakes for the rest. */
  async #proceed(): Promise<void> {
    if (this.#busy !== "no") {
      this.#busy = "again";
      return;
    }
    try {
      do {
        this.#busy = "yes";
        await this.#step();
      } while (this.#isAgain());
      const due = this.#dispatcher.dueAt(Date.now());
      if (due !== null) this.#alarm.set(due, Date.now());
    } catch (error) {
      log("error", "broadcasts-failed", { error: error instanceof Error ? error.name : "unknown" });
      this.#alarm.set(Date.now() + BROADCAST_AGAIN_MILLISECONDS, Date.now());
    } finally {
      this.#busy = "no";
    }
  }

  #isAgain(): boolean {
    return this.#busy === "again";
  }

  async #step(): Promise<void> {
    this.#commit(() => this.#dispatcher.tick(Date.now()));
    await this.#close();
    await this.#giveOut();
    this.#commit(() => this.#dispatcher.finish(Date.now()));
    await this.#look();
    await this.#recall();
  }

  /** Counts who is left of a broadcast that texts nobody else. */
  async #close(): Promise<void> {
    for (let next = this.#dispatcher.toClose(Date.now()); next !== null; next = this.#dispatcher.toClose(Date.now())) {
      const { broadcast, reason } = next;
      const { cursor, body, id } = broadcast;
      const unread = cursor === null ? 0 : await countSubscribers(openDatabase(this.env.DB), body.list, cursor);
      this.#commit(() => this.#dispatcher.close(id, cursor, unread, reason, Date.now()));
    }
  }

  /** Puts lots into the queue, and reads the audience on, until the number has enough to carry. */
  async #giveOut(): Promise<void> {
    const number = this.ctx.storage.kv.get<PhoneNumber>(NUMBER);
    if (number === undefined || this.#store.live().length === 0) return;
    const conditions = await this.#conditionsNow(number);
    for (;;) {
      const name = this.#commit(() => this.#dispatcher.next(conditions, Date.now()));
      if (name !== null) {
        await this.#enqueue({ number, ...name });
        continue;
      }
      const broadcast = this.#dispatcher.toRead(conditions, Date.now());
      if (broadcast === null) return;
      const page = await this.#readAudience(broadcast);
      this.#commit(() => this.#dispatcher.read(broadcast.id, page, conditions, Date.now()));
    }
  }

  async #enqueue(message: LotMessage): Promise<void> {
    try {
      await this.env.BROADCAST_QUEUE.send(message);
    } catch (error) {
      this.#commit(() => this.#dispatcher.untaken(message, Date.now()));
      throw error;
    }
  }

  async #readAudience({ body, cursor }: Broadcast): Promise<AudiencePage> {
    const from = cursor ?? "";
    const rows = await subscribersOf(openDatabase(this.env.DB), body.list, "on", from, AUDIENCE_ROWS_PER_READ);
    return { from, phones: rows.map(({ phone }) => phone), isLast: rows.length < AUDIENCE_ROWS_PER_READ };
  }

  /** Asks the Senders what has become of texts that were sent. */
  async #look(): Promise<void> {
    for (const lot of this.#dispatcher.toLook(Date.now())) {
      const notice = this.#noticeOf(lot);
      const reports = await this.#ask([...lot.sent, ...lot.queued], (sender) => sender.noticed(notice));
      this.#commit(() => this.#accounting.looked(lot, reports, Date.now()));
    }
  }

  /** Calls off what waits at Senders. */
  async #recall(): Promise<void> {
    for (const lot of this.#dispatcher.toRecall(Date.now())) {
      const notice = this.#noticeOf(lot);
      const reports = await this.#ask(lot.phones, (sender) => sender.withdraw(notice));
      this.#commit(() => this.#accounting.recalled(lot, reports, Date.now()));
    }
  }

  #noticeOf({ broadcast }: Pick<Lot, "broadcast">): string {
    return this.#store.broadcast(broadcast)?.notice ?? "";
  }

  /** @returns what each Sender answers; whoever cannot be asked now is missing */
  async #ask(
    phones: readonly PhoneNumber[],
    question: (sender: ReturnType<Env["SENDER"]["getByName"]>) => Promise<NoticeReport | null>,
  ): Promise<ReadonlyMap<PhoneNumber, NoticeReport | null>> {
    const reports = new Map<PhoneNumber, NoticeReport | null>();
    for (const some of chunks(phones, SENDERS_AT_ONCE))
      await Promise.all(
        some.map(async (phone) => {
          const report = await question(this.env.SENDER.getByName(phone)).catch(() => undefined);
          if (report !== undefined) reports.set(phone, report);
        }),
      );
    return reports;
  }

  /** With what the daily caps leave now. */
  async #conditionsNow(number: PhoneNumber): Promise<Conditions> {
    const snapshot = await this.#configuration();
    const { caps } = snapshot.brakesOn(number);
    if (caps === null) return conditionsOf(number, snapshot, this.#settle, null);
    const meter = this.env.METER.getByName(snapshot.numbers.get(number)?.account ?? "");
    // One that does not answer stops nobody.
    const remaining = await meter.remaining(number, caps).catch(() => null);
    return conditionsOf(number, snapshot, this.#settle, remaining);
  }

  #configuration(): Promise<Snapshot> {
    return configuration(this.env, (work) => this.ctx.waitUntil(work));
  }

  /** One event, all of it or nothing. */
  #commit<Value>(work: () => Value): Value {
    return this.ctx.storage.transactionSync(work);
  }
}
