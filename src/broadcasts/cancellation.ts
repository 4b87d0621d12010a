import type { PhoneNumber } from "../core/phone.ts";
import type { BatchStore } from "./batch-store.ts";
import type { Broadcast } from "./broadcast.ts";
import { countSkipped, type SkipReason } from "./tally.ts";

/**
 * Nobody else of a broadcast is texted: whoever waits in a lot is counted as skipped.
 * @param unread how many of the audience are counted with them
 * @returns the broadcast, as it is to be saved
 */
export function skipWaitingRecipients(
  store: Pick<BatchStore, "loadBatchSizes" | "removeBatches">,
  broadcast: Broadcast,
  reason: SkipReason,
  unread: number,
): Broadcast {
  const { people } = store.loadBatchSizes(broadcast.id).waiting;
  store.removeBatches(broadcast.id, "waiting");
  return { ...broadcast, tally: countSkipped(broadcast.tally, reason, unread + people) };
}

/**
 * What may wait for people at their Senders is called off there; what has become of it is counted then.
 * @returns the broadcast, as it is to be saved
 */
export function recallQueuedNotices(
  store: Pick<BatchStore, "saveBatch">,
  broadcast: Broadcast,
  phones: readonly PhoneNumber[],
  now: number,
): Broadcast {
  if (phones.length === 0) return broadcast;
  const lots = broadcast.lots + 1;
  store.saveBatch({ broadcast: broadcast.id, id: lots, kind: "recalled", due: now, phones });
  return { ...broadcast, lots };
}
