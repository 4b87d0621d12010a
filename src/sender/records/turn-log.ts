import type { ConsentEntry } from "../../consent/ledger.ts";
import { ACCOUNT_RETRY_MILLISECONDS, UNSENT_ANSWER_MILLISECONDS } from "../../core/limits/sender.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { SendTiming } from "../../core/send-timing.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import type { CapVerdict } from "../../send-limits/daily-caps.ts";
import { countHeldBack } from "../../send-limits/held-back.ts";
import {
  applyCapVerdict,
  applyResolution,
  blockAfterOptOut,
  dropWaitingParts,
  getPart,
  isUnsent,
  nextPartDueAt,
  type PartAction,
  type PartResolution,
  planCapCheck,
  planPartAction,
  withDelivery,
} from "../delivery/part-lifecycle.ts";
import type { TurnDecision } from "../events/decision.ts";
import type { NoticeDecision } from "../events/notice-received.ts";
import {
  clearNoticeTerm,
  clearOriginalNotice,
  type WithheldNotice,
  withholdForCap,
  withholdIfOverdue,
} from "../events/notice-withheld.ts";
import { findDeliveryError, rememberDeliveryError } from "../model/delivery-failure.ts";
import type { Delivery, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { applyReportedOptOut, type ConsentUpdate, getConsentScope, isWithdrawn } from "../rules/opt-out.ts";

/** Where a Sender's state and turns are kept. All of it is synchronous, and changes within a transaction of the caller's. */
export interface TurnStore {
  state(): SenderState | null;
  saveState(state: SenderState): void;
  findTurn(id: number): Turn | null;
  addTurn(turn: Turn): void;
  saveTurn(turn: Turn): void;
  /** Appends to the ledger of consent. */
  recordConsent(entry: ConsentEntry): void;
  /** A turn and those before it, newest first. */
  listEarlierTurns(id: number, limit: number): readonly Turn[];
  /** Null where no such notice has ever come. */
  findNotice(id: string): NoticeRecord | null;
  saveNotice(id: string, record: NoticeRecord): void;
}

/** SIDs of this many turns are known when Twilio's list is searched for a part. */
const TURNS_WITH_KNOWN_SIDS = 100;

/** The turns of one sender, and what is to be done for them at Twilio: one part at a time, in order. No clock and no network. */
export class TurnLog {
  readonly #store: TurnStore;
  readonly #timing: SendTiming;
  /** All turns before this one are sent; saved with the next turn. */
  #firstUnsent = 1;
  /** Nothing is sent before this moment: the configuration, or an account in it, could not be had. */
  #pausedUntil = 0;

  constructor(store: TurnStore, pace: SendTiming) {
    this.#store = store;
    this.#timing = pace;
  }

  /** Forgets what was seen as sent: the transaction in which it was seen has failed. */
  forgetProgress(): void {
    this.#firstUnsent = 1;
  }

  /**
   * Stores a new turn. Where nothing waits before it, its first part is claimed in the same write.
   * @param free nothing is being performed, and the turn's account can be used
   * @returns the job that is claimed; it must be performed without another await
   */
  acceptTurn({ state, turn, entry = null }: TurnDecision, free: boolean, now: number): PartAction | null {
    const withdrawn = isWithdrawn(state, turn.number);
    this.#recordEntry(state, entry, now);
    if (withdrawn && entry === null) this.#blockUnsentParts(state, () => true, now);
    const head = this.#findFirstUnsentTurn(state, turn.id);
    const planned = free && head === null ? planPartAction(turn, withdrawn, now, this.#timing) : null;
    const job = planned?.kind === "job" ? planned.job : null;
    this.#store.addTurn(job?.turn ?? turn);
    this.#store.saveState({ ...state, firstUnsent: head?.id ?? turn.id });
    return job;
  }

  /** Stores what has become of a notice, and its turn, where it has one now. @returns as `accept` */
  acceptNotice(id: string, { record, state, turn }: NoticeDecision, free: boolean, now: number): PartAction | null {
    this.#store.saveNotice(id, record);
    if (state !== null && turn !== null) return this.acceptTurn({ state, turn }, free, now);
    if (state !== null && state !== this.#store.state()) this.#store.saveState(state);
    return null;
  }

  /** Stores what a turn has got later, and the state after it. */
  extendTurn({ state, turn }: TurnDecision, now: number): void {
    const withdrawn = isWithdrawn(state, turn.number);
    if (withdrawn) this.#blockUnsentParts(state, () => true, now);
    this.#store.saveTurn(withdrawn ? blockAfterOptOut(turn, true, now) : turn);
    this.#reopenTurn(state, turn.id);
  }

  /**
   * Takes the next job that is due, its claim stored.
   * @param isUsable can the account be used?
   * @param isCapped has a number, or its account, a daily cap?
   */
  takeAction(
    isUsable: (account: string) => boolean,
    now: number,
    isCapped: (number: PhoneNumber) => boolean = () => false,
  ): PartAction | null {
    const state = this.#store.state();
    if (state === null || now < this.#pausedUntil) return null;
    for (let head = this.#findFirstUnsentTurn(state); head !== null; head = this.#findFirstUnsentTurn(state)) {
      if (this.#withholdOverdue(head, now)) continue;
      const usable = isUsable(head.account);
      const asking = usable && isCapped(head.number) ? planCapCheck(head, isWithdrawn(state, head.number)) : null;
      if (asking !== null) return asking;
      const planned = usable
        ? planPartAction(head, isWithdrawn(state, head.number), now, this.#timing)
        : this.#waitForAccount(head, now);
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
  settleCapCheck(job: PartAction, verdict: CapVerdict, now: number): void {
    const [state, turn] = [this.#store.state(), this.#store.findTurn(job.turn.id)];
    if (state === null || turn === null) return;
    const postponed = verdict === "passes" ? null : withholdForCap(state, turn, job, verdict, now);
    if (postponed !== null) return this.#storeWithheldNotice(postponed);
    this.#store.saveTurn(applyCapVerdict(turn, job, verdict === "passes" ? null : verdict, now));
    if (verdict === "passes") return;
    this.#store.saveState({ ...state, heldBack: countHeldBack(state.heldBack, turn.number, "cap", now) });
  }

  /** @returns whether it was a notice's turn whose time is over, and that nothing more is sent of */
  #withholdOverdue(turn: Turn, now: number): boolean {
    const state = this.#store.state();
    const taken = state === null || isWithdrawn(state, turn.number) ? null : withholdIfOverdue(state, turn, now);
    if (taken !== null) this.#storeWithheldNotice(taken);
    return taken !== null;
  }

  #storeWithheldNotice({ state, turn, record }: WithheldNotice): void {
    this.#store.saveTurn(turn);
    if (record === null) return;
    this.#store.saveNotice(turn.notice.id, record);
    this.#store.saveState(state);
  }

  /** Nothing can be sent for a while. */
  pauseSending(now: number): void {
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
  }

  /** @returns when something is to be done, or null when everything is sent */
  nextActionAt(state: SenderState): number | null {
    const head = this.#findFirstUnsentTurn(state);
    const due = head === null ? null : nextPartDueAt(head, this.#timing);
    return due === null ? null : Math.max(due, this.#pausedUntil);
  }

  /** Can something be done at once? */
  isDue(): boolean {
    const state = this.#store.state();
    return state !== null && this.nextActionAt(state) === 0;
  }

  /** Does something wait that could not be sent at once? Waiting for Twilio's report between two parts is no trouble. */
  isTroubled(state: SenderState, now: number): boolean {
    const head = this.#findFirstUnsentTurn(state);
    const status = head?.parts.find(({ delivery }) => isUnsent(delivery))?.delivery.status;
    return status === "retrying" || status === "uncertain" || (status === "pending" && this.#pausedUntil > now);
  }

  /** Saves what has become of a part. @returns whether anything has changed; where nothing has, nothing is written */
  settlePart(
    turnId: number,
    index: number,
    become: (delivery: Delivery, turn: Turn) => Delivery,
    now: number,
  ): boolean {
    const turn = this.#store.findTurn(turnId);
    const before = turn?.parts[index]?.delivery;
    if (turn === null || before === undefined) return false;
    const after = become(before, turn);
    if (after === before) return false;
    const settled = clearOriginalNotice(withDelivery(turn, index, after));
    this.#store.saveTurn(settled);
    this.#noteOptOut(settled, index, now);
    this.#noteDeliveryFailure(turn, after);
    return true;
  }

  /** An operator says what became of a part that is `unknown`. @returns whether it was */
  resolvePart(turnId: number, index: number, resolution: PartResolution, now: number): boolean {
    const resolved = this.settlePart(turnId, index, (delivery) => applyResolution(delivery, resolution, now), now);
    const [state, turn] = [this.#store.state(), this.#store.findTurn(turnId)];
    if (!resolved || resolution !== "resend" || state === null || turn === null) return resolved;
    // Whoever sends a notice again by hand knows what time it is.
    this.#store.saveTurn(clearNoticeTerm(turn));
    this.#reopenTurn(state, turnId);
    return resolved;
  }

  /** SIDs that belong to other parts: an equal text sent before is not the one that is looked for. */
  collectSids(): ReadonlySet<string> {
    const { nextTurn } = this.#store.state() ?? { nextTurn: 1 };
    const turns = this.#store.listEarlierTurns(nextTurn, TURNS_WITH_KNOWN_SIDS);
    const sids = turns.flatMap(({ parts }) => parts.map(({ delivery }) => ("sid" in delivery ? delivery.sid : null)));
    return new Set(sids.filter((sid) => sid !== null));
  }

  /** A turn that may have been done with has a part to send. */
  #reopenTurn(state: SenderState, turnId: number): void {
    this.#store.saveState({ ...state, firstUnsent: Math.min(state.firstUnsent, turnId) });
    this.forgetProgress();
  }

  #noteOptOut(turn: Turn, index: number, now: number): void {
    const state = this.#store.state();
    const told = state === null ? null : applyReportedOptOut(state, turn, getPart(turn, index), now);
    if (told !== null) this.storeConsentUpdate(told, now);
  }

  #noteDeliveryFailure(turn: Turn, delivery: Delivery): void {
    const failure = findDeliveryError(delivery);
    const state = failure === null ? null : this.#store.state();
    if (failure === null || state === null) return;
    const told = rememberDeliveryError(state, turn, failure);
    if (told !== state) this.#store.saveState(told);
  }

  /** Somebody else than the person has said what they want: stores it, and what it forbids. */
  storeConsentUpdate({ state, entry }: ConsentUpdate, now: number): void {
    this.#store.saveState(state);
    this.#recordEntry(state, entry, now);
  }

  /** A line of the ledger. After an opt-out nothing that was decided before it is sent, not even if START comes before its turn. */
  #recordEntry(state: SenderState, entry: ConsentEntry | null, now: number): void {
    if (entry === null) return;
    this.#store.recordConsent(entry);
    if (entry.status !== "withdrawn") return;
    // Elsewhere an opt-out of before may still be to be confirmed.
    this.#blockUnsentParts(state, ({ number }) => !isInConsentScope(state, number, entry.scope), now);
  }

  /** @param spares whether a turn's confirmation is still sent */
  #blockUnsentParts(state: SenderState, spares: (turn: Turn) => boolean, now: number): void {
    for (let id = this.#findFirstUnsentTurn(state)?.id ?? state.nextTurn; id < state.nextTurn; id += 1) {
      const turn = this.#store.findTurn(id);
      const barred =
        turn !== null && isWithdrawn(state, turn.number) ? blockAfterOptOut(turn, spares(turn), now) : turn;
      if (barred !== null && barred !== turn) this.#store.saveTurn(barred);
    }
  }

  /** An account that cannot be used now may be put right: its texts wait for a day. */
  #waitForAccount(turn: Turn, now: number) {
    if (now - turnStartedAt(turn) > UNSENT_ANSWER_MILLISECONDS) {
      const dropped = dropWaitingParts(turn, `account ${turn.account} is not usable`, now);
      if (dropped !== turn) return { kind: "sent", turn: dropped } as const;
    }
    this.pauseSending(now);
    return { kind: "wait", until: this.#pausedUntil } as const;
  }

  /** The first turn with a part that is not sent, before one of them: parts go out in order, so only this one matters. */
  #findFirstUnsentTurn(state: SenderState, before = state.nextTurn): Turn | null {
    this.#firstUnsent = Math.max(this.#firstUnsent, state.firstUnsent);
    for (; this.#firstUnsent < before; this.#firstUnsent += 1) {
      const turn = this.#store.findTurn(this.#firstUnsent);
      if (turn === null) return null;
      if (nextPartDueAt(turn, this.#timing) !== null) return turn;
    }
    return null;
  }
}

/** The text of a job's part, and what goes with it. */
export function getPartContent({ turn, index }: PartAction): {
  readonly text: string;
  readonly media: readonly string[];
} {
  const { text, media } = getPart(turn, index);
  return { text, media };
}

function isInConsentScope(state: SenderState, number: PhoneNumber, scope: string): boolean {
  const line = state.lines[number];
  return line !== undefined && getConsentScope(number, line) === scope;
}
