import { CIRCUIT_FAILURES, CIRCUIT_OPEN_MILLISECONDS } from "../core/limits/outbound.ts";

/**
 * The state of a circuit breaker for one location. It opens after some failures in a row. When the timeout is over, one
 * request is let through as a probe, and all others are refused until its outcome is known.
 */
export interface CircuitState {
  /** Failures in a row. */
  readonly failures: number;
  /** No new probe starts before this time; milliseconds since 1970. */
  readonly openUntil: number;
  /** The question whose requests are the current probe; null if there is none. */
  readonly probe: string | null;
}

export const CLOSED_CIRCUIT: CircuitState = { failures: 0, openUntil: 0, probe: null };

/** @returns the state after a request is admitted; null if it is not */
export function admitRequest(circuit: CircuitState, question: string, now: number): CircuitState | null {
  if (circuit.failures < CIRCUIT_FAILURES || circuit.probe === question) return circuit;
  if (now < circuit.openUntil) return null;
  // If the probe's outcome is never reported, another probe may start after the same timeout.
  return { ...circuit, probe: question, openUntil: now + CIRCUIT_OPEN_MILLISECONDS };
}

export function recordFailure({ failures }: CircuitState, now: number): CircuitState {
  return { failures: failures + 1, openUntil: now + CIRCUIT_OPEN_MILLISECONDS, probe: null };
}
