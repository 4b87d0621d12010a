/** A cache by key; once it is full, a new key evicts the oldest entry. */
export class BoundedCache<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();

  /** @param limit the number of entries, at least 1 */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  /** Adds or replaces an entry; a replaced one stays as old as it was. */
  set(key: string, value: Value): void {
    const isFull = this.#values.size >= this.#limit && !this.#values.has(key);
    if (isFull) this.#values.delete(this.#values.keys().next().value ?? "");
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }

  /** @param make creates the value if it is not in the cache; if it throws, nothing is stored */
  getOrCreate(key: string, make: (key: string) => Value): Value {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    this.set(key, value);
    return value;
  }
}
