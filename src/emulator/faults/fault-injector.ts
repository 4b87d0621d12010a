import { FAULT_SUBJECTS_KEPT } from "../limits.ts";
import type { FaultDraw } from "./fault-picks.ts";
import type { FaultPlan } from "./fault-plan.ts";
import { drawChance } from "./seeded-chance.ts";

/** The body of `GET /emulator/faults`. */
export interface FaultReport {
  readonly plan: FaultPlan | null;
  /** How often each fault has happened since the plan was set, by name, for example `create.busy`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Number of texts whose webhook is delayed or still to be repeated. */
  readonly pending: number;
}

/**
 * Decides on faults by the plan, and keeps what delayed faults need. A fault depends only on the seed, on the subject
 * (sender, recipient and text) and on the number of tries, not on other traffic: the same load meets the same faults.
 */
export class FaultInjector {
  #plan: FaultPlan | null = null;
  #pending = 0;
  readonly #counts = new Map<string, number>();
  readonly #tries = new Map<string, number>();
  readonly #hiddenUntil = new Map<string, number>();
  readonly #heldCallbacks = new Map<string, () => Promise<void>>();
  readonly #callbackListeners = new Map<string, () => void>();

  createReport(): FaultReport {
    return { plan: this.#plan, counts: Object.fromEntries(this.#counts), pending: this.#pending };
  }

  /** Starts a plan, with all counts and draws reset. */
  startPlan(plan: FaultPlan): void {
    this.#plan = plan;
    this.#counts.clear();
    this.#tries.clear();
  }

  /** Ends the plan: no further faults, and lists show all messages. Work that is already delayed stays delayed. */
  endPlan(): void {
    this.#plan = null;
    this.#hiddenUntil.clear();
  }

  /** Forgets everything that refers to messages. */
  forgetMessages(): void {
    for (const map of [this.#tries, this.#hiddenUntil, this.#heldCallbacks, this.#callbackListeners]) map.clear();
  }

  /**
   * Decides on a fault by the plan.
   * @param subject describes the message or request; must be the same in every run
   * @param decide picks the fault
   * @param fallback the result without a plan
   */
  decideFault<Decision>(
    subject: string,
    decide: (plan: FaultPlan, draw: FaultDraw) => Decision,
    fallback: NoInfer<Decision>,
  ): Decision {
    const plan = this.#plan;
    if (plan === null) return fallback;
    const tries = this.#countTry(subject);
    return decide(plan, (fault) => drawChance(plan.seed, `${fault} ${tries} ${subject}`));
  }

  countFault(fault: string, times = 1): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + times);
  }

  /** Counts a text as pending until the work ends. */
  async trackPending(work: Promise<void>): Promise<void> {
    this.#pending += 1;
    try {
      await work;
    } finally {
      this.#pending -= 1;
    }
  }

  /** Hides a message from lists. @param until milliseconds since 1970 */
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

  /** Holds a message's callback back until a later one has been sent. */
  holdCallback(messageSid: string, post: () => Promise<void>): void {
    this.#heldCallbacks.set(messageSid, post);
  }

  /** Releases the callback that was held back. @returns a function that posts it, or null */
  releaseCallback(messageSid: string): (() => Promise<void>) | null {
    const post = this.#heldCallbacks.get(messageSid) ?? null;
    this.#heldCallbacks.delete(messageSid);
    return post;
  }

  /** Calls a listener once, after the message's next callback has been sent. */
  onNextCallback(messageSid: string, listener: () => void): void {
    this.#callbackListeners.set(messageSid, listener);
  }

  notifyCallback(messageSid: string): void {
    this.#callbackListeners.get(messageSid)?.();
    this.#callbackListeners.delete(messageSid);
  }

  #countTry(subject: string): number {
    const tries = (this.#tries.get(subject) ?? 0) + 1;
    this.#tries.set(subject, tries);
    if (this.#tries.size > FAULT_SUBJECTS_KEPT) this.#tries.delete(this.#tries.keys().next().value ?? "");
    return tries;
  }
}
