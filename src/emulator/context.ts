import { randomBytes } from "node:crypto";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { FaultInjector } from "./faults/fault-injector.ts";
import { WEBHOOKS_AT_ONCE } from "./limits.ts";
import { MediaLinks } from "./media-links.ts";
import { EventHub } from "./state/event-hub.ts";
import type { MessageRecord, OwnedNumber } from "./state/records.ts";
import { EmulatorStore } from "./state/store.ts";

/** How long a message stays `queued`, and `sent` before it is `delivered`. */
export interface DeliveryPace {
  readonly queuedMs: number;
  readonly sentMs: number;
}

/** What everything in the emulator shares: the state, and the few ways out of pure code. */
export class EmulatorContext {
  readonly events = new EventHub();
  readonly store = new EmulatorStore(this.events.publish);
  readonly links = new MediaLinks();
  readonly faults = new FaultInjector();
  /** What all outgoing webhooks pass. */
  readonly webhookLimiter = new ConcurrencyLimiter(WEBHOOKS_AT_ONCE);
  readonly pace: DeliveryPace;
  /** Where the emulator is reached; media addresses begin with it. Set anew when the real port is known. */
  origin: string;
  /** Where the files are that media addresses redirect to: elsewhere, as at Twilio. Set anew as well. */
  mediaOrigin: string;
  /** Brings a message to another of the operator's numbers, as a text that comes in there; set where that is known. */
  forwardMessage: (message: MessageRecord, to: OwnedNumber) => void = () => undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #abortController = new AbortController();

  constructor(pace: DeliveryPace, origin: string) {
    this.pace = pace;
    this.origin = origin;
    this.mediaOrigin = origin;
  }

  now(): number {
    return Date.now();
  }

  /** A new SID: two letters and 32 hexadecimal digits. */
  createSid(prefix: "SM" | "MM" | "ME" | "PN" | "SC" | "RQ"): string {
    return prefix + randomBytes(16).toString("hex");
  }

  /** Aborted when what is under way no longer matters: at a reset, and at the end. */
  get abortSignal(): AbortSignal {
    return this.#abortController.signal;
  }

  runLater(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** Resolves after so long, or when what is under way no longer matters. */
  async pause(milliseconds: number): Promise<void> {
    const { abortSignal } = this;
    if (abortSignal.aborted) return;
    await new Promise<void>((resolve) => {
      const finishPause = (): void => {
        abortSignal.removeEventListener("abort", finishPause);
        resolve();
      };
      abortSignal.addEventListener("abort", finishPause);
      this.runLater(milliseconds, finishPause);
    });
  }

  resetState(all: boolean): void {
    this.#abandonWork();
    this.#abortController = new AbortController();
    this.links.clear();
    this.faults.forgetMessages();
    if (all) this.faults.endPlan();
    this.store.clearState(all);
  }

  /** Ends timers, outstanding webhooks and event streams, so that the process can exit. */
  shutDown(): void {
    this.#abandonWork();
    this.events.closeStreams();
  }

  #abandonWork(): void {
    this.#abortController.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
