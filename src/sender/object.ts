import { DurableObject } from "cloudflare:workers";
import type { RequestOutcome } from "../assistants/contract.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { pastVersions } from "../configuration/versions/store.ts";
import type { Claim, ClaimOutcome, ConsentEntry } from "../consent/ledger.ts";
import { InOrder } from "../core/in-order.ts";
import type { Json } from "../core/json.ts";
import { log } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { earliest } from "../core/time.ts";
import type { InboundText } from "../twilio/inbound.ts";
import type { PartId, StatusReport } from "../twilio/status.ts";
import { Alarm } from "./alarm.ts";
import { Asking, type Lender, type Question } from "./asking.ts";
import { newSender } from "./beginning.ts";
import { awaitedIn, type Bringing, bringingIn } from "./bringing.ts";
import { type ConsentReport, reportOf, takeClaims } from "./claiming.ts";
import { Copies } from "./copies.ts";
import { Delivering, type DeliveryTask, type Settlement } from "./delivering.ts";
import { Enrolling } from "./enrolling.ts";
import { type Office, Runner } from "./errands.ts";
import { type Keeper, Keeping, type KeepingTask, withLinks } from "./keeping.ts";
import { Later } from "./later.ts";
import { due, hear, nextDue, tick } from "./machine.ts";
import { type AskedNotice, type NoticeReport, Notices, UNTOLD } from "./notices.ts";
import { afterReport, type Resolution } from "./outbox.ts";
import { paceOf } from "./pace.ts";
import { type Known, pastNeeded, worldIn } from "./progress.ts";
import { recordingOf } from "./recording.ts";
import type { SenderState } from "./state.ts";
import { SenderStore } from "./store.ts";
import {
  type AskedSubscription,
  type OwnSubscriptions,
  order,
  ownSubscriptions,
  type SubscriptionReport,
  type Untold,
} from "./subscribing.ts";
import { Watch } from "./sweep.ts";
import { Telling } from "./telling.ts";
import { type Message, type TranscriptQuery, transcriptIn } from "./transcript.ts";
import { Turns } from "./turns.ts";

/** A text that Twilio has signed, with what the webhook knows of its way. */
export interface SignedText {
  readonly text: InboundText;
  /** The application that answers on the number now. */
  readonly application: string;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  /** The revision of the configuration that the webhook saw. */
  readonly revision: number;
}

/** After a failure that nobody foresaw. */
const ALARM_AFTER_FAILURE_MILLISECONDS = 30_000;

/**
 * One person's phone. A thin shell: load, decide, commit, arm, perform. Every event is one synchronous transaction; whatever is to be done
 * elsewhere is stored, and has an alarm, before one of the errands tries it.
 */
export class Sender extends DurableObject<Env> {
  readonly #store: SenderStore;
  readonly #turns: Turns;
  readonly #copies: Copies;
  readonly #delivering: Runner<DeliveryTask>;
  readonly #asking: Runner<Question>;
  readonly #keeping: Runner<KeepingTask>;
  readonly #enrolling: Runner<Untold>;
  readonly #notices: Notices;
  readonly #later: Later;
  readonly #alarm: Alarm;
  readonly #watch: Watch;
  /** Who waits for the configuration is served before who comes later. */
  readonly #arrivals = new InOrder();
  readonly #telling: Runner<readonly ConsentEntry[]>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new SenderStore(ctx.storage);
    this.#alarm = new Alarm(this.#store);
    const pace = paceOf(env.SETTLE_SECONDS);
    this.#turns = new Turns(this.#store, pace);
    this.#copies = new Copies(this.#store);
    this.#notices = new Notices(this.#store, this.#turns);
    this.#later = new Later(this.#store, this.#turns);
    this.#watch = new Watch(env.DB, (work) => ctx.waitUntil(work));
    const office = this.#office();
    const delivering = new Delivering(this.#turns, pace, () => this.#store.state(), office.commit);
    this.#delivering = new Runner(delivering, office);
    this.#enrolling = new Runner(new Enrolling(env.DB, this.#store, office.commit), office);
    this.#asking = new Runner(new Asking(this.#lender(), pace), office);
    this.#keeping = new Runner(new Keeping(this.#copies, env, this.#keeper()), office);
    this.#telling = new Runner(new Telling(this.#store, env.DB, office.commit), office);
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarm.isSetTo(await ctx.storage.getAlarm());
    });
  }

  /** Rows since the object woke: what its operator is billed for. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const { known, linked } = await this.#arrivals.run(async () => ({
      known: await this.#known(await this.#configuration(signed.revision)),
      linked: await withLinks(this.env, text, origin),
    }));
    if (worldIn(known, text.from, origin, 0).answering(null, text.to) === null)
      throw new Error(`nothing in the configuration answers on ${text.to}`);
    const account = known.snapshot.accounts.get(text.accountSid);
    const now = Date.now();
    const accepted = this.#commit(() => {
      if (!this.#store.see(text.sid)) return null;
      const heard = hear(this.#store.state(), linked, worldIn(known, text.from, origin, now));
      const decision = this.#copies.accept(heard, this.env.MEDIA !== undefined, now);
      return { job: this.#turns.accept(decision, !this.#delivering.isBusy && account !== undefined, now) };
    });
    if (accepted === null) return { duplicate: true };
    // Before the alarm is set for what is sent: an alarm for media that are being fetched would be a row written.
    if (text.media.length > 0) this.ctx.waitUntil(this.#keeping.run());
    this.#begin(accepted.job === null || account === undefined ? null : { job: accepted.job, account });
    return { duplicate: false };
  }

  /** Begins what a decision has brought: a first part that is claimed, requests, what D1 is to be told. */
  #begin(task: DeliveryTask | null): void {
    if (task === null) this.#arm();
    else this.ctx.waitUntil(this.#delivering.run(task));
    this.#runIfDue();
  }

  /**
   * Takes a text that we begin. Once this returns, it is decided on and stored; one that was taken before changes nothing.
   * @returns what has become of it by now
   */
  async notify(asked: AskedNotice): Promise<NoticeReport> {
    const known = await this.#arrivals.run(async () => await this.#known(await this.#configuration(asked.revision)));
    const now = Date.now();
    this.#begin(this.#commit(() => this.#notices.accept(asked, known, !this.#delivering.isBusy, now)));
    return this.#notices.report(asked.notice.id, now) ?? UNTOLD;
  }

  /** @returns what has become of a notice, or null where it has never come */
  noticed(id: string): NoticeReport | null {
    return this.#notices.report(id, Date.now());
  }

  /** Switches a list on or off, for somebody else than the person. @returns what came of it */
  async subscribe(asked: AskedSubscription): Promise<SubscriptionReport> {
    const known = await this.#known(await this.#configuration(asked.revision));
    const report = this.#commit(() => order(this.#store, asked, known, Date.now()));
    this.#begin(null);
    return report;
  }

  /** Every list that the person has ever had, as it stands, and the changes that D1 has not heard of. */
  subscriptions(): OwnSubscriptions {
    return ownSubscriptions(this.#store.state());
  }

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const settle: Settlement = (delivery, turn) =>
      turn.account === report.accountSid ? afterReport(delivery, report, now) : delivery;
    const changed = this.#commit(() => this.#turns.settle(report.part.turn, report.part.index, settle, now));
    if (changed) this.ctx.waitUntil(this.#delivering.run());
    this.#runIfDue();
  }

  /** An operator says what became of a part that is `unknown`. @returns false where it is not unknown, or not there */
  resolve(number: PhoneNumber, { turn, index }: PartId, resolution: Resolution): boolean {
    if (this.#store.turn(turn)?.number !== number) return false;
    const resolved = this.#commit(() => this.#turns.resolve(turn, index, resolution, Date.now()));
    if (resolved) this.ctx.waitUntil(this.#delivering.run());
    return resolved;
  }

  /** What is known of the sender's consent. */
  consents(): ConsentReport {
    return reportOf(this.#store);
  }

  /**
   * Somebody else than the person says what they want. Once this returns, nothing more is sent where it is withdrawn.
   * @returns what has become of each claim
   */
  claim(phone: PhoneNumber, origin: string, claims: readonly Claim[]): readonly ClaimOutcome[] {
    const beginning = { ...newSender(phone), origin };
    const outcomes = this.#commit(() => takeClaims(this.#store, this.#turns, beginning, claims, Date.now()));
    this.#arm();
    this.#runIfDue();
    return outcomes;
  }

  /** One page of the transcript with a number; null where this phone never texted it. */
  transcript(query: TranscriptQuery): readonly Message[] | null {
    return transcriptIn(this.#store, query);
  }

  /**
   * A conversation with a number; null: the newest.
   * @returns a `Recording` as JSON, whose depth the types of RPC cannot follow; null where there is none
   */
  recording(number: PhoneNumber, conversation: string | null): string | null {
    const recording = recordingOf(this.#store, number, conversation);
    return recording === null ? null : JSON.stringify(recording);
  }

  /** Sees to what is due, whatever has become of the alarm. @returns when the next errand is due, or null where none is */
  wake(): number | null {
    this.#alarm.isSetTo(null);
    this.#arm();
    this.ctx.waitUntil(this.#run());
    return this.#dueAt();
  }

  /** Never throws: the runtime gives up an alarm that has failed six times. */
  override async alarm(): Promise<void> {
    this.#alarm.isSetTo(null);
    try {
      await this.#proceed();
      this.#arm();
      await this.#run();
    } catch (error) {
      this.#armAfterFailure("alarm-failed", error);
    }
  }

  /** Does what time has made due. */
  async #proceed(): Promise<void> {
    const state = this.#commit(() => this.#tick(Date.now()));
    if (state === null || due(state, Date.now()) === null) return;
    const known = await this.#known(await this.#configuration());
    this.#commit(() => this.#later.proceed(known, Date.now()));
  }

  #tick(now: number): SenderState | null {
    const state = this.#store.state();
    const ticked = state === null ? null : tick(state, now);
    if (ticked !== null && ticked !== state) this.#store.saveState(ticked);
    return ticked;
  }

  /** Makes the requests that assistants wait for, and tells D1 what it does not know, if there is anything of that to do. */
  #runIfDue(): void {
    const state = this.#store.state();
    for (const errand of [this.#asking, this.#telling, this.#enrolling])
      if (state !== null && errand.dueAt(state) !== null) this.ctx.waitUntil(errand.run());
  }

  /** What assistants' requests need of this object. */
  #lender(): Lender {
    return {
      state: () => this.#store.state(),
      end: async (question: Question, outcome: RequestOutcome) => {
        const known = await this.#known(question.snapshot);
        const decision = this.#commit(() => this.#later.heard(known, question.asked, outcome, Date.now()));
        this.ctx.waitUntil(this.#delivering.run());
        return decision?.failed === undefined;
      },
    };
  }

  /**
   * Takes answers that somebody brings to a turn.
   * @param sid of the turn's text
   * @param answers as JSON
   * @returns false where the turn waits for none (any more)
   */
  async bring(sid: string, answers: string): Promise<boolean> {
    const known = await this.#known(await this.#configuration());
    const asked = awaitedIn(this.#store, sid);
    if (asked === null) return false;
    const outcome: RequestOutcome = { kind: "answered", status: 200, json: JSON.parse(answers) as Json };
    const decision = this.#commit(() => this.#later.heard(known, asked, outcome, Date.now()));
    this.#arm();
    this.ctx.waitUntil(this.#delivering.run());
    this.#runIfDue();
    return decision !== null;
  }

  /**
   * Who may bring answers to a turn?
   * @returns whether it waits for them, and the name of the secret that they may be signed with (null: none); null where there is no such turn
   */
  async bringing(sid: string): Promise<Bringing | null> {
    return bringingIn(this.#store, await this.#known(await this.#configuration()), sid, Date.now());
  }

  /** What keeping media needs of this object. */
  #keeper(): Keeper {
    return {
      state: () => this.#store.state(),
      settle: async ({ turn, index, snapshot }, outcome) => {
        const known = snapshot === null ? null : await this.#known(snapshot);
        const goesOn = this.#commit(() => {
          const now = Date.now();
          this.#copies.settle(turn.id, index, outcome, { now, chance: Math.random() });
          return known !== null && this.#later.filed(known, turn.id, now);
        });
        if (!goesOn) return;
        this.ctx.waitUntil(this.#delivering.run());
        this.#runIfDue();
      },
    };
  }

  /** One event, all of it or nothing. */
  #commit<Value>(work: () => Value): Value {
    try {
      return this.#store.transaction(work);
    } catch (error) {
      this.#turns.forget();
      this.#copies.forget();
      throw error;
    }
  }

  /** Runs all errands at once, each kind for itself. Never throws. */
  async #run(): Promise<void> {
    await Promise.all(this.#errands.map((errand) => errand.run()));
  }

  /** @returns when the next errand is due, or null where none is */
  #dueAt(): number | null {
    const state = this.#store.state();
    if (state === null) return null;
    return earliest(this.#errands.map((errand) => errand.dueAt(state)));
  }

  get #errands(): readonly Pick<Runner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[] {
    return [this.#delivering, this.#asking, this.#keeping, this.#telling, this.#enrolling];
  }

  /** What the errands need of this object. */
  #office(): Office {
    return {
      commit: (work) => this.#commit(work),
      configuration: () => this.#configuration(),
      arm: () => this.#arm(),
      rest: (now) => this.#rest(now),
      armAfterFailure: (event, error) => this.#armAfterFailure(event, error),
    };
  }

  /** Nothing more can be done now. */
  #rest(now: number): void {
    this.#arm();
    const state = this.#store.state();
    if (state === null) return;
    const isTroubled = this.#errands.some((errand) => errand.isTroubled(state, now));
    this.#watch.see(isTroubled, state.phone, this.#dueAt() ?? now);
  }

  /** Reads what the open conversations need of the configuration's past: nothing, while they are on what is published. Never throws. */
  async #known(snapshot: Snapshot): Promise<Known> {
    return { snapshot, past: await pastVersions(this.env.DB, pastNeeded(this.#store.state(), snapshot)) };
  }

  #configuration(revision?: number): Promise<Snapshot> {
    return configuration(this.env, (work) => this.ctx.waitUntil(work), revision);
  }

  /** Sees to it that the object wakes when something is due. */
  #arm(): void {
    const state = this.#store.state();
    if (state === null) return;
    const errands = this.#errands.map((errand) => errand.alarmAt(state));
    const moment = earliest([...errands, nextDue(state)]);
    if (moment !== null) this.#alarm.set(moment);
  }

  #armAfterFailure(event: string, error: unknown): void {
    log("error", event, { error: error instanceof Error ? error.name : "unknown" });
    this.#alarm.set(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS);
  }
}
