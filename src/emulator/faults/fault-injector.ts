import { FAULT_SUBJECTS_KEPT } from "../limits.ts";
import type { FaultDraw } from "./fault-picks.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { drawChance } from "./seeded-chance.ts";

/** What `GET /emulator/faults` shows. */
export interface FaultReport {
  readonly plan: FaultPlan | null;
  /** How often each fault has happened since the plan was set, by names as `create.busy`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Texts whose webhook is held back, or is still to be repeated. */
  readonly pending: number;
}

/**
 * The plan, and what follows from it. What befalls a thing depends on the seed, on the thing (who texts whom what) and on how often it was tried,
 * not on what else goes on: the same load meets the same faults again.
 */
export class FaultInjector {
  #plan: FaultPlan | null = null;
  #pending = 0;
  readonly #counts = new Map<string, number>();
  readonly #tries = new Map<string, number>();
  readonly #hiddenUntil = new Map<string, number>();
  readonly #held = new Map<string, () => Promise<void>>();
  readonly #waiting = new Map<string, () => void>();

  createReport(): FaultReport {
    return { plan: this.#plan, counts: Object.fromEntries(this.#counts), pending: this.#pending };
  }

  /** Begins anew: counts from 0, draws from the first. */
  startPlan(plan: FaultPlan): void {
    this.#plan = plan;
    this.#counts.clear();
    this.#tries.clear();
  }

  /** From now on everything goes well; what was held back for some time still is, but every message is listed. */
  endPlan(): void {
    this.#plan = null;
    this.#hiddenUntil.clear();
  }

  /** Forgets what is under way, as messages are forgotten. */
  forgetMessages(): void {
    for (const part of [this.#tries, this.#hiddenUntil, this.#held, this.#waiting]) part.clear();
  }

  /**
   * Decides by the plan.
   * @param subject what it is about, the same in every run
   * @param otherwise what is decided where there is no plan
   */
  decideFault<Decision>(
    subject: string,
    decision: (plan: FaultPlan, draw: FaultDraw) => Decision,
    otherwise: NoInfer<Decision>,
  ): Decision {
    const plan = this.#plan;
    if (plan === null) return otherwise;
    const tries = this.#countTry(subject);
    return decision(plan, (fault) => drawChance(plan.seed, `${fault} ${tries} ${subject}`));
  }

  countFault(fault: string, times = 1): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + times);
  }

  /** Counts a text as pending until the work is over. */
  async trackPending(work: Promise<void>): Promise<void> {
    this.#pending += 1;
    try {
      await work;
    } finally {
      this.#pending -= 1;
    }
  }

  /** Lists do not show the message before that moment. */
  hideMessage(messageSid: string, until: number): void {
    this.#hiddenUntil.set(messageSid, until);
  }

  isListed(messageSid: string, now: number): boolean {
    const until = this.#hiddenUntil.get(messageSid);
    if (until === undefined) return true;
    if (until > now) return false;
    this.#hiddenUntil.delete(messageSid);
    return true;
  }

  /** Keeps a message's callback until a later one has gone out. */
  holdCallback(messageSid: string, post: () => Promise<void>): void {
    this.#held.set(messageSid, post);
  }

  /** @returns the callback that was held back, which is then no longer */
  releaseCallback(messageSid: string): (() => Promise<void>) | null {
    const held = this.#held.get(messageSid) ?? null;
    this.#held.delete(messageSid);
    return held;
  }

  /** @param then runs once, after a callback of the message's has gone out */
  onNextCallback(messageSid: string, then: () => void): void {
    this.#waiting.set(messageSid, then);
  }

  notifyCallback(messageSid: string): void {
    this.#waiting.get(messageSid)?.();
    this.#waiting.delete(messageSid);
  }

  #countTry(subject: string): number {
    const tries = (this.#tries.get(subject) ?? 0) + 1;
    this.#tries.set(subject, tries);
    if (this.#tries.size > FAULT_SUBJECTS_KEPT) this.#tries.delete(this.#tries.keys().next().value ?? "");
    return tries;
  }
}
