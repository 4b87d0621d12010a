import { BROADCASTS_PER_NUMBER } from "../core/limits/broadcasts.ts";
import type { BatchStore } from "./batch-store.ts";
import { type Broadcast, type BroadcastBody, parseDeadline } from "./broadcast.ts";
import { type BroadcastView, type CommandResult, createBroadcastView, saveAndView } from "./broadcast-view.ts";
import { recallQueuedNotices, skipWaitingRecipients } from "./cancellation.ts";
import { applyCommand, type BroadcastCommand, isEditable, isEnded } from "./lifecycle.ts";
import { EMPTY_TALLY } from "./tally.ts";

/** A store in which broadcasts can also be counted and deleted. */
export interface CommandStore extends BatchStore {
  countBroadcasts(): number;
  removeBroadcast(id: string): void;
}

export type BroadcastSaveResult = CommandResult & { readonly isNew: boolean };

const DEADLINE_PASSED = "The deadline is before the start, so no recipient would be texted. Set a later deadline.";

function isDeadlineOver(body: BroadcastBody, time: number): boolean {
  const deadline = parseDeadline({ body });
  return deadline !== null && deadline <= time;
}

/**
 * The commands of operators on the broadcasts of one number. It works over any store, without a clock, chance or
 * network.
 */
export class BroadcastCommands {
  readonly #store: CommandStore;

  constructor(store: CommandStore) {
    this.#store = store;
  }

  /** Creates or changes a broadcast. @param notice a new id for its notices: two letters and 32 hexadecimal digits */
  saveBroadcast(id: string, body: BroadcastBody, notice: string, now: number): BroadcastSaveResult {
    const before = this.#store.findBroadcast(id);
    return before === null
      ? { ...this.#createBroadcast(id, body, notice, now), isNew: true }
      : { ...this.#changeBody(before, body, now), isNew: false };
  }

  #createBroadcast(id: string, body: BroadcastBody, notice: string, now: number): CommandResult {
    if (this.#store.countBroadcasts() >= BROADCASTS_PER_NUMBER)
      return { refusal: `The number already has ${BROADCASTS_PER_NUMBER} broadcasts. Delete some that have ended.` };
    return saveAndView(this.#store, {
      id,
      notice,
      body,
      life: { status: "draft" },
      origin: "",
      cursor: "",
      lots: 0,
      segments: 1,
      tally: EMPTY_TALLY,
      createdAt: now,
      updatedAt: now,
    });
  }

  #changeBody(before: Broadcast, body: BroadcastBody, now: number): CommandResult {
    const { life } = before;
    if (!isEditable(life))
      return { refusal: `The broadcast is ${life.status}: recipients may have it already, so it cannot be changed.` };
    if (life.status === "scheduled" && isDeadlineOver(body, life.at)) return { refusal: DEADLINE_PASSED };
    return saveAndView(this.#store, { ...before, body, updatedAt: now });
  }

  viewBroadcast(id: string): BroadcastView | null {
    const broadcast = this.#store.findBroadcast(id);
    return broadcast === null ? null : createBroadcastView(this.#store, broadcast);
  }

  /**
   * @param start used by the command `start`: the public origin of this Worker, and the estimated segments of one text
   * @returns null if the broadcast does not exist
   */
  runCommand(
    id: string,
    command: BroadcastCommand,
    start: { readonly origin: string; readonly segments: number },
    now: number,
  ): CommandResult | null {
    const before = this.#store.findBroadcast(id);
    if (before === null) return null;
    const life = applyCommand(before.life, command, this.#store.countQueuedRecipients(id) > 0, now);
    if (typeof life === "string") return { refusal: life };
    if (life === before.life) return { view: createBroadcastView(this.#store, before) };
    if (command.kind === "start" && isDeadlineOver(before.body, Math.max(command.at ?? 0, now)))
      return { refusal: DEADLINE_PASSED };
    const startFields = command.kind === "start" ? { origin: start.origin, segments: start.segments } : {};
    const broadcast = command.kind === "cancel" ? this.#cancelRecipients(before, now) : before;
    return saveAndView(this.#store, { ...broadcast, ...startFields, life, updatedAt: now });
  }

  /** Skips all waiting recipients and recalls the notices that are queued at Senders. */
  #cancelRecipients(before: Broadcast, now: number): Broadcast {
    let broadcast = skipWaitingRecipients(this.#store, before, "cancelled", 0);
    for (const batch of this.#store.listQueuedBatches(broadcast.id)) {
      if (batch.sent.length > 0) this.#store.saveBatch({ ...batch, queued: [] });
      else this.#store.removeBatch(batch.broadcast, batch.id);
      broadcast = recallQueuedNotices(this.#store, broadcast, batch.queued, now);
    }
    return broadcast;
  }

  /**
   * Deletes a broadcast, if it exists.
   * @returns a sentence that explains a refusal; null if the broadcast is deleted
   */
  removeBroadcast(id: string): string | null {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null) return null;
    const { life } = broadcast;
    const { out, recalled } = this.#store.loadBatchSizes(id);
    if (life.status !== "draft" && !isEnded(life)) return `The broadcast is ${life.status}. Cancel it first.`;
    if (out.batches > 0) return "Some recipients are being texted right now. Delete the broadcast in a minute.";
    if (recalled.batches > 0)
      return "Waiting notices of this broadcast are being withdrawn right now. Delete the broadcast in a minute.";
    if (this.#store.countQueuedRecipients(id) > 0)
      return "Notices of this broadcast still wait for some recipients. Cancel the broadcast first.";
    this.#store.removeBroadcast(id);
    return null;
  }
}
