import { BROADCASTS_PER_NUMBER, DEAD_BATCHES_PER_READ } from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { BatchStore } from "./batch-store.ts";
import { type Broadcast, type BroadcastBody, parseDeadline } from "./broadcast.ts";
import { recallQueuedNotices, skipWaitingRecipients } from "./cancellation.ts";
import { applyCommand, type BroadcastCommand, type BroadcastStatus, isEditable, isEnded } from "./lifecycle.ts";
import { type BroadcastTally, EMPTY_TALLY } from "./tally.ts";

/** Where an operator's broadcasts of one number are kept. */
export interface CommandStore extends BatchStore {
  countBroadcasts(): number;
  removeBroadcast(id: string): void;
}

/** A broadcast as its operator sees it. */
export interface BroadcastView {
  readonly id: string;
  /** A `BroadcastBody` as JSON, whose depth the types of RPC cannot follow. */
  readonly body: string;
  readonly life: BroadcastStatus;
  readonly tally: BroadcastTally;
  /** People who are read of the audience and whose turn has not come. */
  readonly waiting: number;
  /** People for whom it waits at their Sender: an answer is being made for them, say. */
  readonly queued: number;
  /** People who could not be texted for a failure of ours. */
  readonly dead: number;
  /** When the first of those who wait can be texted, where that is not at once: their night is over then. */
  readonly nextAt: number | null;
  /** The whole audience is read. */
  readonly isRead: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What became of an order, or a sentence that says why nothing did. */
export type CommandResult = { readonly view: BroadcastView } | { readonly refusal: string };

export type BroadcastSaveResult = CommandResult & { readonly isNew: boolean };

/** People who could not be texted for a failure of ours. */
export interface DeadLetter {
  readonly lot: number;
  readonly phones: readonly PhoneNumber[];
  readonly reason: string;
  readonly at: number;
}

const DEADLINE_PASSED = "Its deadline is over by then: nobody would be texted.";

function isDeadlineOver(body: BroadcastBody, moment: number): boolean {
  const deadline = parseDeadline({ body });
  return deadline !== null && deadline <= moment;
}

/** What operators do with the broadcasts of one number; over any store, no clock, no chance, no network. */
export class BroadcastCommands {
  readonly #store: CommandStore;

  constructor(store: CommandStore) {
    this.#store = store;
  }

  /** @param notice an id that no other broadcast has: two letters and 32 hexadecimal digits */
  saveBroadcast(id: string, body: BroadcastBody, notice: string, now: number): BroadcastSaveResult {
    const before = this.#store.findBroadcast(id);
    if (before === null) {
      if (this.#store.countBroadcasts() >= BROADCASTS_PER_NUMBER)
        return {
          refusal: `The number has ${BROADCASTS_PER_NUMBER} broadcasts already: delete some that are done.`,
          isNew: true,
        };
      const life: BroadcastStatus = { status: "draft" };
      return {
        ...this.#storeAndView({
          id,
          notice,
          body,
          life,
          origin: "",
          cursor: "",
          lots: 0,
          segments: 1,
          tally: EMPTY_TALLY,
          createdAt: now,
          updatedAt: now,
        }),
        isNew: true,
      };
    }
    if (!isEditable(before.life))
      return {
        refusal: `It is ${before.life.status}: people have got it, so what it says cannot be changed.`,
        isNew: false,
      };
    if (before.life.status === "scheduled" && isDeadlineOver(body, before.life.at))
      return { refusal: DEADLINE_PASSED, isNew: false };
    return { ...this.#storeAndView({ ...before, body, updatedAt: now }), isNew: false };
  }

  viewBroadcast(id: string): BroadcastView | null {
    const broadcast = this.#store.findBroadcast(id);
    return broadcast === null ? null : this.#toView(broadcast);
  }

  /**
   * @param origin that Twilio reaches us by
   * @param segments of one recipient's text, as it is estimated
   * @returns null where there is no such broadcast
   */
  runCommand(
    id: string,
    order: BroadcastCommand,
    { origin, segments }: { readonly origin: string; readonly segments: number },
    now: number,
  ): CommandResult | null {
    const before = this.#store.findBroadcast(id);
    if (before === null) return null;
    const life = applyCommand(before.life, order, this.#store.countQueuedRecipients(id) > 0, now);
    if (typeof life === "string") return { refusal: life };
    if (life === before.life) return { view: this.#toView(before) };
    if (order.kind === "start" && isDeadlineOver(before.body, Math.max(order.at ?? 0, now)))
      return { refusal: DEADLINE_PASSED };
    const begun = order.kind === "start" ? { origin, segments } : {};
    const left = order.kind === "cancel" ? this.#cancelRecipients(before, now) : before;
    return this.#storeAndView({ ...left, ...begun, life, updatedAt: now });
  }

  /** Nobody else is texted, and what waits for people at their Senders is called off. */
  #cancelRecipients(before: Broadcast, now: number): Broadcast {
    let broadcast = skipWaitingRecipients(this.#store, before, "cancelled", 0);
    for (const lot of this.#store.listQueuedBatches(broadcast.id)) {
      if (lot.sent.length > 0) this.#store.saveBatch({ ...lot, queued: [] });
      else this.#store.removeBatch(lot.broadcast, lot.id);
      broadcast = recallQueuedNotices(this.#store, broadcast, lot.queued, now);
    }
    return broadcast;
  }

  /** @returns a sentence that says why it cannot be, or null */
  removeBroadcast(id: string): string | null {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null) return null;
    const { life } = broadcast;
    const { out, recalled } = this.#store.loadBatchSizes(id);
    if (life.status !== "draft" && !isEnded(life)) return `It is ${life.status}: cancel it first.`;
    if (out.lots > 0) return "Some people are being texted just now: delete it in a minute.";
    if (recalled.lots > 0) return "What waits for some people is being called off just now: delete it in a minute.";
    if (this.#store.countQueuedRecipients(id) > 0)
      return "It waits for some people until their conversation, or their night, is over: cancel it first.";
    this.#store.removeBroadcast(id);
    return null;
  }

  /** @param after the last lot that is known; 0: none is @returns null where there is no such broadcast */
  listDeadLetters(id: string, after: number, limit: number): readonly DeadLetter[] | null {
    if (this.#store.findBroadcast(id) === null) return null;
    const lots = this.#store.listDeadBatches(id, after, limit);
    return lots.map(({ id: lot, phones, reason, at }) => ({ lot, phones, reason, at }));
  }

  /** Everybody who could not be texted waits once more. @returns null where there is no such broadcast */
  retryDeadLetters(id: string, now: number): CommandResult | null {
    const broadcast = this.#store.findBroadcast(id);
    if (broadcast === null) return null;
    const { life } = broadcast;
    if (life.status === "cancelled") return { refusal: "It is cancelled." };
    let dead = this.#store.listDeadBatches(id, 0, DEAD_BATCHES_PER_READ);
    if (dead.length === 0) return { view: this.#toView(broadcast) };
    for (; dead.length > 0; dead = this.#store.listDeadBatches(id, 0, DEAD_BATCHES_PER_READ))
      for (const { id: lot, phones } of dead)
        this.#store.saveBatch({ broadcast: id, id: lot, kind: "waiting", due: now, phones, tries: 0 });
    return this.#storeAndView({
      ...broadcast,
      life: life.status === "done" ? { status: "running", since: now } : life,
      updatedAt: now,
    });
  }

  #storeAndView(broadcast: Broadcast): { readonly view: BroadcastView } {
    this.#store.saveBroadcast(broadcast);
    return { view: this.#toView(broadcast) };
  }

  #toView({ id, body, life, tally, cursor, createdAt, updatedAt }: Broadcast): BroadcastView {
    const { waiting, out, recalled, dead } = this.#store.loadBatchSizes(id);
    const first = this.#store.findFirstWaitingTime(id) ?? 0;
    return {
      id,
      body: JSON.stringify(body),
      life,
      tally,
      waiting: waiting.people + out.people,
      queued: this.#store.countQueuedRecipients(id) + recalled.people,
      dead: dead.people,
      nextAt: first <= updatedAt ? null : first,
      isRead: cursor === null,
      createdAt,
      updatedAt,
    };
  }
}
