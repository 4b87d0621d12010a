import type { ReadyNumber } from "../configuration/snapshot.ts";
import { BULK_RATE_SHARE } from "../core/limits/broadcasts.ts";
import { SEGMENTS_PER_SECOND } from "../core/limits/twilio.ts";

/**
 * What a number carries for broadcasts. The rest is left to answers: whoever has texted waits for one, and Twilio sends what it is given in its order.
 * @returns segments a second
 */
export function calculateBulkRate({
  type = "long-code",
  segmentsPerSecond,
}: Pick<ReadyNumber, "type" | "segmentsPerSecond">): number {
  return (segmentsPerSecond ?? SEGMENTS_PER_SECOND[type]) * BULK_RATE_SHARE;
}
