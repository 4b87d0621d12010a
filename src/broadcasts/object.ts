import { DurableObject } from "cloudflare:workers";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { SENDERS_AT_ONCE } from "../core/limits/admin.ts";
import { AUDIENCE_ROWS_PER_READ, BROADCAST_RETRY_MILLISECONDS } from "../core/limits/broadcasts.ts";
import { logEvent } from "../core/log.ts";
import { ObjectAlarm } from "../core/object-alarm.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { parseSendTiming } from "../core/send-timing.ts";
import { openDatabase, splitIntoChunks } from "../db/database.ts";
import { countSubscribers, listSubscribers } from "../notify/store.ts";
import type { NoticeReport } from "../sender/records/notice-report.ts";
import type { Batch } from "./batch.ts";
import {
  type AudiencePage,
  type BatchAssignment,
  type BatchRef,
  BatchScheduler,
  type SendWindow,
} from "./batch-scheduler.ts";
import { type Broadcast, type BroadcastBody, createBroadcastNotice } from "./broadcast.ts";
import {
  BroadcastCommands,
  type BroadcastSaveResult,
  type BroadcastView,
  type CommandResult,
  type DeadLetter,
} from "./commands.ts";
import type { BroadcastCommand } from "./lifecycle.ts";
import { OutcomeBook, type RecipientOutcomes } from "./outcome-book.ts";
import { createSendWindow } from "./send-window.ts";
import { BroadcastStore } from "./store.ts";

/** A lot, as a message of the queue names it. */
export interface BatchMessage extends BatchRef {
  readonly number: PhoneNumber;
}

/** What whoever texts a lot is to do. */
export interface ConsumerAssignment extends Pick<BatchAssignment, "phones" | "wait" | "every"> {
  /** A `Notice` as JSON, whose depth the types of RPC cannot follow: what each recipient's Sender is handed. */
  readonly notice: string;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
}

/** Where the object keeps which number it is for. */
const NUMBER_KEY = "number";

/**
 * All broadcasts of one of our numbers, since it is the number that has a pace. A thin shell around `Desk`, `Dispatcher` and `Accounting`: every
 * event is one synchronous transaction. The queue may lose a message, or bring it twice, and whoever has taken it may die: a lot of which nobody
 * tells is given out again, and each recipient's Sender sees to it that they get no second one.
 */
export class Broadcasts extends DurableObject<Env> {
  readonly #store: BroadcastStore;
  readonly #alarm: ObjectAlarm;
  readonly #commands: BroadcastCommands;
  readonly #scheduler: BatchScheduler;
  readonly #outcomeBook: OutcomeBook;
  /** Milliseconds. */
  readonly #settleMilliseconds: number;
  /** Set while somebody sees to what is due; then once more, where something has happened meanwhile. */
  #workState: "no" | "yes" | "again" = "no";

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new BroadcastStore(ctx.storage.sql);
    this.#alarm = new ObjectAlarm({ setAlarm: (at) => void ctx.storage.setAlarm(at) });
    this.#settleMilliseconds = parseSendTiming(env.SETTLE_SECONDS).settleAfter;
    this.#commands = new BroadcastCommands(this.#store);
    this.#scheduler = new BatchScheduler(this.#store);
    this.#outcomeBook = new OutcomeBook(this.#store, this.#settleMilliseconds);
    void ctx.blockConcurrencyWhile(async () => this.#alarm.restoreAlarm(await ctx.storage.getAlarm()));
  }

  /** @param notice an id that no other broadcast has: two letters and 32 hexadecimal digits */
  save(id: string, body: BroadcastBody, notice: string): BroadcastSaveResult {
    // An object that its alarm wakes may not be told its own name.
    if (this.ctx.id.name !== undefined) this.ctx.storage.kv.put(NUMBER_KEY, this.ctx.id.name);
    return this.#runTransaction(() => this.#commands.saveBroadcast(id, body, notice, Date.now()));
  }

  /** @returns those of the broadcasts that there are */
  views(ids: readonly string[]): readonly BroadcastView[] {
    return ids.flatMap((id) => this.#commands.viewBroadcast(id) ?? []);
  }

  /** @returns null where there is no such broadcast */
  order(
    id: string,
    order: BroadcastCommand,
    start: { readonly origin: string; readonly segments: number },
  ): CommandResult | null {
    const outcome = this.#runTransaction(() => this.#commands.runCommand(id, order, start, Date.now()));
    this.#startDueWork();
    return outcome;
  }

  /** @returns a sentence that says why it cannot be, or null */
  remove(id: string): string | null {
    return this.#runTransaction(() => this.#commands.removeBroadcast(id));
  }

  /** @param after the last lot that is known; 0: none is @returns null where there is no such broadcast */
  deadLetters(id: string, after: number, limit: number): readonly DeadLetter[] | null {
    return this.#commands.listDeadLetters(id, after, limit);
  }

  /** Tries those once more who could not be texted. @returns null where there is no such broadcast */
  retry(id: string): CommandResult | null {
    const outcome = this.#runTransaction(() => this.#commands.retryDeadLetters(id, Date.now()));
    this.#startDueWork();
    return outcome;
  }

  /** Whoever has taken a lot from the queue asks what is to be done. @returns null: nothing */
  async begin(name: BatchMessage): Promise<ConsumerAssignment | null> {
    const conditions = await this.#loadSendWindow(name.number);
    const work = this.#runTransaction(() => this.#scheduler.assignBatch(name, conditions, Date.now()));
    if (work === null) {
      this.#startDueWork();
      return null;
    }
    const { broadcast, phones, wait, every } = work;
    const notice = JSON.stringify(createBroadcastNotice(broadcast, name.number, Date.now()));
    return { phones, wait, every, notice, origin: broadcast.origin };
  }

  /** May whoever texts a lot go on? */
  goesOn(name: BatchRef): boolean {
    return this.#scheduler.mayContinueBatch(name, Date.now());
  }

  /** Takes what has come of a lot. */
  async end(name: BatchMessage, outcomes: RecipientOutcomes): Promise<void> {
    const conditions = createSendWindow(name.number, await this.#loadSnapshot(), this.#settleMilliseconds, null);
    this.#runTransaction(() => this.#outcomeBook.recordOutcomes(name, outcomes, conditions, Date.now()));
    this.#startDueWork();
  }

  /** Sees to what is due, whatever has become of the alarm. @returns whether a broadcast is under way, or something is being called off */
  wake(): boolean {
    this.#alarm.restoreAlarm(null);
    this.#startDueWork();
    return this.#store.listLiveBroadcasts().length > 0 || this.#store.findFirstDueTime("recalled", 0) !== null;
  }

  /** Never throws: the runtime gives up an alarm that has failed six times. */
  override async alarm(): Promise<void> {
    this.#alarm.restoreAlarm(null);
    await this.#runDueWork();
  }

  #startDueWork(): void {
    this.ctx.waitUntil(this.#runDueWork());
  }

  /** Does all that is due now, then sees to it that the object wakes for the rest. */
  async #runDueWork(): Promise<void> {
    if (this.#workState !== "no") {
      this.#workState = "again";
      return;
    }
    try {
      do {
        this.#workState = "yes";
        await this.#runOnePass();
      } while (this.#isRunRequested());
      const due = this.#scheduler.nextDueAt(Date.now());
      if (due !== null) this.#alarm.scheduleAlarm(due, Date.now());
    } catch (error) {
      logEvent("error", "broadcasts-failed", { error: error instanceof Error ? error.name : "unknown" });
      this.#alarm.scheduleAlarm(Date.now() + BROADCAST_RETRY_MILLISECONDS, Date.now());
    } finally {
      this.#workState = "no";
    }
  }

  #isRunRequested(): boolean {
    return this.#workState === "again";
  }

  async #runOnePass(): Promise<void> {
    this.#runTransaction(() => this.#scheduler.advanceTime(Date.now()));
    await this.#closeBroadcasts();
    await this.#dispatchBatches();
    this.#runTransaction(() => this.#scheduler.finishBroadcasts(Date.now()));
    await this.#checkDeliveries();
    await this.#recallNotices();
  }

  /** Counts who is left of a broadcast that texts nobody else. */
  async #closeBroadcasts(): Promise<void> {
    for (
      let next = this.#scheduler.findBroadcastToClose(Date.now());
      next !== null;
      next = this.#scheduler.findBroadcastToClose(Date.now())
    ) {
      const { broadcast, reason } = next;
      const { cursor, body, id } = broadcast;
      const unread = cursor === null ? 0 : await countSubscribers(openDatabase(this.env.DB), body.list, cursor);
      this.#runTransaction(() => this.#scheduler.closeBroadcast(id, cursor, unread, reason, Date.now()));
    }
  }

  /** Puts lots into the queue, and reads the audience on, until the number has enough to carry. */
  async #dispatchBatches(): Promise<void> {
    const number = this.ctx.storage.kv.get<PhoneNumber>(NUMBER_KEY);
    if (number === undefined || this.#store.listLiveBroadcasts().length === 0) return;
    const conditions = await this.#loadSendWindow(number);
    for (;;) {
      const name = this.#runTransaction(() => this.#scheduler.dispatchNextBatch(conditions, Date.now()));
      if (name !== null) {
        await this.#enqueueBatch({ number, ...name });
        continue;
      }
      const broadcast = this.#scheduler.findBroadcastToRead(conditions, Date.now());
      if (broadcast === null) return;
      const page = await this.#loadAudiencePage(broadcast);
      this.#runTransaction(() => this.#scheduler.addAudiencePage(broadcast.id, page, conditions, Date.now()));
    }
  }

  async #enqueueBatch(message: BatchMessage): Promise<void> {
    try {
      await this.env.BROADCAST_QUEUE.send(message);
    } catch (error) {
      this.#runTransaction(() => this.#scheduler.undoDispatch(message, Date.now()));
      throw error;
    }
  }

  async #loadAudiencePage({ body, cursor }: Broadcast): Promise<AudiencePage> {
    const from = cursor ?? "";
    const rows = await listSubscribers(openDatabase(this.env.DB), body.list, "on", from, AUDIENCE_ROWS_PER_READ);
    return { from, phones: rows.map(({ phone }) => phone), isLast: rows.length < AUDIENCE_ROWS_PER_READ };
  }

  /** Asks the Senders what has become of texts that were sent. */
  async #checkDeliveries(): Promise<void> {
    for (const lot of this.#scheduler.listBatchesToCheck(Date.now())) {
      const notice = this.#findNoticeId(lot);
      const reports = await this.#askSenders([...lot.sent, ...lot.queued], (sender) => sender.noticed(notice));
      this.#runTransaction(() => this.#outcomeBook.recordDeliveryReports(lot, reports, Date.now()));
    }
  }

  /** Calls off what waits at Senders. */
  async #recallNotices(): Promise<void> {
    for (const lot of this.#scheduler.listBatchesToRecall(Date.now())) {
      const notice = this.#findNoticeId(lot);
      const reports = await this.#askSenders(lot.phones, (sender) => sender.withdraw(notice));
      this.#runTransaction(() => this.#outcomeBook.recordRecallReports(lot, reports, Date.now()));
    }
  }

  #findNoticeId({ broadcast }: Pick<Batch, "broadcast">): string {
    return this.#store.findBroadcast(broadcast)?.notice ?? "";
  }

  /** @returns what each Sender answers; whoever cannot be asked now is missing */
  async #askSenders(
    phones: readonly PhoneNumber[],
    question: (sender: ReturnType<Env["SENDER"]["getByName"]>) => Promise<NoticeReport | null>,
  ): Promise<ReadonlyMap<PhoneNumber, NoticeReport | null>> {
    const reports = new Map<PhoneNumber, NoticeReport | null>();
    for (const some of splitIntoChunks(phones, SENDERS_AT_ONCE))
      await Promise.all(
        some.map(async (phone) => {
          const report = await question(this.env.SENDER.getByName(phone)).catch(() => undefined);
          if (report !== undefined) reports.set(phone, report);
        }),
      );
    return reports;
  }

  /** With what the daily caps leave now. */
  async #loadSendWindow(number: PhoneNumber): Promise<SendWindow> {
    const snapshot = await this.#loadSnapshot();
    const { caps } = snapshot.findSendLimits(number);
    if (caps === null) return createSendWindow(number, snapshot, this.#settleMilliseconds, null);
    const meter = this.env.METER.getByName(snapshot.numbers.get(number)?.account ?? "");
    // One that does not answer stops nobody.
    const remaining = await meter.remaining(number, caps).catch(() => null);
    return createSendWindow(number, snapshot, this.#settleMilliseconds, remaining);
  }

  #loadSnapshot(): Promise<ConfigurationSnapshot> {
    return loadConfiguration(this.env, (work) => this.ctx.waitUntil(work));
  }

  /** One event, all of it or nothing. */
  #runTransaction<Value>(work: () => Value): Value {
    return this.ctx.storage.transactionSync(work);
  }
}
