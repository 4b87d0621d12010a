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
import type { NoticeReport } from "../notify/notice.ts";
import { countSubscribers, listSubscribers } from "../notify/store.ts";
import type { Batch } from "./batch.ts";
import {
  type AudiencePage,
  type BatchAssignment,
  type BatchRef,
  BatchScheduler,
  type SendWindow,
} from "./batch-scheduler.ts";
import { type Broadcast, type BroadcastBody, createBroadcastNotice } from "./broadcast.ts";
import type { BroadcastView, CommandResult } from "./broadcast-view.ts";
import { BroadcastCommands, type BroadcastSaveResult } from "./commands.ts";
import { type DeadLetter, listDeadLetters, retryDeadLetters } from "./dead-letters.ts";
import type { BroadcastCommand } from "./lifecycle.ts";
import { OutcomeBook, type RecipientOutcomes } from "./outcome-book.ts";
import { createSendWindow } from "./send-window.ts";
import { BroadcastStore } from "./store.ts";

/** A message of the Cloudflare queue: a reference to a batch. */
export interface BatchMessage extends BatchRef {
  readonly number: PhoneNumber;
}

/** The instructions to the consumer of a batch, as sent by RPC. */
export interface ConsumerAssignment extends Pick<BatchAssignment, "phones" | "wait" | "every"> {
  /** The `Notice` for each recipient's Sender, as JSON because its type is too deep for RPC. */
  readonly notice: string;
  /** The public origin of this Worker. */
  readonly origin: string;
}

/** The storage key of the object's number. */
const NUMBER_KEY = "number";

/**
 * All broadcasts of one number, because the rate limit at Twilio belongs to the number. A thin shell around
 * `BroadcastCommands`, `BatchScheduler` and `OutcomeBook`: every event is one synchronous transaction. The Cloudflare
 * queue may lose a message or deliver it twice, and a consumer may crash. A batch without a report is therefore given
 * out again, and each recipient's Sender ignores duplicates of a notice.
 */
export class Broadcasts extends DurableObject<Env> {
  readonly #store: BroadcastStore;
  readonly #alarm: ObjectAlarm;
  readonly #commands: BroadcastCommands;
  readonly #scheduler: BatchScheduler;
  readonly #outcomeBook: OutcomeBook;
  readonly #settleMilliseconds: number;
  /** `yes` while due work is in progress; `again` if another pass was requested meanwhile. */
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

  /** Creates or changes a broadcast. @param notice a new id for its notices: two letters and 32 hexadecimal digits */
  save(id: string, body: BroadcastBody, notice: string): BroadcastSaveResult {
    // The name may be missing when an alarm wakes the object.
    if (this.ctx.id.name !== undefined) this.ctx.storage.kv.put(NUMBER_KEY, this.ctx.id.name);
    return this.#runTransaction(() => this.#commands.saveBroadcast(id, body, notice, Date.now()));
  }

  /** @returns the broadcasts that exist */
  views(ids: readonly string[]): readonly BroadcastView[] {
    return ids.flatMap((id) => this.#commands.viewBroadcast(id) ?? []);
  }

  /** Runs a command. @returns null if the broadcast does not exist */
  order(
    id: string,
    command: BroadcastCommand,
    start: { readonly origin: string; readonly segments: number },
  ): CommandResult | null {
    const outcome = this.#runTransaction(() => this.#commands.runCommand(id, command, start, Date.now()));
    this.#startDueWork();
    return outcome;
  }

  /** Deletes a broadcast. @returns a sentence that explains a refusal, or null */
  remove(id: string): string | null {
    return this.#runTransaction(() => this.#commands.removeBroadcast(id));
  }

  /**
   * @param after the last `lot` of the page before; 0 for the first page
   * @returns null if the broadcast does not exist
   */
  deadLetters(id: string, after: number, limit: number): readonly DeadLetter[] | null {
    return listDeadLetters(this.#store, id, after, limit);
  }

  /** Retries all dead letters of a broadcast. @returns null if the broadcast does not exist */
  retry(id: string): CommandResult | null {
    const outcome = this.#runTransaction(() => retryDeadLetters(this.#store, id, Date.now()));
    this.#startDueWork();
    return outcome;
  }

  /** Assigns a batch to the consumer that got its message. @returns null if there is nothing to do */
  async begin(message: BatchMessage): Promise<ConsumerAssignment | null> {
    const sendWindow = await this.#loadSendWindow(message.number);
    const assignment = this.#runTransaction(() => this.#scheduler.assignBatch(message, sendWindow, Date.now()));
    if (assignment === null) {
      this.#startDueWork();
      return null;
    }
    const { broadcast, phones, wait, every } = assignment;
    const notice = JSON.stringify(createBroadcastNotice(broadcast, message.number, Date.now()));
    return { phones, wait, every, notice, origin: broadcast.origin };
  }

  /** @returns whether the consumer of a batch may go on texting */
  goesOn(ref: BatchRef): boolean {
    return this.#scheduler.mayContinueBatch(ref, Date.now());
  }

  /** Records the outcomes of a batch. */
  async end(message: BatchMessage, outcomes: RecipientOutcomes): Promise<void> {
    const sendWindow = createSendWindow(message.number, await this.#loadSnapshot(), this.#settleMilliseconds, null);
    this.#runTransaction(() => this.#outcomeBook.recordOutcomes(message, outcomes, sendWindow, Date.now()));
    this.#startDueWork();
  }

  /**
   * Does all due work, in case the alarm was lost.
   * @returns whether a broadcast is live or notices are being withdrawn
   */
  wake(): boolean {
    this.#alarm.restoreAlarm(null);
    this.#startDueWork();
    return this.#store.listLiveBroadcasts().length > 0 || this.#store.findFirstDueTime("recalled", 0) !== null;
  }

  /** Never throws, because the runtime gives up an alarm after six failures. */
  override async alarm(): Promise<void> {
    this.#alarm.restoreAlarm(null);
    await this.#runDueWork();
  }

  #startDueWork(): void {
    this.ctx.waitUntil(this.#runDueWork());
  }

  /** Does all due work, then sets the alarm for the next. */
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

  /** Counts the remaining recipients of broadcasts that text no more of them. */
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

  /** Puts batches into the queue, reading the audience as needed, until the number has enough work. */
  async #dispatchBatches(): Promise<void> {
    const number = this.ctx.storage.kv.get<PhoneNumber>(NUMBER_KEY);
    if (number === undefined || this.#store.listLiveBroadcasts().length === 0) return;
    const sendWindow = await this.#loadSendWindow(number);
    for (;;) {
      const ref = this.#runTransaction(() => this.#scheduler.dispatchNextBatch(sendWindow, Date.now()));
      if (ref !== null) {
        await this.#enqueueBatch({ number, ...ref });
        continue;
      }
      const broadcast = this.#scheduler.findBroadcastToRead(sendWindow, Date.now());
      if (broadcast === null) return;
      const page = await this.#loadAudiencePage(broadcast);
      this.#runTransaction(() => this.#scheduler.addAudiencePage(broadcast.id, page, sendWindow, Date.now()));
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

  /** Asks the Senders for reports on notices that were sent or queued. */
  async #checkDeliveries(): Promise<void> {
    for (const batch of this.#scheduler.listBatchesToCheck(Date.now())) {
      const notice = this.#findNoticeId(batch);
      const reports = await this.#askSenders([...batch.sent, ...batch.queued], (sender) => sender.noticed(notice));
      this.#runTransaction(() => this.#outcomeBook.recordDeliveryReports(batch, reports, Date.now()));
    }
  }

  /** Withdraws queued notices from the Senders. */
  async #recallNotices(): Promise<void> {
    for (const batch of this.#scheduler.listBatchesToRecall(Date.now())) {
      const notice = this.#findNoticeId(batch);
      const reports = await this.#askSenders(batch.phones, (sender) => sender.withdraw(notice));
      this.#runTransaction(() => this.#outcomeBook.recordRecallReports(batch, reports, Date.now()));
    }
  }

  #findNoticeId({ broadcast }: Pick<Batch, "broadcast">): string {
    return this.#store.findBroadcast(broadcast)?.notice ?? "";
  }

  /** @returns the report of each Sender; Senders that do not respond are missing */
  async #askSenders(
    phones: readonly PhoneNumber[],
    ask: (sender: ReturnType<Env["SENDER"]["getByName"]>) => Promise<NoticeReport | null>,
  ): Promise<ReadonlyMap<PhoneNumber, NoticeReport | null>> {
    const reports = new Map<PhoneNumber, NoticeReport | null>();
    for (const chunk of splitIntoChunks(phones, SENDERS_AT_ONCE))
      await Promise.all(
        chunk.map(async (phone) => {
          const report = await ask(this.env.SENDER.getByName(phone)).catch(() => undefined);
          if (report !== undefined) reports.set(phone, report);
        }),
      );
    return reports;
  }

  /** Loads the send window with the usage that the daily caps still allow. */
  async #loadSendWindow(number: PhoneNumber): Promise<SendWindow> {
    const snapshot = await this.#loadSnapshot();
    const { caps } = snapshot.findSendLimits(number);
    if (caps === null) return createSendWindow(number, snapshot, this.#settleMilliseconds, null);
    const meter = this.env.METER.getByName(snapshot.numbers.get(number)?.account ?? "");
    // If the Meter does not respond, the Senders check the caps themselves.
    const remaining = await meter.remaining(number, caps).catch(() => null);
    return createSendWindow(number, snapshot, this.#settleMilliseconds, remaining);
  }

  #loadSnapshot(): Promise<ConfigurationSnapshot> {
    return loadConfiguration(this.env, (task) => this.ctx.waitUntil(task));
  }

  /** Runs an event as one atomic transaction. */
  #runTransaction<Value>(event: () => Value): Value {
    return this.ctx.storage.transactionSync(event);
  }
}
