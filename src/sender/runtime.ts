import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { pastVersions } from "../configuration/versions/store.ts";
import { Alarm } from "../core/alarm.ts";
import { log } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { paceOf } from "../core/send-timing.ts";
import { earliest } from "../core/time.ts";
import { Asking, type Question } from "./errands/call-assistant.ts";
import { Keeping, type KeepingTask } from "./errands/copy-media.ts";
import { createD1Syncs } from "./errands/d1-sync.ts";
import { Metering } from "./errands/daily-caps.ts";
import { type ErrandHost, Errands, type Resumption, Runner } from "./errands/errand.ts";
import { Identity } from "./errands/identity-service.ts";
import { Watch } from "./errands/overdue-watch.ts";
import { Delivering, type DeliveryTask } from "./errands/send-parts.ts";
import { type Decision, type Ending } from "./events/decision.ts";
import { due, nextDue } from "./events/timeouts.ts";
import type { SenderState } from "./model/state.ts";
import { endIn, type Known, pastNeeded, proceedAll, tickIn, worldIn } from "./records/due-runner.ts";
import { Copies } from "./records/media-copies.ts";
import { SenderStore } from "./records/store.ts";
import { Turns } from "./records/turn-log.ts";

/** After a failure that nobody foresaw. */
const ALARM_AFTER_FAILURE_MILLISECONDS = 30_000;

/** What a Sender works with: its store and its turns, the errands that are done for them, and the one alarm behind all of it. */
export class Works {
  readonly store: SenderStore;
  readonly turns: Turns;
  readonly copies: Copies;
  readonly identity: Identity;
  readonly delivering: Runner<DeliveryTask>;
  readonly keeping: Runner<KeepingTask>;
  readonly metering: Metering;
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #asking: Runner<Question>;
  readonly #d1Syncs: ReturnType<typeof createD1Syncs>;
  readonly #watch: Watch;
  readonly #errands: Errands;
  readonly #alarm: Alarm;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
    this.store = new SenderStore(ctx.storage);
    this.#alarm = new Alarm(this.store);
    const pace = paceOf(env.SETTLE_SECONDS);
    this.turns = new Turns(this.store, pace);
    this.copies = new Copies(this.store);
    this.#watch = new Watch(env.DB, (work) => ctx.waitUntil(work));
    this.metering = new Metering(env.METER);
    const host = this.#host();
    this.delivering = new Runner(new Delivering(this.turns, pace, host.state, host.commit, this.metering), host);
    this.#asking = new Runner(new Asking(host, pace), host);
    this.keeping = new Runner(new Keeping(this.copies, env, host), host);
    this.identity = new Identity(ctx, env, this.store, host);
    this.#d1Syncs = createD1Syncs(this.store, env.DB, host);
    this.#errands = new Errands([this.delivering, this.#asking, this.identity.errand, this.keeping, ...this.#d1Syncs]);
    void ctx.blockConcurrencyWhile(async () => this.#alarm.found(await ctx.storage.getAlarm()));
  }

  /** One event, all of it or nothing. */
  commit<Value>(work: () => Value): Value {
    try {
      return this.store.transaction(work);
    } catch (error) {
      this.turns.forget();
      this.copies.forget();
      throw error;
    }
  }

  configuration(revision?: number): Promise<Snapshot> {
    return configuration(this.#env, (work) => this.#ctx.waitUntil(work), revision);
  }

  /** Reads what the open conversations need of the configuration's past: nothing, while they are on what is published. Never throws. */
  async known(snapshot: Snapshot): Promise<Known> {
    return { snapshot, past: await pastVersions(this.#env.DB, pastNeeded(this.store.state(), snapshot)) };
  }

  /** May a part be claimed at once? Where there is a cap, the Meter is asked before. */
  isFree({ snapshot }: Known, number: PhoneNumber): boolean {
    return !this.delivering.isBusy && snapshot.brakesOn(number).caps === null;
  }

  /** An event has been stored: what it wants to be done is begun. @param task what it has claimed; null: nothing */
  begin(task: DeliveryTask | null): void {
    if (task !== null || this.turns.isDue()) this.deliver(task);
    // Afterwards: what is being done by now needs no alarm at once, which would be a row more.
    if (task === null) this.arm();
    this.ask();
  }

  /** Sends what is to be sent. @param task what is claimed already */
  deliver(task: DeliveryTask | null = null): void {
    this.#ctx.waitUntil(this.delivering.run(task));
  }

  /** Makes the requests of assistants, finds out who somebody is, and tells D1 what it must know, if there is anything of that to do. */
  ask(): void {
    const state = this.store.state();
    if (state === null) return;
    for (const errand of [this.#asking, this.identity.errand, ...this.#d1Syncs])
      if (errand.dueAt(state) !== null) this.#ctx.waitUntil(errand.run());
  }

  /** Resumes the turn that waited for what has ended, and begins whatever follows. @returns null if the turn no longer waits */
  async resume({ turn, snapshot, decide, record }: Resumption): Promise<Decision | null> {
    const known = snapshot === null ? null : await this.known(snapshot);
    const decision = this.commit(() => {
      record?.();
      return known === null ? null : this.#heard(known, turn, decide);
    });
    if (decision === null) return null;
    this.deliver();
    this.ask();
    // Afterwards: what is being done by now needs no alarm at once, which would be a row more.
    this.arm();
    return decision;
  }

  #heard(known: Known, turnId: number, decide: Ending): Decision | null {
    const now = Date.now();
    const worldOf = ({ phone, origin }: SenderState) => worldIn(known, phone, origin, now);
    return endIn(this.store, this.turns, turnId, decide, worldOf);
  }

  /** Sees to what is due, whatever has become of the alarm. @returns when the next errand is due, or null where none is */
  wake(): number | null {
    this.#alarm.found(null);
    this.arm();
    this.#ctx.waitUntil(this.#errands.run());
    return this.#dueAt();
  }

  /** The alarm has come. Never throws: the runtime gives up an alarm that has failed six times. */
  async rung(): Promise<void> {
    this.#alarm.found(null);
    try {
      await this.#proceed();
      this.arm();
      await this.#errands.run();
    } catch (error) {
      this.#armAfterFailure("alarm-failed", error);
    }
  }

  /** Does what time has made due. */
  async #proceed(): Promise<void> {
    const state = this.commit(() => tickIn(this.store, Date.now()));
    if (state === null || due(state, Date.now()) === null) return;
    const known = await this.known(await this.configuration());
    const now = Date.now();
    this.commit(() => proceedAll(this.store, this.turns, ({ phone, origin }) => worldIn(known, phone, origin, now)));
  }

  /** Sees to it that the object wakes when something is due. */
  arm(): void {
    const state = this.store.state();
    if (state === null) return;
    const moment = earliest([this.#errands.alarmAt(state), nextDue(state)]);
    if (moment !== null) this.#alarm.set(moment, Date.now());
  }

  #armAfterFailure(event: string, error: unknown): void {
    log("error", event, { error: error instanceof Error ? error.name : "unknown" });
    this.#alarm.set(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS, Date.now());
  }

  /** @returns when the next errand is due, or null where none is */
  #dueAt(): number | null {
    const state = this.store.state();
    return state === null ? null : this.#errands.dueAt(state);
  }

  /** Lets the sweep know of trouble, and of its end. */
  #watchTrouble(now: number): void {
    const state = this.store.state();
    if (state !== null) this.#watch.see(this.#errands.isTroubled(state, now), state.phone, () => this.#dueAt() ?? now);
  }

  /** What the errands need. */
  #host(): ErrandHost {
    return {
      commit: (work) => this.commit(work),
      state: () => this.store.state(),
      resume: (resumption) => this.resume(resumption),
      configuration: () => this.configuration(),
      arm: () => this.arm(),
      rest: (now) => {
        this.arm();
        this.#watchTrouble(now);
      },
      armAfterFailure: (event, error) => this.#armAfterFailure(event, error),
    };
  }
}
