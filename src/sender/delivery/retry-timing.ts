import { RETRY_BASE_MILLISECONDS } from "../../core/limits/sender.ts";

/**
 * Calculates exponential backoff with full jitter, like Twilio's own client.
 * @param chance a random number from 0 to 1
 * @param ceiling the longest backoff; milliseconds
 * @returns milliseconds
 */
export function calculateBackoff(tries: number, chance: number, ceiling: number): number {
  return Math.ceil(chance * Math.min(ceiling, RETRY_BASE_MILLISECONDS * 2 ** tries));
}
