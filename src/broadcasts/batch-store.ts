import type { Batch, BatchOfKind } from "./batch.ts";
import type { Broadcast } from "./broadcast.ts";

/**
 * The store of one number's broadcasts and batches. All methods are synchronous; the caller wraps changes in a
 * transaction.
 */
export interface BatchStore {
  findBroadcast(id: string): Broadcast | null;
  /** @returns broadcasts that still need work, ordered by id */
  listLiveBroadcasts(): readonly Broadcast[];
  saveBroadcast(broadcast: Broadcast): void;
  findBatch(broadcast: string, id: number): Batch | null;
  saveBatch(batch: Batch): void;
  removeBatch(broadcast: string, id: number): void;
  removeBatches(broadcast: string, kind: Batch["kind"]): void;
  /** @returns the batches of all broadcasts that are due by `until`, earliest first */
  listDueBatches<Kind extends Batch["kind"]>(kind: Kind, until: number, limit: number): readonly BatchOfKind<Kind>[];
  /**
   * @returns the dead batches of a broadcast, ordered by id
   * @param after the last id of the page before; 0 for the first page
   */
  listDeadBatches(broadcast: string, after: number, limit: number): readonly BatchOfKind<"dead">[];
  /** @returns the batches with notices that are queued at their Senders */
  listQueuedBatches(broadcast: string): readonly BatchOfKind<"watched">[];
  /** @returns the number of recipients whose notice is queued at their Sender */
  countQueuedRecipients(broadcast: string): number;
  /**
   * @returns the next batch to give out
   * @param fullSize the size at which a batch with due time 0 need not be filled up first
   */
  findNextBatch(broadcast: string, now: number, fullSize: number): BatchOfKind<"waiting"> | null;
  /** @returns the smallest of the waiting batches with a due time */
  findRoomiestBatch(broadcast: string, due: number): BatchOfKind<"waiting"> | null;
  loadBatchSizes(broadcast: string): BatchSizes;
  /** @returns when the first waiting batch of a broadcast is due; null if none waits */
  findFirstWaitingTime(broadcast: string): number | null;
  /** @returns the earliest due time of a kind after a time, or null */
  findFirstDueTime(kind: Batch["kind"], after: number): number | null;
  /** @returns when the number has sent all that it was given; milliseconds since 1970 */
  loadFreeTime(): number;
  saveFreeTime(time: number): void;
}

/** The number of batches of each kind, and of their recipients. */
export type BatchSizes = Readonly<Record<Batch["kind"], { readonly batches: number; readonly recipients: number }>>;
