import type { SenderStore } from "./store.ts";

/** An alarm set for now, from within an alarm, is lost by the runtime. */
const SOONEST_ALARM_MILLISECONDS = 500;

/** When a sender's object wakes, whatever becomes of it until then. */
export class Alarm {
  readonly #store: SenderStore;
  #at: number | null = null;

  constructor(store: SenderStore) {
    this.#store = store;
  }

  /** What the runtime knows of it: a new object has not set it itself. */
  isSetTo(at: number | null): void {
    this.#at = at;
  }

  /** Sees to it that the object wakes then. One that comes too early is harmless and stays: moving it would be a row written in every turn. */
  set(moment: number): void {
    if (this.#at !== null && this.#at <= moment) return;
    this.#at = Math.max(moment, Date.now() + SOONEST_ALARM_MILLISECONDS);
    this.#store.setAlarm(this.#at);
  }
}
