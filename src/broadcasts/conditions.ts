import type { Snapshot } from "../configuration/snapshot.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { zonesOf } from "../hours/phone-zones.ts";
import { opensAt } from "../hours/quiet.ts";
import { cappedUntil, type Remaining } from "../send-limits/caps.ts";
import { priceOf } from "../send-limits/prices.ts";
import type { Broadcast } from "./broadcast.ts";
import type { Conditions } from "./dispatcher.ts";
import { bulkPace } from "./pace.ts";

/**
 * What a number carries, and when people may be texted: not in their night, and not while a daily cap is reached.
 * @param unheard milliseconds without word after which whoever texts a lot has died
 * @param remaining what the daily caps leave now; null: there are none, or nobody knows, and the Senders ask again
 */
export function conditionsOf(
  number: PhoneNumber,
  snapshot: Snapshot,
  unheard: number,
  remaining: Remaining | null,
): Conditions {
  const prices = snapshot.brakesOn(number).caps?.prices ?? null;
  const capEnds = ({ segments, body }: Pick<Broadcast, "segments" | "body">, phone: PhoneNumber): number => {
    if (remaining === null) return 0;
    const each = Math.ceil(segments);
    const money = priceOf(prices, phone, each, body.media !== undefined) ?? 0;
    return cappedUntil(remaining, { segments: each, money }) ?? 0;
  };
  return {
    pace: bulkPace(snapshot.numbers.get(number) ?? { type: "long-code" }),
    unheard,
    opensAt: (broadcast, phone, wanted) => {
      const { list, quiet } = broadcast.body;
      const moment = Math.max(wanted, capEnds(broadcast, phone));
      if (quiet === null) return moment;
      const zones = zonesOf(phone);
      return opensAt(zones.length > 0 ? zones : [snapshot.lists.get(list)?.zone ?? "UTC"], quiet, moment);
    },
  };
}
