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

/** An action for a part, and the account that performs it. */
export interface SendPartTask {
  readonly action: PartAction;
  readonly account: ReadyAccount;
  /** The daily caps of the turn's number. Absent for a part that was claimed at once, since its number has no caps. */
  readonly caps?: DailyCaps | null;
}

/** Computes the new delivery of a part when Twilio's answer is saved. */
export type DeliveryUpdate = (delivery: Delivery, turn: Turn) => Delivery;

/** Sends the parts of a contact's turns to Twilio, and looks up parts that may or may not have been sent. */
export class SendPartsErrand implements Errand<SendPartTask> {
  readonly failureEvent = "part-sending-failed";
  readonly timeoutMilliseconds: number;
  readonly #turnLog: TurnLog;
  readonly #timing: SendTiming;
  readonly #state: () => SenderState | null;
  readonly #commit: ErrandHost["commit"];
  readonly #capGate: DailyCapGate;

  constructor(
    turnLog: TurnLog,
    timing: SendTiming,
    state: () => SenderState | null,
    commit: ErrandHost["commit"],
    capGate: DailyCapGate,
  ) {
    this.timeoutMilliseconds = timing.settleAfter;
    this.#turnLog = turnLog;
    this.#timing = timing;
    this.#state = state;
    this.#commit = commit;
    this.#capGate = capGate;
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
      // Read before the Meter is asked: the day may end meanwhile.
      const now = Date.now();
      const verdict = caps === null ? "passes" : await this.#capGate.checkParts(action.turn, action.index, phone, caps);
      this.#commit(() => this.#turnLog.settleCapCheck(action, verdict, now));
      return;
    }
    const settle = await this.#askTwilio(action, account);
    // The turn may have changed meanwhile: a status callback can be faster than the answer.
    this.#commit(() => this.#turnLog.settlePart(action.turn.id, action.index, settle, Date.now()));
  }

  /** Calls Twilio. No `await` may come between the claim and the POST. */
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
