/** What is dear to make, kept ready by name; the one that came first goes when there are too many. */
export class BoundedCache<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  getOrCreate(name: string, make: () => Value): Value {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const value = make();
    if (this.#values.size >= this.#most) this.#values.delete(this.#values.keys().next().value ?? "");
    this.#values.set(name, value);
    return value;
  }
}
