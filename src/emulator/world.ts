import { randomBytes } from "node:crypto";
import { EventHub } from "./events.ts";
import { Faults } from "./faults/faults.ts";
import { Lane } from "./lane.ts";
import { WEBHOOKS_AT_ONCE } from "./limits.ts";
import { MediaLinks } from "./links.ts";
import type { Message, OwnedNumber } from "./model.ts";
import { Store } from "./store.ts";

/** How long a message stays `queued`, and `sent` before it is `delivered`. */
export interface Pace {
  readonly queuedMs: number;
  readonly sentMs: number;
}

/** What everything in the emulator shares: the state, and the few ways out of pure code. */
export class World {
  readonly events = new EventHub();
  readonly store = new Store(this.events.publish);
  readonly links = new MediaLinks();
  readonly faults = new Faults();
  /** What all outgoing webhooks pass. */
  readonly lane = new Lane(WEBHOOKS_AT_ONCE);
  readonly pace: Pace;
  /** Where the emulator is reached; media addresses begin with it. Set anew when the real port is known. */
  origin: string;
  /** Where the files are that media addresses redirect to: elsewhere, as at Twilio. Set anew as well. */
  mediaOrigin: string;
  /** Brings a message to another of the operator's numbers, as a text that comes in there; set where that is known. */
  carry: (message: Message, to: OwnedNumber) => void = () => undefined;
  readonly #timers = new Set<NodeJS.Timeout>();
  #ending = new AbortController();

  constructor(pace: Pace, origin: string) {
    this.pace = pace;
    this.origin = origin;
    this.mediaOrigin = origin;
  }

  now(): number {
    return Date.now();
  }

  /** A new SID: two letters and 32 hexadecimal digits. */
  sid(prefix: "SM" | "MM" | "ME" | "PN" | "SC" | "RQ"): string {
    return prefix + randomBytes(16).toString("hex");
  }

  /** Aborted when what is under way no longer matters: at a reset, and at the end. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  after(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    this.#timers.add(timer);
  }

  /** Resolves after so long, or when what is under way no longer matters. */
  async pause(milliseconds: number): Promise<void> {
    const { ending } = this;
    if (ending.aborted) return;
    await new Promise<void>((resolve) => {
      const over = (): void => {
        ending.removeEventListener("abort", over);
        resolve();
      };
      ending.addEventListener("abort", over);
      this.after(milliseconds, over);
    });
  }

  reset(all: boolean): void {
    this.#abandon();
    this.#ending = new AbortController();
    this.links.clear();
    this.faults.forget();
    if (all) this.faults.end();
    this.store.reset(all);
  }

  /** Ends timers, outstanding webhooks and event streams, so that the process can exit. */
  end(): void {
    this.#abandon();
    this.events.close();
  }

  #abandon(): void {
    this.#ending.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
