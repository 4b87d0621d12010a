/** Runs at most a fixed number of actions at once; further ones wait in order of arrival. */
export class ConcurrencyLimiter {
  #freeSlots: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#freeSlots = slots;
  }

  async run<Value>(action: () => Promise<Value>): Promise<Value> {
    if (this.#freeSlots > 0) this.#freeSlots -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await action();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#freeSlots += 1;
      else next();
    }
  }
}
