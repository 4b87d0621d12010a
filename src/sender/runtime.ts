import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { loadPastVersions } from "../configuration/versions/store.ts";
import { logEvent } from "../core/log.ts";
import { ObjectAlarm } from "../core/object-alarm.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { parseSendTiming } from "../core/send-timing.ts";
import { findEarliestTime } from "../core/time-limits.ts";
import { CallAssistantErrand, type CallAssistantTask } from "./errands/call-assistant.ts";
import { CopyMediaErrand, type CopyMediaTask } from "./errands/copy-media.ts";
import { createD1Syncs } from "./errands/d1-sync.ts";
import { DailyCapGate } from "./errands/daily-caps.ts";
import { ErrandGroup, type ErrandHost, ErrandRunner, type Resumption } from "./errands/errand.ts";
import { IdentityService } from "./errands/identity-service.ts";
import { OverdueWatch } from "./errands/overdue-watch.ts";
import { SendPartsErrand, type SendPartTask } from "./errands/send-parts.ts";
import { type ResumeTurn, type TurnDecision } from "./events/decision.ts";
import { nextDueAt, nextDueEvent } from "./events/timeouts.ts";
import type { SenderState } from "./model/state.ts";
import {
  createDecisionContext,
  findNeededVersions,
  handleDueEvents,
  type LoadedConfiguration,
  resumeStoredTurn,
  saveIdleClosures,
} from "./records/due-runner.ts";
import { MediaCopies } from "./records/media-copies.ts";
import { SenderStore } from "./records/store.ts";
import { TurnLog } from "./records/turn-log.ts";

/** After a failure that nobody foresaw. */
const ALARM_AFTER_FAILURE_MILLISECONDS = 30_000;

/** What a Sender works with: its store and its turns, the errands that are done for them, and the one alarm behind all of it. */
export class SenderRuntime {
  readonly store: SenderStore;
  readonly turnLog: TurnLog;
  readonly copies: MediaCopies;
  readonly identity: IdentityService;
  readonly sendRunner: ErrandRunner<SendPartTask>;
  readonly copyRunner: ErrandRunner<CopyMediaTask>;
  readonly capGate: DailyCapGate;
  readonly #ctx: DurableObjectState;
  readonly #env: Env;
  readonly #assistantRunner: ErrandRunner<CallAssistantTask>;
  readonly #d1Syncs: ReturnType<typeof createD1Syncs>;
  readonly #watch: OverdueWatch;
  readonly #errands: ErrandGroup;
  readonly #alarm: ObjectAlarm;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.#env = env;
    this.store = new SenderStore(ctx.storage);
    this.#alarm = new ObjectAlarm(this.store);
    const timing = parseSendTiming(env.SETTLE_SECONDS);
    this.turnLog = new TurnLog(this.store, timing);
    this.copies = new MediaCopies(this.store);
    this.#watch = new OverdueWatch(env.DB, (work) => ctx.waitUntil(work));
    this.capGate = new DailyCapGate(env.METER);
    const host = this.#createErrandHost();
    this.sendRunner = new ErrandRunner(
      new SendPartsErrand(this.turnLog, timing, host.state, host.commit, this.capGate),
      host,
    );
    this.#assistantRunner = new ErrandRunner(new CallAssistantErrand(host, timing), host);
    this.copyRunner = new ErrandRunner(new CopyMediaErrand(this.copies, env, host), host);
    this.identity = new IdentityService(ctx, env, this.store, host);
    this.#d1Syncs = createD1Syncs(this.store, env.DB, host);
    this.#errands = new ErrandGroup([
      this.sendRunner,
      this.#assistantRunner,
      this.identity.errand,
      this.copyRunner,
      ...this.#d1Syncs,
    ]);
    void ctx.blockConcurrencyWhile(async () => this.#alarm.restoreAlarm(await ctx.storage.getAlarm()));
  }

  /** One event, all of it or nothing. */
  commitEvent<Value>(work: () => Value): Value {
    try {
      return this.store.runTransaction(work);
    } catch (error) {
      this.turnLog.forgetProgress();
      this.copies.forgetProgress();
      throw error;
    }
  }

  loadSnapshot(revision?: number): Promise<ConfigurationSnapshot> {
    return loadConfiguration(this.#env, (work) => this.#ctx.waitUntil(work), revision);
  }

  /** Reads what the open conversations need of the configuration's past: nothing, while they are on what is published. Never throws. */
  async loadConfiguration(snapshot: ConfigurationSnapshot): Promise<LoadedConfiguration> {
    return { snapshot, past: await loadPastVersions(this.#env.DB, findNeededVersions(this.store.state(), snapshot)) };
  }

  /** May a part be claimed at once? Where there is a cap, the Meter is asked before. */
  canClaimPart({ snapshot }: LoadedConfiguration, number: PhoneNumber): boolean {
    return !this.sendRunner.isBusy && snapshot.findSendLimits(number).caps === null;
  }

  /** An event has been stored: what it wants to be done is begun. @param task what it has claimed; null: nothing */
  startErrands(task: SendPartTask | null): void {
    if (task !== null || this.turnLog.isDue()) this.startSending(task);
    // Afterwards: what is being done by now needs no alarm at once, which would be a row more.
    if (task === null) this.armAlarm();
    this.startOtherErrands();
  }

  /** Sends what is to be sent. @param task what is claimed already */
  startSending(task: SendPartTask | null = null): void {
    this.#ctx.waitUntil(this.sendRunner.run(task));
  }

  /** Makes the requests of assistants, finds out who somebody is, and tells D1 what it must know, if there is anything of that to do. */
  startOtherErrands(): void {
    const state = this.store.state();
    if (state === null) return;
    for (const errand of [this.#assistantRunner, this.identity.errand, ...this.#d1Syncs])
      if (errand.dueAt(state) !== null) this.#ctx.waitUntil(errand.run());
  }

  /** Resumes the turn that waited for what has ended, and begins whatever follows. @returns null if the turn no longer waits */
  async resumeTurn({ turn, snapshot, decide, record }: Resumption): Promise<TurnDecision | null> {
    const known = snapshot === null ? null : await this.loadConfiguration(snapshot);
    const decision = this.commitEvent(() => {
      record?.();
      return known === null ? null : this.#resumeStoredTurn(known, turn, decide);
    });
    if (decision === null) return null;
    this.startSending();
    this.startOtherErrands();
    // Afterwards: what is being done by now needs no alarm at once, which would be a row more.
    this.armAlarm();
    return decision;
  }

  #resumeStoredTurn(known: LoadedConfiguration, turnId: number, decide: ResumeTurn): TurnDecision | null {
    const now = Date.now();
    const createContext = ({ phone, origin }: SenderState) => createDecisionContext(known, phone, origin, now);
    return resumeStoredTurn(this.store, this.turnLog, turnId, decide, createContext);
  }

  /** Sees to what is due, whatever has become of the alarm. @returns when the next errand is due, or null where none is */
  wakeUp(): number | null {
    this.#alarm.restoreAlarm(null);
    this.armAlarm();
    this.#ctx.waitUntil(this.#errands.run());
    return this.#nextErrandAt();
  }

  /** The alarm has come. Never throws: the runtime gives up an alarm that has failed six times. */
  async handleAlarm(): Promise<void> {
    this.#alarm.restoreAlarm(null);
    try {
      await this.#handleDueEvents();
      this.armAlarm();
      await this.#errands.run();
    } catch (error) {
      this.#armAfterFailure("alarm-failed", error);
    }
  }

  /** Does what time has made due. */
  async #handleDueEvents(): Promise<void> {
    const state = this.commitEvent(() => saveIdleClosures(this.store, Date.now()));
    if (state === null || nextDueEvent(state, Date.now()) === null) return;
    const known = await this.loadConfiguration(await this.loadSnapshot());
    const now = Date.now();
    this.commitEvent(() =>
      handleDueEvents(this.store, this.turnLog, ({ phone, origin }) =>
        createDecisionContext(known, phone, origin, now),
      ),
    );
  }

  /** Sees to it that the object wakes when something is due. */
  armAlarm(): void {
    const state = this.store.state();
    if (state === null) return;
    const moment = findEarliestTime([this.#errands.alarmAt(state), nextDueAt(state)]);
    if (moment !== null) this.#alarm.scheduleAlarm(moment, Date.now());
  }

  #armAfterFailure(event: string, error: unknown): void {
    logEvent("error", event, { error: error instanceof Error ? error.name : "unknown" });
    this.#alarm.scheduleAlarm(Date.now() + ALARM_AFTER_FAILURE_MILLISECONDS, Date.now());
  }

  /** @returns when the next errand is due, or null where none is */
  #nextErrandAt(): number | null {
    const state = this.store.state();
    return state === null ? null : this.#errands.dueAt(state);
  }

  /** Lets the sweep know of trouble, and of its end. */
  #watchTrouble(now: number): void {
    const state = this.store.state();
    if (state !== null)
      this.#watch.reportTrouble(this.#errands.isTroubled(state, now), state.phone, () => this.#nextErrandAt() ?? now);
  }

  /** What the errands need. */
  #createErrandHost(): ErrandHost {
    return {
      commit: (work) => this.commitEvent(work),
      state: () => this.store.state(),
      resumeTurn: (resumption) => this.resumeTurn(resumption),
      loadSnapshot: () => this.loadSnapshot(),
      armAlarm: () => this.armAlarm(),
      finishRun: (now) => {
        this.armAlarm();
        this.#watchTrouble(now);
      },
      armAfterFailure: (event, error) => this.#armAfterFailure(event, error),
    };
  }
}
