import {
  LOT_MILLISECONDS,
  LOTS_AHEAD_MAXIMUM,
  LOTS_AHEAD_MILLISECONDS,
  LOTS_AHEAD_MINIMUM,
  LOTS_PER_LOOK,
} from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { earliest } from "../core/time.ts";
import { type Broadcast, deadlineOf } from "./broadcast.ts";
import { recalling, withoutWaiting } from "./closing.ts";
import type { DispatchStore } from "./dispatch-store.ts";
import { isEnded } from "./life.ts";
import { again, type Lot, type LotOf, lotSize, packed, takenBack } from "./lots.ts";
import { type Skip, skip } from "./progress.ts";

/** What the number carries, and how long we wait for word. */
export interface Conditions {
  /** Segments a second, of broadcasts. */
  readonly pace: number;
  /** After so many milliseconds without word whoever texts a lot has died. */
  readonly unheard: number;
  /** @returns when a phone may be texted: the moment itself, or when its night is over */
  readonly opensAt: (broadcast: Broadcast, phone: PhoneNumber, moment: number) => number;
}

/** A lot, as the queue names it. */
export interface LotName {
  readonly broadcast: string;
  /** Of the broadcast's notices: another broadcast may have its id by now, and lots that count from 1 again. */
  readonly notice: string;
  readonly lot: number;
}

/** @returns a lot that is out, and its broadcast; null where it is not out any more */
export function lotOut(
  store: Pick<DispatchStore, "broadcast" | "lot">,
  { broadcast: id, notice, lot: lotId }: LotName,
): { readonly broadcast: Broadcast; readonly lot: LotOf<"out"> } | null {
  const broadcast = store.broadcast(id);
  const lot = store.lot(id, lotId);
  return broadcast?.notice === notice && lot?.kind === "out" ? { broadcast, lot } : null;
}

/** What whoever texts a lot is to do. */
export interface Work {
  readonly broadcast: Broadcast;
  readonly phones: readonly PhoneNumber[];
  /** Milliseconds until the first of them is texted, and from each to the next. */
  readonly wait: number;
  readonly every: number;
}

/** A page of a broadcast's audience. */
export interface AudiencePage {
  /** The cursor that it was read from. */
  readonly from: string;
  readonly phones: readonly PhoneNumber[];
  readonly isLast: boolean;
}

/** The broadcasts of one number and whose turn is next; over any store, no clock and no network. */
export class Dispatcher {
  readonly #store: DispatchStore;
  /** Which broadcast was served last: several take turns. */
  #served = "";

  constructor(store: DispatchStore) {
    this.#store = store;
  }

  /** What time alone brings: scheduled broadcasts begin, and lots of which nobody has told wait again. */
  tick(now: number): void {
    for (const broadcast of this.#store.live()) {
      const { life } = broadcast;
      if (life.status === "scheduled" && life.at <= now)
        this.#save(broadcast, { life: { status: "running", since: now } }, now);
    }
    for (const lot of this.#store.lotsDue("out", now, LOTS_AHEAD_MAXIMUM)) {
      // A message that the queue has not brought is no try; those whose taker has died have waited for word already.
      const next = lot.begun ? again(lot, lot.phones, "Nobody has told what came of it.", 0, now) : takenBack(lot, now);
      this.#putBack(lot, next, now);
    }
  }

  /** @param after the lot, as it waits again; of a cancelled broadcast nobody waits, but some of it may have been texted */
  #putBack(lot: LotOf<"out">, after: Lot, now: number): void {
    const broadcast = this.#store.broadcast(lot.broadcast);
    if (broadcast?.life.status !== "cancelled") {
      this.#store.saveLot(after);
      return;
    }
    this.#store.removeLot(lot.broadcast, lot.id);
    if (lot.begun) this.#save(recalling(this.#store, broadcast, lot.phones, now), {}, now);
    else this.#save(broadcast, { tally: skip(broadcast.tally, "cancelled", lot.phones.length) }, now);
  }

  /** @returns a running broadcast whose audience is to be read on before anybody else of it can be texted now; null: none */
  toRead(conditions: Conditions, now: number): Broadcast | null {
    const reading = this.#running(now).filter(({ cursor }) => cursor !== null);
    return reading.find((each) => this.#ready(each, conditions, now) === null) ?? null;
  }

  /** Takes a page of the audience; one that was taken before, or of a broadcast that is cancelled by now, changes nothing. */
  read(id: string, { from, phones, isLast }: AudiencePage, conditions: Conditions, now: number): void {
    const broadcast = this.#store.broadcast(id);
    if (broadcast === null || broadcast.cursor !== from || isEnded(broadcast.life)) return;
    const lots = this.#hold(broadcast, phones, conditions, (phone) => conditions.opensAt(broadcast, phone, now), now);
    this.#save(broadcast, { lots, cursor: isLast ? null : (phones.at(-1) ?? null) }, now);
  }

  /** Packs people into lots that wait. @returns how many lots the broadcast has afterwards */
  #hold(
    broadcast: Broadcast,
    phones: readonly PhoneNumber[],
    { pace }: Conditions,
    opensAt: (phone: PhoneNumber) => number,
    now: number,
  ): number {
    const size = lotSize(pace, broadcast.segments, LOT_MILLISECONDS);
    let { lots } = broadcast;
    // Whoever can be texted now is due since ever, so that what is read later joins them.
    for (const [due, some] of Map.groupBy(phones, (phone) => (opensAt(phone) <= now ? 0 : opensAt(phone)))) {
      const room = this.#store.roomAt(broadcast.id, due);
      const open = room !== null && room.tries === 0 && room.phones.length < size ? room : null;
      for (const [index, held] of packed(open?.phones ?? [], some, size).entries()) {
        if (index > 0 || open === null) lots += 1;
        const id = index === 0 && open !== null ? open.id : lots;
        this.#store.saveLot({ broadcast: broadcast.id, id, kind: "waiting", due, phones: held, tries: 0 });
      }
    }
    return lots;
  }

  /** Gives the next lot out, if the number has room for one. @returns what is to be put into the queue; null: nothing now */
  next(conditions: Conditions, now: number): LotName | null {
    const ahead = this.#ahead(conditions.pace);
    if (!hasRoom(ahead)) return null;
    const running = this.#running(now);
    const inTurn = [
      ...running.filter(({ id }) => id > this.#served),
      ...running.filter(({ id }) => id <= this.#served),
    ];
    for (const broadcast of inTurn) {
      const lot = this.#ready(broadcast, conditions, now);
      if (lot === null) continue;
      this.#served = broadcast.id;
      // Whoever takes lots may take one after the other: this one may wait in the queue for those that are out already.
      const begunAt = Math.max(now + ahead.milliseconds, this.#store.freeAt());
      this.#store.saveLot({ ...lot, kind: "out", due: begunAt + conditions.unheard });
      this.#save(broadcast, { tally: { ...broadcast.tally, messages: broadcast.tally.messages + 1 } }, now);
      return { broadcast: broadcast.id, notice: broadcast.notice, lot: lot.id };
    }
    return null;
  }

  /** The queue did not take a lot: it waits again, and that was no try. */
  untaken(name: LotName, now: number): void {
    const lot = lotOut(this.#store, name)?.lot;
    if (lot !== undefined) this.#putBack(lot, takenBack(lot, now), now);
  }

  /** The lots that are out, and the time that they take. */
  #ahead(pace: number): Ahead {
    const out = this.#store.live().map(({ id, segments }) => {
      const { lots, people } = this.#store.sizes(id).out;
      return { lots, milliseconds: (people * segments * 1_000) / pace };
    });
    return {
      lots: out.reduce((sum, each) => sum + each.lots, 0),
      milliseconds: out.reduce((sum, each) => sum + each.milliseconds, 0),
    };
  }

  /** A lot that can be given out; one that is not full waits while more of the audience is to be read. */
  #ready({ id, cursor, segments }: Broadcast, { pace }: Conditions, now: number): LotOf<"waiting"> | null {
    return this.#store.next(id, now, cursor === null ? 0 : lotSize(pace, segments, LOT_MILLISECONDS));
  }

  /** Whoever has taken a lot from the queue asks what is to be done. @returns null: nothing, somebody else has done it, or it is not the time */
  begin(name: LotName, conditions: Conditions, now: number): Work | null {
    const found = lotOut(this.#store, name);
    if (found === null) return null;
    const { broadcast, lot } = found;
    if (broadcast.life.status === "paused") this.#store.saveLot(takenBack(lot, now));
    // Somebody else may be texting them: they tell whom they have not texted any more, or are not heard of.
    if (broadcast.life.status !== "running" || isPast(broadcast, now)) return null;
    const start = Math.max(now, this.#store.freeAt());
    const every = (broadcast.segments * 1_000) / conditions.pace;
    const end = start + lot.phones.length * every;
    // Nobody whose night begins meanwhile.
    const nights = new Map(lot.phones.map((phone) => [phone, conditions.opensAt(broadcast, phone, end)]));
    const phones = lot.phones.filter((phone) => (nights.get(phone) ?? 0) <= end);
    const late = lot.phones.filter((phone) => (nights.get(phone) ?? 0) > end);
    const lots = this.#hold(broadcast, late, conditions, (phone) => nights.get(phone) ?? 0, now);
    if (lots > broadcast.lots || late.length > 0) this.#save(broadcast, { lots }, now);
    if (phones.length === 0) {
      this.#store.removeLot(broadcast.id, lot.id);
      return null;
    }
    const freeAt = start + phones.length * every;
    this.#store.saveFreeAt(freeAt);
    this.#store.saveLot({ ...lot, phones, due: freeAt + conditions.unheard, begun: true });
    return { broadcast, phones, wait: start - now, every };
  }

  /** May whoever texts a lot go on? */
  goesOn(name: LotName, now: number): boolean {
    const broadcast = lotOut(this.#store, name)?.broadcast;
    return broadcast?.life.status === "running" && !isPast(broadcast, now);
  }

  /** @returns a broadcast that will text nobody else, though some are left: it is cancelled, or its deadline is over */
  toClose(now: number): { readonly broadcast: Broadcast; readonly reason: Skip } | null {
    for (const broadcast of this.#store.live()) {
      if (broadcast.life.status === "cancelled") return { broadcast, reason: "cancelled" };
      if (broadcast.life.status === "scheduled") continue;
      const isLeft = broadcast.cursor !== null || this.#store.sizes(broadcast.id).waiting.lots > 0;
      if (isPast(broadcast, now) && isLeft) return { broadcast, reason: "expired" };
    }
    return null;
  }

  /** Counts all that are left as skipped. @param unread how many of the audience come after the cursor */
  close(id: string, cursor: string | null, unread: number, reason: Skip, now: number): void {
    const broadcast = this.#store.broadcast(id);
    if (broadcast === null || broadcast.cursor !== cursor) return;
    this.#save(withoutWaiting(this.#store, broadcast, reason, unread), { cursor: null }, now);
  }

  /** Broadcasts that have nobody left are done, also while they are paused. */
  finish(now: number): void {
    for (const broadcast of this.#store.live()) {
      if (broadcast.life.status !== "running" && broadcast.life.status !== "paused") continue;
      const { waiting, out } = this.#store.sizes(broadcast.id);
      if (broadcast.cursor === null && waiting.lots === 0 && out.lots === 0)
        this.#save(broadcast, { life: { status: "done", at: now } }, now);
    }
  }

  /** @returns the lots whose texts are to be looked after */
  toLook(now: number): readonly LotOf<"watched">[] {
    return this.#store.lotsDue("watched", now, LOTS_PER_LOOK);
  }

  /** @returns the lots for whom nothing is to wait any more */
  toRecall(now: number): readonly LotOf<"recalled">[] {
    return this.#store.lotsDue("recalled", now, LOTS_PER_LOOK);
  }

  /** @returns when time makes something due next; null: nothing waits for time */
  dueAt(now: number): number | null {
    const live = this.#store.live();
    const isBehind = (["watched", "recalled"] as const).some((kind) => this.#store.lotsDue(kind, now, 1).length > 0);
    return earliest([
      isBehind ? now : null,
      ...live.flatMap(({ life }) => (life.status === "scheduled" ? [life.at] : [])),
      ...live.flatMap((each) => ((deadlineOf(each) ?? 0) > now ? [deadlineOf(each)] : [])),
      ...(["waiting", "out", "watched", "recalled"] as const).map((kind) => this.#store.firstDue(kind, now)),
    ]);
  }

  /** Without those whose deadline is over. */
  #running(now: number): readonly Broadcast[] {
    return this.#store.live().filter((each) => each.life.status === "running" && !isPast(each, now));
  }

  #save(broadcast: Broadcast, change: Partial<Broadcast>, now: number): void {
    this.#store.saveBroadcast({ ...broadcast, ...change, updatedAt: now });
  }
}

interface Ahead {
  readonly lots: number;
  readonly milliseconds: number;
}

function hasRoom({ lots, milliseconds }: Ahead): boolean {
  if (lots >= LOTS_AHEAD_MAXIMUM) return false;
  return lots < LOTS_AHEAD_MINIMUM || milliseconds < LOTS_AHEAD_MILLISECONDS;
}

function isPast(broadcast: Broadcast, now: number): boolean {
  const deadline = deadlineOf(broadcast);
  return deadline !== null && deadline <= now;
}
