import type { Batch, BatchOfKind } from "./batch.ts";
import type { Broadcast } from "./broadcast.ts";

/** Where the broadcasts of one number are kept. All of it is synchronous, and changes within a transaction of the caller's. */
export interface BatchStore {
  findBroadcast(id: string): Broadcast | null;
  /** Those of which something is still to be done, by their ids. */
  listLiveBroadcasts(): readonly Broadcast[];
  saveBroadcast(broadcast: Broadcast): void;
  findBatch(broadcast: string, id: number): Batch | null;
  saveBatch(lot: Batch): void;
  removeBatch(broadcast: string, id: number): void;
  removeBatches(broadcast: string, kind: Batch["kind"]): void;
  /** The lots of any broadcast that are due, the first first. */
  listDueBatches<Kind extends Batch["kind"]>(kind: Kind, until: number, limit: number): readonly BatchOfKind<Kind>[];
  /** The dead lots of a broadcast, the first first. @param after the id of the last that is known; 0: none is */
  listDeadBatches(broadcast: string, after: number, limit: number): readonly BatchOfKind<"dead">[];
  /** The lots in which somebody waits at their Sender. */
  listQueuedBatches(broadcast: string): readonly BatchOfKind<"watched">[];
  /** For how many it waits at their Sender. */
  countQueuedRecipients(broadcast: string): number;
  /** The next lot that can be given out. @param full how many are in one that needs not be filled first, of those that are due since ever */
  findNextBatch(broadcast: string, now: number, full: number): BatchOfKind<"waiting"> | null;
  /** The lot with the most room, of those that wait for a moment. */
  findRoomiestBatch(broadcast: string, due: number): BatchOfKind<"waiting"> | null;
  loadBatchSizes(broadcast: string): BatchSizes;
  /** When the first lot of a broadcast is due that waits; null: none does. */
  findFirstWaitingTime(broadcast: string): number | null;
  /** When the first lot of a kind is due, of those that are not yet. */
  findFirstDueTime(kind: Batch["kind"], after: number): number | null;
  /** When the number has carried what was given to it; milliseconds since 1970. */
  loadFreeTime(): number;
  saveFreeTime(moment: number): void;
}

export type BatchSizes = Readonly<Record<Batch["kind"], { readonly lots: number; readonly people: number }>>;
