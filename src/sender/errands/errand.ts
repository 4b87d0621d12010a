import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { findEarlierTime } from "../../core/time-limits.ts";
import type { ResumeTurn, TurnDecision } from "../events/decision.ts";
import type { SenderState } from "../model/state.ts";

/** Something that a Sender does outside of its transactions: at Twilio, say. What is still to be done is stored; this only does it. */
export interface Errand<Task> {
  /** The log line for a failure that nobody foresaw. */
  readonly failureEvent: string;
  /** A task that nobody has heard of for so long is due again; milliseconds. */
  readonly timeoutMilliseconds: number;
  /** @returns when something is to be done (0: now), or null where nothing is */
  readonly dueAt: (state: SenderState) => number | null;
  /** Does something wait that could not be done at once? Then the sweep watches over it. */
  readonly isTroubled: (state: SenderState, now: number) => boolean;
  /**
   * Takes the next task that is due, within a transaction.
   * @param snapshot null where the configuration cannot be had
   */
  readonly takeTask: (snapshot: ConfigurationSnapshot | null, now: number) => Task | null;
  /** Does a task and stores how it ended. It is called in the same stretch as the task is taken. */
  readonly performTask: (task: Task) => Promise<void>;
}

/** What turns an ended wait into the next decision of its turn, and what is stored with it. */
export interface Resumption {
  /** The number of the turn that waited. */
  readonly turn: number;
  /** Null: the configuration is not available, and the turn does not resume yet. */
  readonly snapshot: ConfigurationSnapshot | null;
  readonly decide: ResumeTurn;
  /** Stores how the errand ended, in the same transaction. */
  readonly record?: () => void;
}

/** What a Sender provides to its errands. */
export interface ErrandHost {
  /** One event, all of it or nothing. */
  readonly commit: <Value>(work: () => Value) => Value;
  readonly state: () => SenderState | null;
  /**
   * Resumes the turn that waited for an errand, and begins whatever follows.
   * @returns null if the turn no longer waits
   */
  readonly resumeTurn: (resumption: Resumption) => Promise<TurnDecision | null>;
  /** @throws where it cannot be had */
  readonly loadSnapshot: () => Promise<ConfigurationSnapshot>;
  /** Sets the alarm to the moment when anything is due. */
  readonly armAlarm: () => void;
  /** Nothing more can be done now: arms the alarm, and lets the sweep know of trouble and its end. */
  readonly finishRun: (now: number) => void;
  readonly armAfterFailure: (event: string, error: unknown) => void;
}

/** Runs errands of one kind: one task after the other, never two at once. */
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

  /** @returns when the alarm is needed: what is being done is due again if nobody has heard of it for long */
  alarmAt(state: SenderState): number | null {
    const due = this.dueAt(state);
    const heard = this.#isBusy ? Date.now() + this.#errand.timeoutMilliseconds : 0;
    return due === null ? null : Math.max(due, heard);
  }

  /** Arms the alarm, then does a task and all that are due after it, one after the other. Never throws. */
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
    // In the same stretch as the look for a task: what comes now finds nobody busy, and begins.
    this.#isBusy = false;
    this.#host.finishRun(now);
    return null;
  }

  /** Mostly nothing follows: then nobody asks for the configuration, and no transaction begins. */
  #hasDueTask(): boolean {
    const state = this.#host.state();
    return state !== null && this.dueAt(state) !== null;
  }
}

/** All kinds of errands of one Sender. */
export class ErrandGroup {
  readonly #runners: readonly Pick<ErrandRunner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[];

  constructor(runners: readonly Pick<ErrandRunner<unknown>, "run" | "dueAt" | "alarmAt" | "isTroubled">[]) {
    this.#runners = runners;
  }

  /** Runs all at once, each kind for itself. Never throws. */
  async run(): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.run()));
  }

  /** @returns when the next errand is due, or null where none is */
  dueAt(state: SenderState): number | null {
    let first: number | null = null;
    for (const runner of this.#runners) first = findEarlierTime(first, runner.dueAt(state));
    return first;
  }

  /** @returns when the alarm is needed, or null where it is not */
  alarmAt(state: SenderState): number | null {
    let first: number | null = null;
    for (const runner of this.#runners) first = findEarlierTime(first, runner.alarmAt(state));
    return first;
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#runners.some((runner) => runner.isTroubled(state, now));
  }
}
