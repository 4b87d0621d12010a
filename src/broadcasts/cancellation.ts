import type { PhoneNumber } from "../core/phone.ts";
import type { BatchStore } from "./batch-store.ts";
import type { Broadcast } from "./broadcast.ts";
import { countSkipped, type SkipReason } from "./tally.ts";

/**
 * Removes the waiting batches of a broadcast and counts their recipients as skipped.
 * @param unread the size of the unread audience, which is counted with them
 * @returns the broadcast, to be saved by the caller
 */
export function skipWaitingRecipients(
  store: Pick<BatchStore, "loadBatchSizes" | "removeBatches">,
  broadcast: Broadcast,
  reason: SkipReason,
  unread: number,
): Broadcast {
  const { recipients } = store.loadBatchSizes(broadcast.id).waiting;
  store.removeBatches(broadcast.id, "waiting");
  return { ...broadcast, tally: countSkipped(broadcast.tally, reason, unread + recipients) };
}

/**
 * Adds a batch of recipients whose notices are to be withdrawn from their Senders; the outcome is counted afterwards.
 * @returns the broadcast, to be saved by the caller
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
