import type { BatchStore } from "./batch-store.ts";
import type { Broadcast } from "./broadcast.ts";
import type { BroadcastStatus } from "./lifecycle.ts";
import type { BroadcastTally } from "./tally.ts";

/** A broadcast as operators see it. */
export interface BroadcastView {
  readonly id: string;
  /** A `BroadcastBody` as JSON, because its type is too deep for RPC. */
  readonly body: string;
  readonly life: BroadcastStatus;
  readonly tally: BroadcastTally;
  /** Recipients read from the audience whose turn has not come. */
  readonly waiting: number;
  /** Recipients whose notice is queued at their Sender, for example while an answer is being prepared. */
  readonly queued: number;
  /** Recipients that could not be texted because of failures. */
  readonly dead: number;
  /** When the first waiting recipient can be texted, for example after quiet hours; null: at once. */
  readonly nextAt: number | null;
  /** The whole audience has been read. */
  readonly isRead: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The broadcast after a command, or a sentence that explains why the command was refused. */
export type CommandResult = { readonly view: BroadcastView } | { readonly refusal: string };

export function createBroadcastView(store: BatchStore, broadcast: Broadcast): BroadcastView {
  const { id, body, life, tally, cursor, createdAt, updatedAt } = broadcast;
  const { waiting, out, recalled, dead } = store.loadBatchSizes(id);
  const firstDue = store.findFirstWaitingTime(id) ?? 0;
  return {
    id,
    body: JSON.stringify(body),
    life,
    tally,
    waiting: waiting.recipients + out.recipients,
    queued: store.countQueuedRecipients(id) + recalled.recipients,
    dead: dead.recipients,
    nextAt: firstDue <= updatedAt ? null : firstDue,
    isRead: cursor === null,
    createdAt,
    updatedAt,
  };
}

/** Saves a broadcast. @returns the result of the command that changed it */
export function saveAndView(store: BatchStore, broadcast: Broadcast): { readonly view: BroadcastView } {
  store.saveBroadcast(broadcast);
  return { view: createBroadcastView(store, broadcast) };
}
