import { DurableObject } from "cloudflare:workers";
import type { RequestOutcome } from "../assistants/contract.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { pastVersions } from "../configuration/versions/store.ts";
import type { Claim, ClaimOutcome, ConsentEntry } from "../consent/ledger.ts";
import { Alarm } from "../core/alarm.ts";
import { InOrder } from "../core/in-order.ts";
import type { Json } from "../core/json.ts";
import { log } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { earliest } from "../core/time.ts";
import type { Person } from "../linking/person.ts";
import type { PartId, StatusReport } from "../twilio/status.ts";
import { Asking, type Lender, type Question, understood } from "./asking.ts";
import { newSender } from "./beginning.ts";
import { awaitedIn, type Bringing, bringingIn } from "./bringing.ts";
import { type ConsentReport, reportOf, takeClaims } from "./claiming.ts";
import { Copies } from "./copies.ts";
import { Delivering, type DeliveryTask, type Settlement } from "./delivering.ts";
import { Enrolling } from "./enrolling.ts";
import { Errands, type Office, Runner } from "./errands.ts";
import type { SignedText } from "./heard.ts";
import { Identity } from "./identity.ts";
import { type Keeper, Keeping, type KeepingTask, withLinks } from "./keeping.ts";
import { type Asked, answered, type Decision, due, type Ending, filed, hear, nextDue } from "./machine.ts";
import { type AskedNotice, type NoticeReport, Notices, UNTOLD } from "./notices.ts";
import { afterReport, type Resolution } from "./outbox.ts";
import { paceOf } from "./pace.ts";
import type { Given, PageView } from "./pages.ts";
import { endIn, type Known, pastNeeded, proceedAll, tickIn, worldIn } from "./progress.ts";
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
  readonly #identity: Identity;
  readonly #telling: Runner<readonly ConsentEntry[]>;
  readonly #enrolling: Runner<Untold>;
  readonly #notices: Notices;
  readonly #watch: Watch;
  readonly #errands: Errands;
  readonly #alarm: Alarm;
  /** Who waits for the configuration is served before who comes later. */
  readonly #arrivals = new InOrder();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#store = new SenderStore(ctx.storage);
    this.#alarm = new Alarm(this.#store);
    const pace = paceOf(env.SETTLE_SECONDS);
    this.#turns = new Turns(this.#store, pace);
    this.#copies = new Copies(this.#store);
    this.#notices = new Notices(this.#store, this.#turns);
    this.#watch = new Watch(env.DB, (work) => ctx.waitUntil(work));
    const office = this.#office();
    this.#delivering = new Runner(new Delivering(this.#turns, pace, () => this.#store.state(), office.commit), office);
    this.#asking = new Runner(new Asking(this.#lender(), pace), office);
    this.#keeping = new Runner(new Keeping(this.#copies, env, this.#keeper()), office);
    this.#identity = new Identity(ctx, env, this.#store, office, async (...ending) => await this.#end(...ending));
    this.#telling = new Runner(new Telling(this.#store, env.DB, office.commit), office);
    this.#enrolling = new Runner(new Enrolling(env.DB, this.#store, office.commit), office);
    this.#errands = new Errands([
      this.#delivering,
      this.#asking,
      this.#identity.errand,
      this.#keeping,
      this.#telling,
      this.#enrolling,
    ]);
    void ctx.blockConcurrencyWhile(async () => this.#alarm.found(await ctx.storage.getAlarm()));
  }

  /** Rows since the object woke: what its operator is billed for. */
  get rows(): { readonly written: number; readonly read: number } {
    return { written: this.#store.rowsWritten, read: this.#store.rowsRead };
  }

  /** What a page shows on which somebody shows who they are, after what they have given there. @param hash of the token in its address */
  async page(hash: string, given: Given | null): Promise<PageView | null> {
    return await this.#identity.page(hash, given);
  }

  /** Something has become of a person, who may be linked here. @param person null: they are no longer */
  hearOfPerson(id: string, person: Person | null): void {
    this.#identity.hearOfPerson(id, person);
  }

  /** Takes a text. Once this returns, the text is stored and its turn has happened, whatever dies; a text seen before changes nothing. */
  async receive(signed: SignedText): Promise<{ readonly duplicate: boolean }> {
    const { text, origin } = signed;
    const { known, linked } = await this.#arrivals.run(async () => ({
      known: await this.#known(await this.#configuration(signed.revision)),
      linked: await this.#identity.withGuess(await withLinks(this.env, text, origin)),
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

  /** Takes Twilio's report on a part. */
  report(report: StatusReport): void {
    const now = Date.now();
    const settle: Settlement = (delivery, turn) =>
      turn.account === report.accountSid ? afterReport(delivery, report, now) : delivery;
    const changed = this.#commit(() => this.#turns.settle(report.part.turn, report.part.index, settle, now));
    if (changed) this.ctx.waitUntil(this.#delivering.run());
    this.#ask();
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
    this.#ask();
    return outcomes;
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

  #begin(task: DeliveryTask | null): void {
    if (task === null) this.#arm();
    else this.ctx.waitUntil(this.#delivering.run(task));
    this.#ask();
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
    this.#alarm.found(null);
    this.#arm();
    this.ctx.waitUntil(this.#errands.run());
    return this.#dueAt();
  }

  /** Never throws: the runtime gives up an alarm that has failed six times. */
  override async alarm(): Promise<void> {
    this.#alarm.found(null);
    try {
      await this.#proceed();
      this.#arm();
      await this.#errands.run();
    } catch (error) {
      this.#armAfterFailure("alarm-failed", error);
    }
  }

  /** Does what time has made due. */
  async #proceed(): Promise<void> {
    const state = this.#commit(() => tickIn(this.#store, Date.now()));
    if (state === null || due(state, Date.now()) === null) return;
    const known = await this.#known(await this.#configuration());
    const now = Date.now();
    this.#commit(() => proceedAll(this.#store, this.#turns, ({ phone, origin }) => worldIn(known, phone, origin, now)));
  }

  /** Makes the requests of assistants, finds out who somebody is, and tells D1 of consent, if there is anything of that to do. */
  #ask(): void {
    const state = this.#store.state();
    if (state === null) return;
    for (const errand of [this.#asking, this.#identity.errand, this.#telling, this.#enrolling])
      if (errand.dueAt(state) !== null) this.ctx.waitUntil(errand.run());
  }

  /** What assistants' requests need of this object. */
  #lender(): Lender {
    return {
      state: () => this.#store.state(),
      end: async ({ asked, snapshot }: Question, outcome: RequestOutcome) => {
        const decision = await this.#end(snapshot, asked, (state, turn, world) =>
          answered(state, asked, outcome, turn, world),
        );
        return decision === null ? null : understood(decision);
      },
    };
  }

  /** Something that a turn waited for has ended. @returns null where it waited no more */
  async #end(snapshot: Snapshot, { turn }: Asked, decide: Ending): Promise<Decision | null> {
    const known = await this.#known(snapshot);
    const decision = this.#commit(() => this.#heard(known, turn, decide));
    this.ctx.waitUntil(this.#delivering.run());
    this.#ask();
    // Afterwards: what is being done by now needs no alarm at once, which would be a row more.
    this.#arm();
    return decision;
  }

  #heard(known: Known, turnId: number, decide: Ending): Decision | null {
    const now = Date.now();
    const worldOf = ({ phone, origin }: SenderState) => worldIn(known, phone, origin, now);
    return endIn(this.#store, this.#turns, turnId, decide, worldOf);
  }

  /**
   * Takes answers that somebody brings to a turn.
   * @param sid of the turn's text
   * @param answers as JSON
   * @returns false where the turn waits for none (any more)
   */
  async bring(sid: string, answers: string): Promise<boolean> {
    const snapshot = await this.#configuration();
    const asked = awaitedIn(this.#store, sid);
    if (asked === null) return false;
    const outcome: RequestOutcome = { kind: "answered", status: 200, json: JSON.parse(answers) as Json };
    const decision = await this.#end(snapshot, asked, (state, turn, world) =>
      answered(state, asked, outcome, turn, world),
    );
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
          return known !== null && this.#heard(known, turn.id, filed) !== null;
        });
        if (!goesOn) return;
        this.ctx.waitUntil(this.#delivering.run());
        this.#ask();
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

  /** @returns when the next errand is due, or null where none is */
  #dueAt(): number | null {
    const state = this.#store.state();
    return state === null ? null : this.#errands.dueAt(state);
  }

  /** What the errands need of this object. */
  #office(): Office {
    return {
      commit: (work) => this.#commit(work),
      configuration: () => this.#configuration(),
      arm: () => this.#arm(),
      rest: (now) => {
        this.#arm();
        this.#watchTrouble(now);
      },
      armAfterFailure: (event, error) => this.#armAfterFailure(event, error),
    };
  }

  /** Lets the sweep know of trouble, and of its end. */
  #watchTrouble(now: number): void {
    const state = this.#store.state();
    if (state !== null) this.#watch.see(this.#errands.isTroubled(state, now), state.phone, this.#dueAt() ?? now);
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
    const moment = earliest([this.#errands.alarmAt(state), nextDue(state)]);
    if (moment !== null) this.#alarm.set(moment, Date.now());
  }

  #armAfterFailure(event: string, error: unknown): void {
    log("error", event, { error: error instanceof Error ? error.name : "unknown" });
    this.#alarm.set(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS, Date.now());
  }
}
