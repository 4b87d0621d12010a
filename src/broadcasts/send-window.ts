import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { findPhoneZones } from "../hours/phone-zones.ts";
import { findTextingTime } from "../hours/quiet-hours.ts";
import { findCapEnd, type RemainingAllowance } from "../send-limits/daily-caps.ts";
import { calculateMessagePrice } from "../send-limits/message-prices.ts";
import type { SendWindow } from "./batch-scheduler.ts";
import type { Broadcast } from "./broadcast.ts";
import { calculateBulkRate } from "./bulk-rate.ts";

/**
 * Creates the conditions for a number: its rate, and times outside of quiet hours and reached daily caps.
 * @param remaining the usage that the daily caps still allow; null if there are no caps, or if it is unknown and the
 * Senders check it themselves
 */
export function createSendWindow(
  number: PhoneNumber,
  snapshot: ConfigurationSnapshot,
  batchTimeoutMilliseconds: number,
  remaining: RemainingAllowance | null,
): SendWindow {
  const prices = snapshot.findSendLimits(number).caps?.prices ?? null;
  const findRecipientCapEnd = (
    { segments, body }: Pick<Broadcast, "segments" | "body">,
    phone: PhoneNumber,
  ): number => {
    if (remaining === null) return 0;
    const wholeSegments = Math.ceil(segments);
    const money = calculateMessagePrice(prices, phone, wholeSegments, body.media !== undefined) ?? 0;
    return findCapEnd(remaining, { segments: wholeSegments, money }) ?? 0;
  };
  return {
    bulkRate: calculateBulkRate(snapshot.numbers.get(number) ?? { type: "long-code" }),
    batchTimeoutMilliseconds,
    findTextingTime: (broadcast, phone, earliest) => {
      const { list, quiet } = broadcast.body;
      const time = Math.max(earliest, findRecipientCapEnd(broadcast, phone));
      if (quiet === null) return time;
      const zones = findPhoneZones(phone);
      return findTextingTime(zones.length > 0 ? zones : [snapshot.lists.get(list)?.zone ?? "UTC"], quiet, time);
    },
  };
}
