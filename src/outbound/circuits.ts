import { CIRCUITS_KEPT } from "../core/limits/outbound.ts";
import { afterFailure, asking, type Circuit, CLOSED } from "./circuit.ts";

/** The places that have failed lately, by name. */
export class Circuits {
  readonly #circuits = new Map<string, Circuit>();

  /** @param who the same for all requests that make one question @param now milliseconds since 1970 */
  mayAsk(place: string, who: string, now: number): boolean {
    const circuit = this.#circuits.get(place);
    if (circuit === undefined) return true;
    const after = asking(circuit, who, now);
    if (after !== null) this.#circuits.set(place, after);
    return after !== null;
  }

  /** How a question has ended, after its last request. */
  report(place: string, isWell: boolean, now: number): void {
    const before = this.#circuits.get(place) ?? CLOSED;
    this.#circuits.delete(place);
    if (isWell) return;
    this.#circuits.set(place, afterFailure(before, now));
    const [oldest] = this.#circuits.keys();
    if (this.#circuits.size > CIRCUITS_KEPT && oldest !== undefined) this.#circuits.delete(oldest);
  }
}
