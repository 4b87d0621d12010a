/** Runs tasks one at a time, in the order in which they were added. */
export class SerialRunner {
  #last: Promise<unknown> = Promise.resolve();

  async run<Value>(task: () => Promise<Value>): Promise<Value> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return await result;
  }
}
