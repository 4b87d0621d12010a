import type { Broadcast } from "./broadcast.ts";
import type { Lot, LotOf } from "./lots.ts";

/** Where the broadcasts of one number are kept. All of it is synchronous, and changes within a transaction of the caller's. */
export interface DispatchStore {
  broadcast(id: string): Broadcast | null;
  /** Those of which something is still to be done, by their ids. */
  live(): readonly Broadcast[];
  saveBroadcast(broadcast: Broadcast): void;
  lot(broadcast: string, id: number): Lot | null;
  saveLot(lot: Lot): void;
  removeLot(broadcast: string, id: number): void;
  removeLots(broadcast: string, kind: Lot["kind"]): void;
  /** The lots of any broadcast that are due, the first first. */
  lotsDue<Kind extends Lot["kind"]>(kind: Kind, until: number, limit: number): readonly LotOf<Kind>[];
  /** The dead lots of a broadcast, the first first. @param after the id of the last that is known; 0: none is */
  deadLots(broadcast: string, after: number, limit: number): readonly LotOf<"dead">[];
  /** The lots in which somebody waits at their Sender. */
  lotsQueued(broadcast: string): readonly LotOf<"watched">[];
  /** For how many it waits at their Sender. */
  queued(broadcast: string): number;
  /** The next lot that can be given out. @param full how many are in one that needs not be filled first, of those that are due since ever */
  next(broadcast: string, now: number, full: number): LotOf<"waiting"> | null;
  /** The lot with the most room, of those that wait for a moment. */
  roomAt(broadcast: string, due: number): LotOf<"waiting"> | null;
  sizes(broadcast: string): Sizes;
  /** When the first lot of a broadcast is due that waits; null: none does. */
  firstWaiting(broadcast: string): number | null;
  /** When the first lot of a kind is due, of those that are not yet. */
  firstDue(kind: Lot["kind"], after: number): number | null;
  /** When the number has carried what was given to it; milliseconds since 1970. */
  freeAt(): number;
  saveFreeAt(moment: number): void;
}

export type Sizes = Readonly<Record<Lot["kind"], { readonly lots: number; readonly people: number }>>;
