import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { findEarliestTime } from "../../core/time-limits.ts";
import type { ResumeTurn, TurnDecision } from "../events/decision.ts";
import type { SenderState } from "../model/state.ts";

/**
 * Work that a Sender does outside its transactions, such as a call to Twilio. The pending tasks are stored; an errand
 * only performs them.
 */
export interface Errand<Task> {
  /** The log event of an unexpected failure. */
  readonly failureEvent: string;
  /** After this time a running task counts as lost and is due again; milliseconds. */
  readonly timeoutMilliseconds: number;
  /** Returns when the next task is due (0: now), or null if no task is pending. */
  readonly dueAt: (state: SenderState) => number | null;
  /**
   * Returns whether a task waits that could not be done at once. The sweep then wakes the Sender if its alarm is lost.
   */
  readonly isTroubled: (state: SenderState, now: number) => boolean;
  /**
   * Takes the next due task. Runs within a transaction.
   * @param snapshot null if the configuration is not available
   */
  readonly takeTask: (snapshot: ConfigurationSnapshot | null, now: number) => Task | null;
  /** Performs a task and stores the result. No `await` comes between taking a task and performing it. */
  readonly performTask: (task: Task) => Promise<void>;
}

/** How a turn continues when the wait for an errand has ended. */
export interface TurnResumption {
  /** The number of the turn that waited. */
  readonly turn: number;
  /** Null: the configuration is not available, and the turn does not resume yet. */
  readonly snapshot: ConfigurationSnapshot | null;
  readonly decide: ResumeTurn;
  /** Stores how the errand ended, in the same transaction. */
  readonly record?: () => void;
}

/** The services of a Sender for its errands. */
export interface ErrandHost {
  /** Runs synchronous work in a transaction: all of its writes happen, or none. */
  readonly commit: <Value>(work: () => Value) => Value;
  readonly state: () => SenderState | null;
  /**
   * Resumes the turn that waited for an errand, and begins whatever follows.
   * @returns null if the turn no longer waits
   */
  readonly resumeTurn: (resumption: TurnResumption) => Promise<TurnDecision | null>;
  /** @throws if the configuration is not available */
  readonly loadSnapshot: () => Promise<ConfigurationSnapshot>;
  /** Sets the alarm to the moment when anything is due. */
  readonly armAlarm: () => void;
  /** Called when no task is due any more: arms the alarm, and reports trouble and its end to the sweep. */
  readonly finishRun: (now: number) => void;
  readonly armAfterFailure: (event: string, error: unknown) => void;
}

/** Runs one errand: one task after the other, never two at once. */
export class ErrandRunner<Task> {
  readonly #errand: Errand<Task>;
  readonly #host: ErrandHost;
  #isBusy = false;

  constructor(errand: Errand<Task>, host: ErrandHost) {
    this.#errand = errand;
    this.#host = host;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  dueAt(state: SenderState): number | null {
    return this.#errand.dueAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#errand.isTroubled(state, now);
  }

  /** @returns when the alarm is needed; for a running task, when it counts as lost */
  alarmAt(state: SenderState): number | null {
    const due = this.dueAt(state);
    const lostAt = this.#isBusy ? Date.now() + this.#errand.timeoutMilliseconds : 0;
    return due === null ? null : Math.max(due, lostAt);
  }

  /** Arms the alarm, then performs a claimed task, if any, and all due tasks after it. Never throws. */
  async run(first: Task | null = null): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#host.armAlarm();
      for (let task = first ?? (await this.#takeNextTask()); task !== null; task = await this.#takeNextTask()) {
        await this.#errand.performTask(task);
      }
    } catch (error) {
      this.#isBusy = false;
      this.#host.armAfterFailure(this.#errand.failureEvent, error);
    }
  }

  async #takeNextTask(): Promise<Task | null> {
    const snapshot = this.#hasDueTask() ? await this.#host.loadSnapshot().catch(() => null) : null;
    const now = Date.now();
    const task = this.#hasDueTask() ? this.#host.commit(() => this.#errand.takeTask(snapshot, now)) : null;
    if (task !== null) return task;
    // No await since the search for a task: an event from now on finds the runner idle, and starts it.
    this.#isBusy = false;
    this.#host.finishRun(now);
    return null;
  }

  /** Usually no task follows: then the configuration is not loaded, and no transaction begins. */
  #hasDueTask(): boolean {
    const state = this.#host.state();
    return state !== null && this.dueAt(state) !== null;
  }
}

/** All errands of one Sender. */
export class ErrandGroup {
  readonly #runners: readonly Pick<ErrandRunner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[];

  constructor(runners: readonly Pick<ErrandRunner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[]) {
    this.#runners = runners;
  }

  /** Runs all errands concurrently. Never throws. */
  async run(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.run()));
  }

  /** @returns when the next task is due, or null if no task is pending */
  dueAt(state: SenderState): number | null {
    return findEarliestTime(this.#runners.map((runner) => runner.dueAt(state)));
  }

  /** @returns when the alarm is needed, or null if it is not */
  alarmAt(state: SenderState): number | null {
    return findEarliestTime(this.#runners.map((runner) => runner.alarmAt(state)));
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#runners.some((runner) => runner.isTroubled(state, now));
  }
}
