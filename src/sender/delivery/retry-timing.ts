import { RETRY_BASE_MILLISECONDS } from "../../core/limits/sender.ts";

/**
 * Full jitter under a doubling ceiling, as Twilio's own client does it.
 * @param chance a random number from 0 to 1
 * @param ceiling milliseconds
 */
export function calculateBackoff(tries: number, chance: number, ceiling: number): number {
  return Math.ceil(chance * Math.min(ceiling, RETRY_BASE_MILLISECONDS * 2 ** tries));
}
