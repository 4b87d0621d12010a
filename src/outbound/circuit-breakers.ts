import { BoundedCache } from "../core/bounded-cache.ts";
import { CIRCUITS_CACHED } from "../core/limits/outbound.ts";
import { admitRequest, type CircuitState, CLOSED_CIRCUIT, recordFailure } from "./circuit-breaker.ts";

/** The circuit breakers of all locations that have failed lately. */
export class CircuitBreakers {
  readonly #circuits = new BoundedCache<CircuitState>(CIRCUITS_CACHED);

  /**
   * @param question an id that all requests of one question share
   * @param now milliseconds since 1970
   */
  mayAsk(location: string, question: string, now: number): boolean {
    const circuit = this.#circuits.get(location);
    if (circuit === undefined) return true;
    const after = admitRequest(circuit, question, now);
    if (after !== null) this.#circuits.set(location, after);
    return after !== null;
  }

  /** Records how a question ended, after its last request. */
  recordOutcome(location: string, succeeded: boolean, now: number): void {
    const before = this.#circuits.get(location) ?? CLOSED_CIRCUIT;
    this.#circuits.delete(location);
    if (!succeeded) this.#circuits.set(location, recordFailure(before, now));
  }
}
