import { DEAD_BATCHES_PER_READ } from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { BatchStore } from "./batch-store.ts";
import { type CommandResult, createBroadcastView, saveAndView } from "./broadcast-view.ts";

/** Recipients that could not be texted because all tries failed. */
export interface DeadLetter {
  /** The id of their batch. */
  readonly lot: number;
  readonly phones: readonly PhoneNumber[];
  readonly reason: string;
  /** When the last try failed; milliseconds since 1970. */
  readonly at: number;
}

/**
 * @param after the `lot` of the last dead letter of the page before; 0 for the first page
 * @returns null if the broadcast does not exist
 */
export function listDeadLetters(
  store: BatchStore,
  id: string,
  after: number,
  limit: number,
): readonly DeadLetter[] | null {
  if (store.findBroadcast(id) === null) return null;
  const batches = store.listDeadBatches(id, after, limit);
  return batches.map(({ id: lot, phones, reason, at }) => ({ lot, phones, reason, at }));
}

/**
 * Retries all dead letters of a broadcast, which resumes if it is done.
 * @returns null if the broadcast does not exist
 */
export function retryDeadLetters(store: BatchStore, id: string, now: number): CommandResult | null {
  const broadcast = store.findBroadcast(id);
  if (broadcast === null) return null;
  const { life } = broadcast;
  if (life.status === "cancelled")
    return { refusal: "The broadcast is cancelled, so its dead letters cannot be retried." };
  let batches = store.listDeadBatches(id, 0, DEAD_BATCHES_PER_READ);
  if (batches.length === 0) return { view: createBroadcastView(store, broadcast) };
  for (; batches.length > 0; batches = store.listDeadBatches(id, 0, DEAD_BATCHES_PER_READ))
    for (const { id: batchId, phones } of batches)
      store.saveBatch({ broadcast: id, id: batchId, kind: "waiting", due: now, phones, tries: 0 });
  return saveAndView(store, {
    ...broadcast,
    life: life.status === "done" ? { status: "running", since: now } : life,
    updatedAt: now,
  });
}
