/** Whoever is woken by an alarm of their own, and looked at after every event. */
export interface Sleeper {
  readonly alarmAt: number | null;
  wake(): void;
  /** What must be true after every event. */
  check(): void;
}

/** The simulated time of all who live in it: what happens, and when. */
export class Agenda {
  /** Milliseconds since 1970. */
  now = 1_000_000;
  /** Networks fail and objects die. */
  faults = true;
  readonly #events: { readonly at: number; readonly happen: () => void }[] = [];
  readonly #sleepers: Sleeper[] = [];

  join(sleeper: Sleeper): void {
    this.#sleepers.push(sleeper);
  }

  later(milliseconds: number, happen: () => void): void {
    this.#events.push({ at: this.now + milliseconds, happen });
  }

  /** Lets things happen until there is nothing left to happen, or the time is up. */
  run(until: number): void {
    while (this.#step(until)) for (const sleeper of this.#sleepers) sleeper.check();
    this.now = until;
  }

  /** An event comes before an alarm of the same moment. @returns whether there was something to be done */
  #step(until: number): boolean {
    let next = -1;
    let at = Number.POSITIVE_INFINITY;
    for (const [index, event] of this.#events.entries()) if (event.at < at) [next, at] = [index, event.at];
    let woken: Sleeper | null = null;
    for (const sleeper of this.#sleepers)
      if (sleeper.alarmAt !== null && sleeper.alarmAt < at) [woken, at] = [sleeper, sleeper.alarmAt];
    if (at > until) return false;
    this.now = Math.max(this.now, at);
    if (woken === null) this.#events.splice(next, 1)[0]?.happen();
    else woken.wake();
    return true;
  }
}
