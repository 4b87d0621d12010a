import type { ConfigurationSnapshot, ReadyAccount } from "../../configuration/snapshot.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { SendTiming } from "../../core/send-timing.ts";
import type { DailyCaps } from "../../send-limits/number-limits.ts";
import { createMessage, listMessages } from "../../twilio/client.ts";
import { formatPartId } from "../../twilio/status-callback.ts";
import { applyLookupAnswer, applyPostAnswer, getPart, type PartAction } from "../delivery/part-lifecycle.ts";
import type { Delivery, SenderState, Turn } from "../model/state.ts";
import { getPartContent, type TurnLog } from "../records/turn-log.ts";
import type { DailyCapGate } from "./daily-caps.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A action, and the account in whose name it is done. */
export interface SendPartTask {
  readonly action: PartAction;
  readonly account: ReadyAccount;
  /** Those of the turn's number; left out: nobody has looked, for none are asked for. */
  readonly caps?: DailyCaps | null;
}

/** What Twilio's answer makes of a part, at the moment when it is saved. */
export type DeliveryUpdate = (delivery: Delivery, turn: Turn) => Delivery;

/** Sends the parts of a Sender's turns to Twilio, and asks after those that may or may not have been taken. */
export class SendPartsErrand implements Errand<SendPartTask> {
  readonly failureEvent = "outbox-failed";
  readonly timeoutMilliseconds: number;
  readonly #turnLog: TurnLog;
  readonly #timing: SendTiming;
  readonly #state: () => SenderState | null;
  readonly #commit: ErrandHost["commit"];
  readonly #capGate: DailyCapGate;

  constructor(
    turns: TurnLog,
    timing: SendTiming,
    state: () => SenderState | null,
    commit: ErrandHost["commit"],
    metering: DailyCapGate,
  ) {
    this.timeoutMilliseconds = timing.settleAfter;
    this.#turnLog = turns;
    this.#timing = timing;
    this.#state = state;
    this.#commit = commit;
    this.#capGate = metering;
  }

  dueAt(state: SenderState): number | null {
    return this.#turnLog.nextActionAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#turnLog.isTroubled(state, now);
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): SendPartTask | null {
    if (snapshot === null) this.#turnLog.pauseSending(now);
    const findCaps = (number: PhoneNumber) => snapshot?.findSendLimits(number).caps ?? null;
    const isUsable = (sid: string) => snapshot?.accounts.has(sid) ?? false;
    const action = this.#turnLog.takeAction(isUsable, now, (number) => findCaps(number) !== null);
    const account = action === null ? undefined : snapshot?.accounts.get(action.turn.account);
    return action === null || account === undefined ? null : { action, account, caps: findCaps(action.turn.number) };
  }

  async performTask({ action, account, caps = null }: SendPartTask): Promise<void> {
    if (action.kind === "meter") {
      const { phone } = this.#state() ?? { phone: "" };
      // The day that the Meter has counted for, where it ends meanwhile.
      const now = Date.now();
      const verdict = caps === null ? "passes" : await this.#capGate.checkParts(action.turn, action.index, phone, caps);
      this.#commit(() => this.#turnLog.settleCapCheck(action, verdict, now));
      return;
    }
    const settle = await this.#askTwilio(action, account);
    // The turn may have changed while Twilio was asked: a callback can be faster than the answer.
    this.#commit(() => this.#turnLog.settlePart(action.turn.id, action.index, settle, Date.now()));
  }

  /** Asks Twilio at once: between the claim and the POST nothing else may happen. */
  async #askTwilio(action: PartAction, account: ReadyAccount): Promise<DeliveryUpdate> {
    const { turn, index } = action;
    const { phone, origin } = this.#state() ?? { phone: "", origin: "" };
    const pair = { from: turn.number, to: phone };
    if (action.kind === "look-up") {
      const answer = await listMessages(account, pair);
      return (_, current) =>
        applyLookupAnswer(getPart(current, index), answer, this.#turnLog.collectSids(), {
          now: Date.now(),
          timing: this.#timing,
          whenUnknown: turn.whenUnknown,
        });
    }
    const statusCallback = `${origin}/twilio/status?part=${formatPartId({ turn: turn.id, index })}`;
    const answer = await createMessage(account, { ...pair, ...getPartContent(action), statusCallback });
    return (delivery) =>
      applyPostAnswer(delivery, answer, { now: Date.now(), chance: Math.random(), timing: this.#timing });
  }
}
