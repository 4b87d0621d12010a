/** The runtime loses an alarm that is set for now from within an alarm. */
const SOONEST_ALARM_MILLISECONDS = 500;

/**
 * The single alarm of a Durable Object. An alarm that comes too early is harmless and stays: moving it would write a
 * row in every turn.
 */
export class ObjectAlarm {
  readonly #store: { readonly setAlarm: (at: number) => void };
  #at: number | null = null;

  constructor(store: { readonly setAlarm: (at: number) => void }) {
    this.#store = store;
  }

  /** Takes over the time that the runtime has stored, or null if no alarm is set. */
  restoreAlarm(at: number | null): void {
    this.#at = at;
  }

  /** Ensures that the alarm rings at a moment or earlier; milliseconds since 1970. */
  scheduleAlarm(moment: number, now: number): void {
    if (this.#at !== null && this.#at <= moment) return;
    this.#at = Math.max(moment, now + SOONEST_ALARM_MILLISECONDS);
    this.#store.setAlarm(this.#at);
  }
}
