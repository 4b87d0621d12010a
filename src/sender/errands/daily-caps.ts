import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { METER_WAIT_MILLISECONDS } from "../../core/limits/send-limits.ts";
import { logEvent } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { withTimeout } from "../../core/time-limits.ts";
import { type CapUsage, type CapVerdict, findCapEnd, sumUsage } from "../../send-limits/daily-caps.ts";
import { calculateMessagePrice } from "../../send-limits/message-prices.ts";
import type { DailyCaps } from "../../send-limits/number-limits.ts";
import { measureSegments } from "../../twilio/segments.ts";
import type { Part, Turn } from "../model/state.ts";
import { formatTurnId } from "../model/turn.ts";

/**
 * Asks the Meter of an account whether a daily cap is reached. If the Meter does not answer, parts pass: caps save
 * money, but must not cost answers.
 */
export class DailyCapGate {
  readonly #meters: Env["METER"];

  constructor(meters: Env["METER"]) {
    this.#meters = meters;
  }

  /** Charges the parts of a turn, from an index on, to the daily caps. Never throws. */
  async checkParts(turn: Turn, from: number, phone: PhoneNumber, caps: DailyCaps): Promise<CapVerdict> {
    const key = `${formatTurnId(phone, turn)}-${from}`;
    const charge = { key, number: turn.number, usage: measureUsage(turn.parts.slice(from), phone, caps) };
    return (await this.#askMeter(turn.account, (meter) => meter.charge(charge, caps))) ?? "passes";
  }

  /**
   * @returns until when a cap forbids the parts of a turn, or null if they may be sent. Charges nothing. Never throws
   */
  async findTurnCapEnd(
    turn: Turn,
    phone: PhoneNumber,
    { findSendLimits }: ConfigurationSnapshot,
  ): Promise<number | null> {
    const { caps } = findSendLimits(turn.number);
    if (caps === null) return null;
    const remaining = await this.#askMeter(turn.account, (meter) => meter.remaining(turn.number, caps));
    return remaining === null ? null : findCapEnd(remaining, measureUsage(turn.parts, phone, caps));
  }

  async #askMeter<Value>(
    account: string,
    ask: (meter: ReturnType<Env["METER"]["getByName"]>) => Promise<Value>,
  ): Promise<Value | null> {
    try {
      return await withTimeout(METER_WAIT_MILLISECONDS, ask(this.#meters.getByName(account)));
    } catch (error) {
      logEvent("warn", "cap-check-failed", { error: error instanceof Error ? error.name : "unknown" });
      return null;
    }
  }
}

function measureUsage(parts: readonly Part[], phone: PhoneNumber, { prices }: DailyCaps): CapUsage {
  return sumUsage(
    parts.map(({ text, media }) => {
      const count = media.length > 0 ? 1 : measureSegments(text).segments;
      return { segments: count, money: calculateMessagePrice(prices, phone, count, media.length > 0) ?? 0 };
    }),
  );
}
