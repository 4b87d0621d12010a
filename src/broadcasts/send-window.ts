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
 * What a number carries, and when people may be texted: not in their night, and not while a daily cap is reached.
 * @param unheard milliseconds without word after which whoever texts a lot has died
 * @param remaining what the daily caps leave now; null: there are none, or nobody knows, and the Senders ask again
 */
export function createSendWindow(
  number: PhoneNumber,
  snapshot: ConfigurationSnapshot,
  unheard: number,
  remaining: RemainingAllowance | null,
): SendWindow {
  const prices = snapshot.findSendLimits(number).caps?.prices ?? null;
  const findRecipientCapEnd = (
    { segments, body }: Pick<Broadcast, "segments" | "body">,
    phone: PhoneNumber,
  ): number => {
    if (remaining === null) return 0;
    const each = Math.ceil(segments);
    const money = calculateMessagePrice(prices, phone, each, body.media !== undefined) ?? 0;
    return findCapEnd(remaining, { segments: each, money }) ?? 0;
  };
  return {
    pace: calculateBulkRate(snapshot.numbers.get(number) ?? { type: "long-code" }),
    batchTimeoutMilliseconds: unheard,
    findTextingTime: (broadcast, phone, wanted) => {
      const { list, quiet } = broadcast.body;
      const moment = Math.max(wanted, findRecipientCapEnd(broadcast, phone));
      if (quiet === null) return moment;
      const zones = findPhoneZones(phone);
      return findTextingTime(zones.length > 0 ? zones : [snapshot.lists.get(list)?.zone ?? "UTC"], quiet, moment);
    },
  };
}
