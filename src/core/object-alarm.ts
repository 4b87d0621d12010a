/** An alarm set for now, from within an alarm, is lost by the runtime. */
const SOONEST_ALARM_MILLISECONDS = 500;

/** The one alarm of an object. One that comes too early is harmless and stays: moving it would be a row written in every turn. */
export class ObjectAlarm {
  readonly #store: { readonly setAlarm: (at: number) => void };
  #at: number | null = null;

  constructor(store: { readonly setAlarm: (at: number) => void }) {
    this.#store = store;
  }

  /** As the runtime has it; null: none is set. */
  restoreAlarm(at: number | null): void {
    this.#at = at;
  }

  /** Sees to it that it comes at a moment, or sooner; milliseconds since 1970. */
  scheduleAlarm(moment: number, now: number): void {
    if (this.#at !== null && this.#at <= moment) return;
    this.#at = Math.max(moment, now + SOONEST_ALARM_MILLISECONDS);
    this.#store.setAlarm(this.#at);
  }
}
