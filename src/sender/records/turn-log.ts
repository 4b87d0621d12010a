import type { ConsentEntry } from "../../consent/ledger.ts";
import { ACCOUNT_WAIT_MILLISECONDS, UNSENT_ANSWER_MILLISECONDS } from "../../core/limits/sender.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { Pace } from "../../core/send-timing.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import type { Verdict } from "../../send-limits/caps.ts";
import { withHeldBack } from "../../send-limits/held.ts";
import {
  afterMeter,
  afterResolution,
  bar,
  drop,
  dueAt,
  isUnsent,
  type Job,
  meterJob,
  partAt,
  plan,
  type Resolution,
  withDelivery,
} from "../delivery/part-lifecycle.ts";
import type { Decision } from "../events/decision.ts";
import type { Noticed } from "../events/notice-received.ts";
import { overCap, overdue, type TakenBack, withoutAsked, withoutTerm } from "../events/notice-withheld.ts";
import { failureOf, undeliveredReported } from "../model/delivery-failure.ts";
import type { Delivery, SenderState, Turn } from "../model/state.ts";
import { beganAt } from "../model/turn.ts";
import { isWithdrawn, optOutReported, type Stated, scopeOf } from "../rules/opt-out.ts";

/** Where a Sender's state and turns are kept. All of it is synchronous, and changes within a transaction of the caller's. */
export interface TurnStore {
  state(): SenderState | null;
  saveState(state: SenderState): void;
  turn(id: number): Turn | null;
  addTurn(turn: Turn): void;
  saveTurn(turn: Turn): void;
  /** Appends to the ledger of consent. */
  record(entry: ConsentEntry): void;
  /** A turn and those before it, newest first. */
  turnsUntil(id: number, limit: number): readonly Turn[];
  /** Null where no such notice has ever come. */
  notice(id: string): NoticeRecord | null;
  saveNotice(id: string, record: NoticeRecord): void;
}

/** SIDs of this many turns are known when Twilio's list is searched for a part. */
const TURNS_WITH_KNOWN_SIDS = 100;

/** The turns of one sender, and what is to be done for them at Twilio: one part at a time, in order. No clock and no network. */
export class Turns {
  readonly #store: TurnStore;
  readonly #pace: Pace;
  /** All turns before this one are sent; saved with the next turn. */
  #firstUnsent = 1;
  /** Nothing is sent before this moment: the configuration, or an account in it, could not be had. */
  #pausedUntil = 0;

  constructor(store: TurnStore, pace: Pace) {
    this.#store = store;
    this.#pace = pace;
  }

  /** Forgets what was seen as sent: the transaction in which it was seen has failed. */
  forget(): void {
    this.#firstUnsent = 1;
  }

  /**
   * Stores a new turn. Where nothing waits before it, its first part is claimed in the same write.
   * @param free nothing is being performed, and the turn's account can be used
   * @returns the job that is claimed; it must be performed without another await
   */
  accept({ state, turn, entry = null }: Decision, free: boolean, now: number): Job | null {
    const withdrawn = isWithdrawn(state, turn.number);
    this.#note(state, entry, now);
    if (withdrawn && entry === null) this.#bar(state, () => true, now);
    const head = this.#head(state, turn.id);
    const planned = free && head === null ? plan(turn, withdrawn, now, this.#pace) : null;
    const job = planned?.kind === "job" ? planned.job : null;
    this.#store.addTurn(job?.turn ?? turn);
    this.#store.saveState({ ...state, firstUnsent: head?.id ?? turn.id });
    return job;
  }

  /** Stores what has become of a notice, and its turn, where it has one now. @returns as `accept` */
  acceptNotice(id: string, { record, state, turn }: Noticed, free: boolean, now: number): Job | null {
    this.#store.saveNotice(id, record);
    if (state !== null && turn !== null) return this.accept({ state, turn }, free, now);
    if (state !== null && state !== this.#store.state()) this.#store.saveState(state);
    return null;
  }

  /** Stores what a turn has got later, and the state after it. */
  extend({ state, turn }: Decision, now: number): void {
    const withdrawn = isWithdrawn(state, turn.number);
    if (withdrawn) this.#bar(state, () => true, now);
    this.#store.saveTurn(withdrawn ? bar(turn, true, now) : turn);
    this.#reachBack(state, turn.id);
  }

  /**
   * Takes the next job that is due, its claim stored.
   * @param isUsable can the account be used?
   * @param isCapped has a number, or its account, a daily cap?
   */
  take(
    isUsable: (account: string) => boolean,
    now: number,
    isCapped: (number: PhoneNumber) => boolean = () => false,
  ): Job | null {
    const state = this.#store.state();
    if (state === null || now < this.#pausedUntil) return null;
    for (let head = this.#head(state); head !== null; head = this.#head(state)) {
      if (this.#cutOff(head, now)) continue;
      const usable = isUsable(head.account);
      const asking = usable && isCapped(head.number) ? meterJob(head, isWithdrawn(state, head.number)) : null;
      if (asking !== null) return asking;
      const planned = usable
        ? plan(head, isWithdrawn(state, head.number), now, this.#pace)
        : this.#withoutAccount(head, now);
      if (planned.kind === "wait") return null;
      const { turn } = planned.kind === "job" ? planned.job : planned;
      if (turn !== head) this.#store.saveTurn(turn);
      if (planned.kind === "job") return planned.job;
    }
    return null;
  }

  /**
   * The Meter has answered. A notice that it holds back waits for the next day; all else is dropped, and counted.
   * @param now when it was asked
   */
  meter(job: Job, verdict: Verdict, now: number): void {
    const [state, turn] = [this.#store.state(), this.#store.turn(job.turn.id)];
    if (state === null || turn === null) return;
    const postponed = verdict === "passes" ? null : overCap(state, turn, job, verdict, now);
    if (postponed !== null) return this.#takeBack(postponed);
    this.#store.saveTurn(afterMeter(turn, job, verdict === "passes" ? null : verdict, now));
    if (verdict === "passes") return;
    this.#store.saveState({ ...state, heldBack: withHeldBack(state.heldBack, turn.number, "cap", now) });
  }

  /** @returns whether it was a notice's turn whose time is over, and that nothing more is sent of */
  #cutOff(turn: Turn, now: number): boolean {
    const state = this.#store.state();
    const taken = state === null || isWithdrawn(state, turn.number) ? null : overdue(state, turn, now);
    if (taken !== null) this.#takeBack(taken);
    return taken !== null;
  }

  #takeBack({ state, turn, record }: TakenBack): void {
    this.#store.saveTurn(turn);
    if (record === null) return;
    this.#store.saveNotice(turn.notice.id, record);
    this.#store.saveState(state);
  }

  /** Nothing can be sent for a while. */
  pause(now: number): void {
    this.#pausedUntil = now + ACCOUNT_WAIT_MILLISECONDS;
  }

  /** @returns when something is to be done, or null when everything is sent */
  dueAt(state: SenderState): number | null {
    const head = this.#head(state);
    const due = head === null ? null : dueAt(head, this.#pace);
    return due === null ? null : Math.max(due, this.#pausedUntil);
  }

  /** Can something be done at once? */
  isDue(): boolean {
    const state = this.#store.state();
    return state !== null && this.dueAt(state) === 0;
  }

  /** Does something wait that could not be sent at once? Waiting for Twilio's report between two parts is no trouble. */
  isTroubled(state: SenderState, now: number): boolean {
    const head = this.#head(state);
    const status = head?.parts.find(({ delivery }) => isUnsent(delivery))?.delivery.status;
    return status === "retrying" || status === "uncertain" || (status === "pending" && this.#pausedUntil > now);
  }

  /** Saves what has become of a part. @returns whether anything has changed; where nothing has, nothing is written */
  settle(turnId: number, index: number, become: (delivery: Delivery, turn: Turn) => Delivery, now: number): boolean {
    const turn = this.#store.turn(turnId);
    const before = turn?.parts[index]?.delivery;
    if (turn === null || before === undefined) return false;
    const after = become(before, turn);
    if (after === before) return false;
    const settled = withoutAsked(withDelivery(turn, index, after));
    this.#store.saveTurn(settled);
    this.#noteOptOut(settled, index, now);
    this.#noteUndelivered(turn, after);
    return true;
  }

  /** An operator says what became of a part that is `unknown`. @returns whether it was */
  resolve(turnId: number, index: number, resolution: Resolution, now: number): boolean {
    const resolved = this.settle(turnId, index, (delivery) => afterResolution(delivery, resolution, now), now);
    const [state, turn] = [this.#store.state(), this.#store.turn(turnId)];
    if (!resolved || resolution !== "resend" || state === null || turn === null) return resolved;
    // Whoever sends a notice again by hand knows what time it is.
    this.#store.saveTurn(withoutTerm(turn));
    this.#reachBack(state, turnId);
    return resolved;
  }

  /** SIDs that belong to other parts: an equal text sent before is not the one that is looked for. */
  knownSids(): ReadonlySet<string> {
    const { nextTurn } = this.#store.state() ?? { nextTurn: 1 };
    const turns = this.#store.turnsUntil(nextTurn, TURNS_WITH_KNOWN_SIDS);
    const sids = turns.flatMap(({ parts }) => parts.map(({ delivery }) => ("sid" in delivery ? delivery.sid : null)));
    return new Set(sids.filter((sid) => sid !== null));
  }

  /** A turn that may have been done with has a part to send. */
  #reachBack(state: SenderState, turnId: number): void {
    this.#store.saveState({ ...state, firstUnsent: Math.min(state.firstUnsent, turnId) });
    this.forget();
  }

  #noteOptOut(turn: Turn, index: number, now: number): void {
    const state = this.#store.state();
    const told = state === null ? null : optOutReported(state, turn, partAt(turn, index), now);
    if (told !== null) this.enter(told, now);
  }

  #noteUndelivered(turn: Turn, delivery: Delivery): void {
    const failure = failureOf(delivery);
    const state = failure === null ? null : this.#store.state();
    if (failure === null || state === null) return;
    const told = undeliveredReported(state, turn, failure);
    if (told !== state) this.#store.saveState(told);
  }

  /** Somebody else than the person has said what they want: stores it, and what it forbids. */
  enter({ state, entry }: Stated, now: number): void {
    this.#store.saveState(state);
    this.#note(state, entry, now);
  }

  /** A line of the ledger. After an opt-out nothing that was decided before it is sent, not even if START comes before its turn. */
  #note(state: SenderState, entry: ConsentEntry | null, now: number): void {
    if (entry === null) return;
    this.#store.record(entry);
    if (entry.status !== "withdrawn") return;
    // Elsewhere an opt-out of before may still be to be confirmed.
    this.#bar(state, ({ number }) => !isWithin(state, number, entry.scope), now);
  }

  /** @param spares whether a turn's confirmation is still sent */
  #bar(state: SenderState, spares: (turn: Turn) => boolean, now: number): void {
    for (let id = this.#head(state)?.id ?? state.nextTurn; id < state.nextTurn; id += 1) {
      const turn = this.#store.turn(id);
      const barred = turn !== null && isWithdrawn(state, turn.number) ? bar(turn, spares(turn), now) : turn;
      if (barred !== null && barred !== turn) this.#store.saveTurn(barred);
    }
  }

  /** An account that cannot be used now may be put right: its texts wait for a day. */
  #withoutAccount(turn: Turn, now: number) {
    if (now - beganAt(turn) > UNSENT_ANSWER_MILLISECONDS) {
      const dropped = drop(turn, `account ${turn.account} is not usable`, now);
      if (dropped !== turn) return { kind: "sent", turn: dropped } as const;
    }
    this.pause(now);
    return { kind: "wait", until: this.#pausedUntil } as const;
  }

  /** The first turn with a part that is not sent, before one of them: parts go out in order, so only this one matters. */
  #head(state: SenderState, before = state.nextTurn): Turn | null {
    this.#firstUnsent = Math.max(this.#firstUnsent, state.firstUnsent);
    for (; this.#firstUnsent < before; this.#firstUnsent += 1) {
      const turn = this.#store.turn(this.#firstUnsent);
      if (turn === null) return null;
      if (dueAt(turn, this.#pace) !== null) return turn;
    }
    return null;
  }
}

/** The text of a job's part, and what goes with it. */
export function contentOf({ turn, index }: Job): { readonly text: string; readonly media: readonly string[] } {
  const { text, media } = partAt(turn, index);
  return { text, media };
}

function isWithin(state: SenderState, number: PhoneNumber, scope: string): boolean {
  const line = state.lines[number];
  return line !== undefined && scopeOf(number, line) === scope;
}
