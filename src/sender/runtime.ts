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
import { ErrandGroup, type ErrandHost, ErrandRunner, type TurnResumption } from "./errands/errand.ts";
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

/** The next alarm after an unexpected failure. */
const ALARM_AFTER_FAILURE_MILLISECONDS = 30_000;

/** The store and the turns of a Sender, its errands, and the one alarm behind all of them. */
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

  /** Runs an event in a transaction: all of its writes happen, or none. */
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

  /** Adds the past versions that open conversations use. Reads nothing if all use the published ones. Never throws. */
  async loadConfiguration(snapshot: ConfigurationSnapshot): Promise<LoadedConfiguration> {
    return { snapshot, past: await loadPastVersions(this.#env.DB, findNeededVersions(this.store.state(), snapshot)) };
  }

  /**
   * Returns whether the first part of a new turn may be claimed at once. If there is a daily cap, the Meter is asked
   * first.
   */
  canClaimPart({ snapshot }: LoadedConfiguration, number: PhoneNumber): boolean {
    return !this.sendRunner.isBusy && snapshot.findSendLimits(number).caps === null;
  }

  /**
   * Starts the errands after an event is stored.
   * @param task the action that the event claimed; null if it claimed none
   */
  startErrands(task: SendPartTask | null): void {
    if (task !== null || this.turnLog.isDue()) this.startSending(task);
    // Last, since running errands need no alarm at once, which would cost a row.
    if (task === null) this.armAlarm();
    this.startDueErrands();
  }

  /** Starts sending due parts. @param task the action that is claimed already */
  startSending(task: SendPartTask | null = null): void {
    this.#ctx.waitUntil(this.sendRunner.run(task));
  }

  /** Starts requests of assistants, identity checks and D1 syncs that are due. */
  startDueErrands(): void {
    const state = this.store.state();
    if (state === null) return;
    for (const errand of [this.#assistantRunner, this.identity.errand, ...this.#d1Syncs])
      if (errand.dueAt(state) !== null) this.#ctx.waitUntil(errand.run());
  }

  /**
   * Resumes a turn whose wait has ended, and starts the errands that follow.
   * @returns null if the turn no longer waits
   */
  async resumeTurn({ turn, snapshot, decide, record }: TurnResumption): Promise<TurnDecision | null> {
    const configuration = snapshot === null ? null : await this.loadConfiguration(snapshot);
    const decision = this.commitEvent(() => {
      record?.();
      return configuration === null ? null : this.#resumeStoredTurn(configuration, turn, decide);
    });
    if (decision === null) return null;
    this.startSending();
    this.startDueErrands();
    // Last, since running errands need no alarm at once, which would cost a row.
    this.armAlarm();
    return decision;
  }

  #resumeStoredTurn(configuration: LoadedConfiguration, turnId: number, decide: ResumeTurn): TurnDecision | null {
    const now = Date.now();
    const createContext = ({ phone, origin }: SenderState) => createDecisionContext(configuration, phone, origin, now);
    return resumeStoredTurn(this.store, this.turnLog, turnId, decide, createContext);
  }

  /**
   * Starts everything that is due, even if the alarm was lost.
   * @returns when the next task is due, or null if no task is pending
   */
  wakeUp(): number | null {
    this.#alarm.restoreAlarm(null);
    this.armAlarm();
    this.#ctx.waitUntil(this.#errands.run());
    return this.#nextErrandAt();
  }

  /** Handles the alarm. Never throws, since the platform gives up an alarm that fails six times. */
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

  /** Handles the events that are due. */
  async #handleDueEvents(): Promise<void> {
    const state = this.commitEvent(() => saveIdleClosures(this.store, Date.now()));
    if (state === null || nextDueEvent(state, Date.now()) === null) return;
    const configuration = await this.loadConfiguration(await this.loadSnapshot());
    const now = Date.now();
    this.commitEvent(() =>
      handleDueEvents(this.store, this.turnLog, ({ phone, origin }) =>
        createDecisionContext(configuration, phone, origin, now),
      ),
    );
  }

  /** Sets the alarm to when anything is due next. */
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

  /** @returns when the next task is due, or null if no task is pending */
  #nextErrandAt(): number | null {
    const state = this.store.state();
    return state === null ? null : this.#errands.dueAt(state);
  }

  /** Reports trouble and its end to the sweep. */
  #watchTrouble(now: number): void {
    const state = this.store.state();
    if (state !== null)
      this.#watch.reportTrouble(this.#errands.isTroubled(state, now), state.phone, () => this.#nextErrandAt() ?? now);
  }

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
