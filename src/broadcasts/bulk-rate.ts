import type { ReadyNumber } from "../configuration/snapshot.ts";
import { BULK_RATE_SHARE } from "../core/limits/broadcasts.ts";
import { SEGMENTS_PER_SECOND } from "../core/limits/twilio.ts";

/**
 * Calculates the share of a number's rate that broadcasts may use. The rest is left to answers, because Twilio sends
 * messages in the order in which it gets them.
 * @returns segments a second
 */
export function calculateBulkRate({
  type = "long-code",
  segmentsPerSecond,
}: Pick<ReadyNumber, "type" | "segmentsPerSecond">): number {
  return (segmentsPerSecond ?? SEGMENTS_PER_SECOND[type]) * BULK_RATE_SHARE;
}
