import type { ReadyAccount } from "../../configuration/snapshot.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { type Notice, type NoticeMessage, type NoticeReport, resolveNoticeRecord } from "../../notify/notice.ts";
import { measureSegments } from "../../twilio/segments.ts";
import type { PartAction } from "../delivery/part-lifecycle.ts";
import { decideNotice, removeWaitingNotice } from "../events/notice-received.ts";
import type { DecisionContext } from "../model/context.ts";
import type { Part, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { createDecisionContext, type LoadedConfiguration } from "./due-runner.ts";
import { type Message, toMessages } from "./transcript.ts";
import type { TurnLog } from "./turn-log.ts";
import type { TurnStore } from "./turn-store.ts";

/** A notice for a contact, and what its sender knows about the request. */
export interface NoticeRequest {
  readonly phone: PhoneNumber;
  readonly notice: Notice;
  /** The origin of the URL by which Twilio reaches Parley. */
  readonly origin: string;
  /** The revision of the configuration that the notice was made with. */
  readonly revision: number;
}

/** The notices of one contact, over any store. Has no clock and no network. */
export class NoticeLog {
  readonly #store: TurnStore;
  readonly #turnLog: TurnLog;

  constructor(store: TurnStore, turnLog: TurnLog) {
    this.#store = store;
    this.#turnLog = turnLog;
  }

  /**
   * Decides on a notice and stores the decision. A duplicate changes nothing. Must run within a transaction.
   * @param phone the contact's
   * @param account the SID of the number's account
   * @param isFree as in `TurnLog.acceptTurn`
   * @returns the claimed action, if any
   */
  takeNotice(
    phone: PhoneNumber,
    account: string,
    notice: Notice,
    context: DecisionContext,
    isFree: boolean,
  ): PartAction | null {
    if (this.#store.findNotice(notice.id) !== null) return null;
    const decision = decideNotice(this.#store.state(), phone, account, notice, context);
    return this.#turnLog.acceptNotice(notice.id, decision, isFree, context.now);
  }

  /**
   * Takes a notice, like `takeNotice`, with the configuration.
   * @param isIdle whether no part is being sent
   */
  acceptRequest(
    { phone, notice, origin }: NoticeRequest,
    configuration: LoadedConfiguration,
    isIdle: boolean,
    now: number,
  ): ClaimedPart | null {
    const { numbers, accounts } = configuration.snapshot;
    const sid = numbers.get(notice.number)?.account ?? "";
    const account = accounts.get(sid);
    const context = createDecisionContext(configuration, phone, origin, now);
    const action = this.takeNotice(phone, sid, notice, context, isIdle && account !== undefined);
    return action === null || account === undefined ? null : { action, account };
  }

  /**
   * Drafts the turn that a notice would begin now, without storing it.
   * @returns null if it would not begin, or is a duplicate
   */
  draftTurn({ phone, notice, origin }: NoticeRequest, configuration: LoadedConfiguration, now: number): Turn | null {
    if (this.#store.findNotice(notice.id) !== null) return null;
    const account = configuration.snapshot.numbers.get(notice.number)?.account ?? "";
    return decideNotice(
      this.#store.state(),
      phone,
      account,
      notice,
      createDecisionContext(configuration, phone, origin, now),
    ).turn;
  }

  /** Cancels a notice if it still waits. Must run within a transaction. */
  cancelNotice(id: string): void {
    const record = this.#store.findNotice(id);
    const state = this.#store.state();
    if (record?.outcome !== "queued" || state === null) return;
    this.#store.saveState(removeWaitingNotice(state, record.notice.number, id));
    this.#store.saveNotice(id, { outcome: "refused", reason: "cancelled" });
  }

  /** @returns null if this contact never got the notice */
  reportNotice(id: string, now: number): NoticeReport | null {
    const record = this.#store.findNotice(id);
    if (record === null) return null;
    const line = record.outcome === "queued" ? this.#store.state()?.lines[record.notice.number] : undefined;
    const current = resolveNoticeRecord(record, line?.notices ?? [], now);
    switch (current.outcome) {
      case "refused":
        return current;
      case "queued":
        return { outcome: "queued", until: current.notice.expiresAt };
      case "sent": {
        const turn = this.#store.findTurn(current.turn);
        const messages = turn === null ? [] : toMessages(turn);
        const at = turn === null ? now : turnStartedAt(turn);
        return {
          outcome: "sent",
          at,
          messages: messages.map(toNoticeMessage),
          segments: countBilledSegments(turn?.parts ?? []),
        };
      }
    }
  }
}

/** A claimed part, and the account that sends it. */
interface ClaimedPart {
  readonly action: PartAction;
  readonly account: ReadyAccount;
}

/** @returns how many segments Twilio bills for the parts; an MMS counts as one */
export function countBilledSegments(parts: readonly Pick<Part, "text" | "media">[]): number {
  return parts.reduce((sum, { text, media }) => sum + (media.length > 0 ? 1 : measureSegments(text).segments), 0);
}

function toNoticeMessage({ id, status, sid, error, at }: Message): NoticeMessage {
  return { id, status, sid, error, at };
}
