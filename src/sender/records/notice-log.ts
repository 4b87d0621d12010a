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
import type { TurnLog, TurnStore } from "./turn-log.ts";

/** A notice for a person, with what the one who sends it knows of its way. */
export interface NoticeRequest {
  readonly phone: PhoneNumber;
  readonly notice: Notice;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  /** The revision of the configuration that it was made with. */
  readonly revision: number;
}

/** The notices of one sender, over any store; no clock and no network. */
export class NoticeLog {
  readonly #store: TurnStore;
  readonly #turnLog: TurnLog;

  constructor(store: TurnStore, turns: TurnLog) {
    this.#store = store;
    this.#turnLog = turns;
  }

  /**
   * Takes a notice, within a transaction; one that was taken before changes nothing.
   * @param phone the person's
   * @param free as `Turns.accept` has it
   * @returns the job that is claimed, if any
   */
  takeNotice(
    phone: PhoneNumber,
    account: string,
    notice: Notice,
    world: DecisionContext,
    free: boolean,
  ): PartAction | null {
    if (this.#store.findNotice(notice.id) !== null) return null;
    const decision = decideNotice(this.#store.state(), phone, account, notice, world);
    return this.#turnLog.acceptNotice(notice.id, decision, free, world.now);
  }

  /**
   * As `take`, with the configuration.
   * @param isIdle nothing is being sent
   */
  acceptRequest(
    { phone, notice, origin }: NoticeRequest,
    known: LoadedConfiguration,
    isIdle: boolean,
    now: number,
  ): ClaimedPart | null {
    const { numbers, accounts } = known.snapshot;
    const sid = numbers.get(notice.number)?.account ?? "";
    const account = accounts.get(sid);
    const world = createDecisionContext(known, phone, origin, now);
    const job = this.takeNotice(phone, sid, notice, world, isIdle && account !== undefined);
    return job === null || account === undefined ? null : { job, account };
  }

  /** @returns the turn that a notice would have if it came now, or null where it would have none, or has come before. Nothing is stored */
  draftTurn({ phone, notice, origin }: NoticeRequest, known: LoadedConfiguration, now: number): Turn | null {
    if (this.#store.findNotice(notice.id) !== null) return null;
    const account = known.snapshot.numbers.get(notice.number)?.account ?? "";
    return decideNotice(this.#store.state(), phone, account, notice, createDecisionContext(known, phone, origin, now))
      .turn;
  }

  /** One that waits is not told any more; one that is told, or refused, stays so. Within a transaction. */
  cancelNotice(id: string): void {
    const record = this.#store.findNotice(id);
    const state = this.#store.state();
    if (record?.outcome !== "queued" || state === null) return;
    this.#store.saveState(removeWaitingNotice(state, record.notice.number, id));
    this.#store.saveNotice(id, { outcome: "refused", reason: "cancelled" });
  }

  /** @returns null where no such notice has ever come */
  reportNotice(id: string, now: number): NoticeReport | null {
    const record = this.#store.findNotice(id);
    if (record === null) return null;
    const line = record.outcome === "queued" ? this.#store.state()?.lines[record.notice.number] : undefined;
    const stands = resolveNoticeRecord(record, line?.notices ?? [], now);
    switch (stands.outcome) {
      case "refused":
        return stands;
      case "queued":
        return { outcome: "queued", until: stands.notice.expiresAt };
      case "sent": {
        const turn = this.#store.findTurn(stands.turn);
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

/** A part that is claimed, and the account in whose name it is sent. */
interface ClaimedPart {
  readonly job: PartAction;
  readonly account: ReadyAccount;
}

/** @returns what the parts are billed as */
export function countBilledSegments(parts: readonly Pick<Part, "text" | "media">[]): number {
  return parts.reduce((sum, { text, media }) => sum + (media.length > 0 ? 1 : measureSegments(text).segments), 0);
}

function toNoticeMessage({ id, status, sid, error, at }: Message): NoticeMessage {
  return { id, status, sid, error, at };
}
