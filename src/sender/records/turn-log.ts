import type { ConsentEntry } from "../../consent/ledger.ts";
import { ACCOUNT_RETRY_MILLISECONDS, UNSENT_ANSWER_MILLISECONDS } from "../../core/limits/sender.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { SendTiming } from "../../core/send-timing.ts";
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
import { getConsentScope, isWithdrawn } from "../model/line.ts";
import type { Delivery, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { applyReportedOptOut, type ConsentUpdate } from "../rules/opt-out.ts";
import type { TurnStore } from "./turn-store.ts";

/** So many latest turns provide the known SIDs when Twilio's list is searched for a part. */
const TURNS_WITH_KNOWN_SIDS = 100;

/**
 * The turns of one contact, and the next action for their parts: one part at a time, in order. Has no clock and no
 * network.
 */
export class TurnLog {
  readonly #store: TurnStore;
  readonly #timing: SendTiming;
  /** All parts of the turns before this one are sent or given up. Saved with the next turn. */
  #firstUnsent = 1;
  /** Nothing is sent until then, because the configuration or an account was not available. */
  #pausedUntil = 0;

  constructor(store: TurnStore, timing: SendTiming) {
    this.#store = store;
    this.#timing = timing;
  }

  /** Forgets which turns are sent, after a transaction has failed. */
  forgetProgress(): void {
    this.#firstUnsent = 1;
  }

  /**
   * Stores a new turn. If no part waits before it, its first part is claimed in the same write.
   * @param isFree whether no action is being performed and the turn's account is usable
   * @returns the claimed action, if any; it must be performed before the next await
   */
  acceptTurn({ state, turn, entry = null }: TurnDecision, isFree: boolean, now: number): PartAction | null {
    const withdrawn = isWithdrawn(state, turn.number);
    this.#recordEntry(state, entry, now);
    if (withdrawn && entry === null) this.#blockUnsentParts(state, () => true, now);
    const head = this.#findFirstUnsentTurn(state, turn.id);
    const planned = isFree && head === null ? planPartAction(turn, withdrawn, now, this.#timing) : null;
    const action = planned?.kind === "act" ? planned.action : null;
    this.#store.addTurn(action?.turn ?? turn);
    this.#store.saveState({ ...state, firstUnsent: head?.id ?? turn.id });
    return action;
  }

  /** Stores the decision on a notice, with its turn if it begins now. @returns as `acceptTurn` */
  acceptNotice(id: string, { record, state, turn }: NoticeDecision, isFree: boolean, now: number): PartAction | null {
    this.#store.saveNotice(id, record);
    if (state !== null && turn !== null) return this.acceptTurn({ state, turn }, isFree, now);
    if (state !== null && state !== this.#store.state()) this.#store.saveState(state);
    return null;
  }

  /** Stores a turn that has continued, and the state after that. */
  extendTurn({ state, turn }: TurnDecision, now: number): void {
    const withdrawn = isWithdrawn(state, turn.number);
    if (withdrawn) this.#blockUnsentParts(state, () => true, now);
    this.#store.saveTurn(withdrawn ? blockAfterOptOut(turn, true, now) : turn);
    this.#reopenTurn(state, turn.id);
  }

  /**
   * Takes the next due action. The claim of its part is stored.
   * @param isUsable returns whether an account is usable
   * @param isCapped returns whether a number, or its account, has a daily cap
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
      const isAccountUsable = isUsable(head.account);
      const capCheck =
        isAccountUsable && isCapped(head.number) ? planCapCheck(head, isWithdrawn(state, head.number)) : null;
      if (capCheck !== null) return capCheck;
      const planned = isAccountUsable
        ? planPartAction(head, isWithdrawn(state, head.number), now, this.#timing)
        : this.#waitForAccount(head, now);
      if (planned.kind === "wait") return null;
      const { turn } = planned.kind === "act" ? planned.action : planned;
      if (turn !== head) this.#store.saveTurn(turn);
      if (planned.kind === "act") return planned.action;
    }
    return null;
  }

  /**
   * Stores the Meter's verdict. If a daily cap is reached, an unsent notice waits for the next day, and other parts are
   * dropped and counted.
   * @param now when the Meter was asked
   */
  settleCapCheck(action: PartAction, verdict: CapVerdict, now: number): void {
    const [state, turn] = [this.#store.state(), this.#store.findTurn(action.turn.id)];
    if (state === null || turn === null) return;
    const postponed = verdict === "passes" ? null : withholdForCap(state, turn, action, verdict, now);
    if (postponed !== null) return this.#storeWithheldNotice(postponed);
    this.#store.saveTurn(applyCapVerdict(turn, action, verdict === "passes" ? null : verdict, now));
    if (verdict === "passes") return;
    this.#store.saveState({ ...state, heldBack: countHeldBack(state.heldBack, turn.number, "cap", now) });
  }

  /** Stops a notice whose sending time is over. @returns whether the turn was such a notice */
  #withholdOverdue(turn: Turn, now: number): boolean {
    const state = this.#store.state();
    const withheld = state === null || isWithdrawn(state, turn.number) ? null : withholdIfOverdue(state, turn, now);
    if (withheld !== null) this.#storeWithheldNotice(withheld);
    return withheld !== null;
  }

  #storeWithheldNotice({ state, turn, record }: WithheldNotice): void {
    this.#store.saveTurn(turn);
    if (record === null) return;
    this.#store.saveNotice(turn.notice.id, record);
    this.#store.saveState(state);
  }

  /** Stops sending for a while. */
  pauseSending(now: number): void {
    this.#pausedUntil = now + ACCOUNT_RETRY_MILLISECONDS;
  }

  /** @returns when the next action is due, or null if no part waits */
  nextActionAt(state: SenderState): number | null {
    const head = this.#findFirstUnsentTurn(state);
    const due = head === null ? null : nextPartDueAt(head, this.#timing);
    return due === null ? null : Math.max(due, this.#pausedUntil);
  }

  /** Returns whether an action is due now. */
  isDue(): boolean {
    const state = this.#store.state();
    return state !== null && this.nextActionAt(state) === 0;
  }

  /**
   * Returns whether a part waits that could not be sent at once. The wait for Twilio's report between two parts does
   * not count.
   */
  isTroubled(state: SenderState, now: number): boolean {
    const head = this.#findFirstUnsentTurn(state);
    const status = head?.parts.find(({ delivery }) => isUnsent(delivery))?.delivery.status;
    return status === "retrying" || status === "uncertain" || (status === "pending" && this.#pausedUntil > now);
  }

  /** Changes the delivery of a part. @returns false if it did not change; then nothing is written */
  settlePart(
    turnId: number,
    index: number,
    change: (delivery: Delivery, turn: Turn) => Delivery,
    now: number,
  ): boolean {
    const turn = this.#store.findTurn(turnId);
    const before = turn?.parts[index]?.delivery;
    if (turn === null || before === undefined) return false;
    const after = change(before, turn);
    if (after === before) return false;
    const settled = clearOriginalNotice(withDelivery(turn, index, after));
    this.#store.saveTurn(settled);
    this.#noteOptOut(settled, index, now);
    this.#noteDeliveryFailure(turn, after);
    return true;
  }

  /** Applies an operator's decision on a part with status `unknown`. @returns false if the part has another status */
  resolvePart(turnId: number, index: number, resolution: PartResolution, now: number): boolean {
    const resolved = this.settlePart(turnId, index, (delivery) => applyResolution(delivery, resolution, now), now);
    const [state, turn] = [this.#store.state(), this.#store.findTurn(turnId)];
    if (!resolved || resolution !== "resend" || state === null || turn === null) return resolved;
    // An operator who resends a notice decides on the time.
    this.#store.saveTurn(clearNoticeTerm(turn));
    this.#reopenTurn(state, turnId);
    return resolved;
  }

  /** @returns the SIDs of known parts, so that a search does not take an equal text sent before for the missing one */
  collectSids(): ReadonlySet<string> {
    const { nextTurn } = this.#store.state() ?? { nextTurn: 1 };
    const turns = this.#store.listEarlierTurns(nextTurn, TURNS_WITH_KNOWN_SIDS);
    const sids = turns.flatMap(({ parts }) => parts.map(({ delivery }) => ("sid" in delivery ? delivery.sid : null)));
    return new Set(sids.filter((sid) => sid !== null));
  }

  /** Makes a turn, which may have been sent, the subject of actions again. */
  #reopenTurn(state: SenderState, turnId: number): void {
    this.#store.saveState({ ...state, firstUnsent: Math.min(state.firstUnsent, turnId) });
    this.forgetProgress();
  }

  #noteOptOut(turn: Turn, index: number, now: number): void {
    const state = this.#store.state();
    const update = state === null ? null : applyReportedOptOut(state, turn, getPart(turn, index), now);
    if (update !== null) this.storeConsentUpdate(update, now);
  }

  #noteDeliveryFailure(turn: Turn, delivery: Delivery): void {
    const failure = findDeliveryError(delivery);
    const state = failure === null ? null : this.#store.state();
    if (failure === null || state === null) return;
    const after = rememberDeliveryError(state, turn, failure);
    if (after !== state) this.#store.saveState(after);
  }

  /** Stores a change of consent, and blocks parts that it forbids. */
  storeConsentUpdate({ state, entry }: ConsentUpdate, now: number): void {
    this.#store.saveState(state);
    this.#recordEntry(state, entry, now);
  }

  /**
   * Writes a ledger entry. After an opt-out, parts decided before it are never sent, not even if START follows at once.
   */
  #recordEntry(state: SenderState, entry: ConsentEntry | null, now: number): void {
    if (entry === null) return;
    this.#store.recordConsent(entry);
    if (entry.status !== "withdrawn") return;
    // Outside the scope, the confirmation of an earlier opt-out is still sent.
    this.#blockUnsentParts(state, ({ number }) => !isInConsentScope(state, number, entry.scope), now);
  }

  /** @param keepsConfirmation returns whether the confirmation of an opt-out in a turn is still sent */
  #blockUnsentParts(state: SenderState, keepsConfirmation: (turn: Turn) => boolean, now: number): void {
    for (let id = this.#findFirstUnsentTurn(state)?.id ?? state.nextTurn; id < state.nextTurn; id += 1) {
      const turn = this.#store.findTurn(id);
      if (turn === null || !isWithdrawn(state, turn.number)) continue;
      const blocked = blockAfterOptOut(turn, keepsConfirmation(turn), now);
      if (blocked !== turn) this.#store.saveTurn(blocked);
    }
  }

  /** Lets the parts of an unusable account wait for a day, since the account may be repaired, then drops them. */
  #waitForAccount(turn: Turn, now: number) {
    if (now - turnStartedAt(turn) > UNSENT_ANSWER_MILLISECONDS) {
      const dropped = dropWaitingParts(turn, `account ${turn.account} is not usable`, now);
      if (dropped !== turn) return { kind: "sent", turn: dropped } as const;
    }
    this.pauseSending(now);
    return { kind: "wait", until: this.#pausedUntil } as const;
  }

  /**
   * @returns the first turn with an unsent part, among those before `before`. Parts are sent in order, so only this
   * turn matters
   */
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

/** @returns the text and the media of an action's part */
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
