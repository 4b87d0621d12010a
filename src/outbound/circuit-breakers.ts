import { BoundedCache } from "../core/bounded-cache.ts";
import { CIRCUITS_CACHED } from "../core/limits/outbound.ts";
import { allowAsker, type CircuitState, CLOSED_CIRCUIT, recordFailure } from "./circuit-breaker.ts";

/** The places that have failed lately, by name. */
export class CircuitBreakers {
  readonly #circuits = new BoundedCache<CircuitState>(CIRCUITS_CACHED);

  /** @param who the same for all requests that make one question @param now milliseconds since 1970 */
  mayAsk(place: string, who: string, now: number): boolean {
    const circuit = this.#circuits.get(place);
    if (circuit === undefined) return true;
    const after = allowAsker(circuit, who, now);
    if (after !== null) this.#circuits.set(place, after);
    return after !== null;
  }

  /** How a question has ended, after its last request. */
  recordOutcome(place: string, isWell: boolean, now: number): void {
    const before = this.#circuits.get(place) ?? CLOSED_CIRCUIT;
    this.#circuits.delete(place);
    if (!isWell) this.#circuits.set(place, recordFailure(before, now));
  }
}
