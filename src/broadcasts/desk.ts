import { BROADCASTS_PER_NUMBER, DEAD_LOTS_AT_ONCE } from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { type Broadcast, type BroadcastBody, deadlineOf } from "./broadcast.ts";
import { recalling, withoutWaiting } from "./closing.ts";
import type { DispatchStore } from "./dispatch-store.ts";
import { isEditable, isEnded, type Life, type Order, ordered } from "./life.ts";
import { NOTHING, type Tally } from "./progress.ts";

/** Where an operator's broadcasts of one number are kept. */
export interface DeskStore extends DispatchStore {
  count(): number;
  removeBroadcast(id: string): void;
}

/** A broadcast as its operator sees it. */
export interface View {
  readonly id: string;
  /** A `BroadcastBody` as JSON, whose depth the types of RPC cannot follow. */
  readonly body: string;
  readonly life: Life;
  readonly tally: Tally;
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
export type Ordered = { readonly view: View } | { readonly refusal: string };

export type Saved = Ordered & { readonly isNew: boolean };

/** People who could not be texted for a failure of ours. */
export interface DeadLetter {
  readonly lot: number;
  readonly phones: readonly PhoneNumber[];
  readonly reason: string;
  readonly at: number;
}

const OVER = "Its deadline is over by then: nobody would be texted.";

function isOverBy(body: BroadcastBody, moment: number): boolean {
  const deadline = deadlineOf({ body });
  return deadline !== null && deadline <= moment;
}

/** What operators do with the broadcasts of one number; over any store, no clock, no chance, no network. */
export class Desk {
  readonly #store: DeskStore;

  constructor(store: DeskStore) {
    this.#store = store;
  }

  /** @param notice an id that no other broadcast has: two letters and 32 hexadecimal digits */
  save(id: string, body: BroadcastBody, notice: string, now: number): Saved {
    const before = this.#store.broadcast(id);
    if (before === null) {
      if (this.#store.count() >= BROADCASTS_PER_NUMBER)
        return {
          refusal: `The number has ${BROADCASTS_PER_NUMBER} broadcasts already: delete some that are done.`,
          isNew: true,
        };
      const life: Life = { status: "draft" };
      return {
        ...this.#save({
          id,
          notice,
          body,
          life,
          origin: "",
          cursor: "",
          lots: 0,
          segments: 1,
          tally: NOTHING,
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
    if (before.life.status === "scheduled" && isOverBy(body, before.life.at)) return { refusal: OVER, isNew: false };
    return { ...this.#save({ ...before, body, updatedAt: now }), isNew: false };
  }

  view(id: string): View | null {
    const broadcast = this.#store.broadcast(id);
    return broadcast === null ? null : this.#view(broadcast);
  }

  /**
   * @param origin that Twilio reaches us by
   * @param segments of one recipient's text, as it is estimated
   * @returns null where there is no such broadcast
   */
  order(
    id: string,
    order: Order,
    { origin, segments }: { readonly origin: string; readonly segments: number },
    now: number,
  ): Ordered | null {
    const before = this.#store.broadcast(id);
    if (before === null) return null;
    const life = ordered(before.life, order, this.#store.queued(id) > 0, now);
    if (typeof life === "string") return { refusal: life };
    if (life === before.life) return { view: this.#view(before) };
    if (order.kind === "start" && isOverBy(before.body, Math.max(order.at ?? 0, now))) return { refusal: OVER };
    const begun = order.kind === "start" ? { origin, segments } : {};
    const left = order.kind === "cancel" ? this.#cancelled(before, now) : before;
    return this.#save({ ...left, ...begun, life, updatedAt: now });
  }

  /** Nobody else is texted, and what waits for people at their Senders is called off. */
  #cancelled(before: Broadcast, now: number): Broadcast {
    let broadcast = withoutWaiting(this.#store, before, "cancelled", 0);
    for (const lot of this.#store.lotsQueued(broadcast.id)) {
      if (lot.sent.length > 0) this.#store.saveLot({ ...lot, queued: [] });
      else this.#store.removeLot(lot.broadcast, lot.id);
      broadcast = recalling(this.#store, broadcast, lot.queued, now);
    }
    return broadcast;
  }

  /** @returns a sentence that says why it cannot be, or null */
  remove(id: string): string | null {
    const broadcast = this.#store.broadcast(id);
    if (broadcast === null) return null;
    const { life } = broadcast;
    const { out, recalled } = this.#store.sizes(id);
    if (life.status !== "draft" && !isEnded(life)) return `It is ${life.status}: cancel it first.`;
    if (out.lots > 0) return "Some people are being texted just now: delete it in a minute.";
    if (recalled.lots > 0) return "What waits for some people is being called off just now: delete it in a minute.";
    if (this.#store.queued(id) > 0)
      return "It waits for some people until their conversation, or their night, is over: cancel it first.";
    this.#store.removeBroadcast(id);
    return null;
  }

  /** @param after the last lot that is known; 0: none is @returns null where there is no such broadcast */
  deadLetters(id: string, after: number, limit: number): readonly DeadLetter[] | null {
    if (this.#store.broadcast(id) === null) return null;
    const lots = this.#store.deadLots(id, after, limit);
    return lots.map(({ id: lot, phones, reason, at }) => ({ lot, phones, reason, at }));
  }

  /** Everybody who could not be texted waits once more. @returns null where there is no such broadcast */
  retry(id: string, now: number): Ordered | null {
    const broadcast = this.#store.broadcast(id);
    if (broadcast === null) return null;
    const { life } = broadcast;
    if (life.status === "cancelled") return { refusal: "It is cancelled." };
    let dead = this.#store.deadLots(id, 0, DEAD_LOTS_AT_ONCE);
    if (dead.length === 0) return { view: this.#view(broadcast) };
    for (; dead.length > 0; dead = this.#store.deadLots(id, 0, DEAD_LOTS_AT_ONCE))
      for (const { id: lot, phones } of dead)
        this.#store.saveLot({ broadcast: id, id: lot, kind: "waiting", due: now, phones, tries: 0 });
    return this.#save({
      ...broadcast,
      life: life.status === "done" ? { status: "running", since: now } : life,
      updatedAt: now,
    });
  }

  #save(broadcast: Broadcast): { readonly view: View } {
    this.#store.saveBroadcast(broadcast);
    return { view: this.#view(broadcast) };
  }

  #view({ id, body, life, tally, cursor, createdAt, updatedAt }: Broadcast): View {
    const { waiting, out, recalled, dead } = this.#store.sizes(id);
    const first = this.#store.firstWaiting(id) ?? 0;
    return {
      id,
      body: JSON.stringify(body),
      life,
      tally,
      waiting: waiting.people + out.people,
      queued: this.#store.queued(id) + recalled.people,
      dead: dead.people,
      nextAt: first <= updatedAt ? null : first,
      isRead: cursor === null,
      createdAt,
      updatedAt,
    };
  }
}
