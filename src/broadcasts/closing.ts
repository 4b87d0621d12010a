import type { PhoneNumber } from "../core/phone.ts";
import type { Broadcast } from "./broadcast.ts";
import type { DispatchStore } from "./dispatch-store.ts";
import { type Skip, skip } from "./progress.ts";

/**
 * Nobody else of a broadcast is texted: whoever waits in a lot is counted as skipped.
 * @param unread how many of the audience are counted with them
 * @returns the broadcast, as it is to be saved
 */
export function withoutWaiting(
  store: Pick<DispatchStore, "sizes" | "removeLots">,
  broadcast: Broadcast,
  reason: Skip,
  unread: number,
): Broadcast {
  const { people } = store.sizes(broadcast.id).waiting;
  store.removeLots(broadcast.id, "waiting");
  return { ...broadcast, tally: skip(broadcast.tally, reason, unread + people) };
}

/**
 * What may wait for people at their Senders is called off there; what has become of it is counted then.
 * @returns the broadcast, as it is to be saved
 */
export function recalling(
  store: Pick<DispatchStore, "saveLot">,
  broadcast: Broadcast,
  phones: readonly PhoneNumber[],
  now: number,
): Broadcast {
  if (phones.length === 0) return broadcast;
  const lots = broadcast.lots + 1;
  store.saveLot({ broadcast: broadcast.id, id: lots, kind: "recalled", due: now, phones });
  return { ...broadcast, lots };
}
