import { CIRCUIT_FAILURES, CIRCUIT_OPEN_MILLISECONDS } from "../core/limits/outbound.ts";

/**
 * Whether a place that may fail is asked at all. After some failures in a row it rests; then one asks, for all, whether it is back, and the
 * others wait for what becomes of that.
 */
export interface CircuitState {
  /** In a row. */
  readonly failures: number;
  /** Nobody else asks before this moment; milliseconds since 1970. */
  readonly openUntil: number;
  /** Who asks, for all, whether it is back, perhaps by several requests; null: nobody does. */
  readonly probe: string | null;
}

export const CLOSED_CIRCUIT: CircuitState = { failures: 0, openUntil: 0, probe: null };

/** @returns the circuit after somebody is allowed to ask, or null where they are not now */
export function admitRequest(circuit: CircuitState, question: string, now: number): CircuitState | null {
  if (circuit.failures < CIRCUIT_FAILURES || circuit.probe === question) return circuit;
  if (now < circuit.openUntil) return null;
  // Should nobody hear how that ends, the next one may ask after another rest.
  return { ...circuit, probe: question, openUntil: now + CIRCUIT_OPEN_MILLISECONDS };
}

export function recordFailure({ failures }: CircuitState, now: number): CircuitState {
  return { failures: failures + 1, openUntil: now + CIRCUIT_OPEN_MILLISECONDS, probe: null };
}
