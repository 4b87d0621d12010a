import { randomBytes } from "node:crypto";
import { ConcurrencyLimiter } from "./concurrency-limiter.ts";
import { FaultInjector } from "./faults/fault-injector.ts";
import { WEBHOOKS_AT_ONCE } from "./limits.ts";
import { MediaLinks } from "./media-links.ts";
import { EventHub } from "./state/event-hub.ts";
import type { MessageRecord, OwnedNumber } from "./state/records.ts";
import { EmulatorStore } from "./state/store.ts";

/** How long a message stays `queued` and `sent`, in milliseconds. */
export interface DeliveryPace {
  readonly queuedMs: number;
  readonly sentMs: number;
}

/** What all parts of the emulator share: state, faults, clock, timers and cancellation. */
export class EmulatorContext {
  readonly events = new EventHub();
  readonly store = new EmulatorStore(this.events.publish);
  readonly links = new MediaLinks();
  readonly faults = new FaultInjector();
  /** Limits the webhooks that are in flight at once. */
  readonly webhookLimiter = new ConcurrencyLimiter(WEBHOOKS_AT_ONCE);
  readonly pace: DeliveryPace;
  /** The emulator's URL, which media URLs begin with. Replaced once the real port is known. */
  origin: string;
  /**
   * The URL of the files that media URLs redirect to: another origin, as at Twilio. Replaced once its port is known.
   */
  mediaOrigin: string;
  /** Delivers a message to another of the operator's numbers as an inbound text. Set by server.ts, to avoid a cycle. */
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

  /** Creates a SID: two letters and 32 hexadecimal digits. */
  createSid(prefix: "SM" | "MM" | "ME" | "PN" | "SC" | "RQ"): string {
    return prefix + randomBytes(16).toString("hex");
  }

  /** Aborted on a reset and on shutdown, when work in flight no longer matters. */
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

  /** Waits for the given time, or until a reset or shutdown. */
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

  /** Stops timers, webhooks in flight and event streams, so that the process can exit. */
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
