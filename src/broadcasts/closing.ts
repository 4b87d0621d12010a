import type { Broadcast } from "./broadcast.ts";
import type { DispatchStore } from "./dispatch-store.ts";
import { type Skip, skip } from "./progress.ts";

/**
 * Nobody else of a broadcast is texted: whoever waits in a lot is counted as skipped.
 * @param unread how many of the audience are counted with them
 * @returns the broadcast, as it is to be saved
 */
export function withoutWaiting(
  store: Pick<DispatchStore, "lotsOf" | "removeLot">,
  broadcast: Broadcast,
  reason: Skip,
  unread: number,
): Broadcast {
  const waiting = store.lotsOf(broadcast.id, "waiting");
  for (const lot of waiting) store.removeLot(broadcast.id, lot.id);
  const people = waiting.reduce((sum, { phones }) => sum + phones.length, unread);
  return { ...broadcast, tally: skip(broadcast.tally, reason, people) };
}
