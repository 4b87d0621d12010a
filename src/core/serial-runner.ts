/** Lets nobody overtake: what is asked for first is done first, however long it takes. */
export class SerialRunner {
  #last: Promise<unknown> = Promise.resolve();

  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return await mine;
  }
}
