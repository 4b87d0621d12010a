import type { Snapshot } from "../../configuration/snapshot.ts";
import { METER_WAIT_MILLISECONDS } from "../../core/limits/brakes.ts";
import { log } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { within } from "../../core/time.ts";
import { cappedUntil, total, type Usage, type Verdict } from "../../send-limits/caps.ts";
import { priceOf } from "../../send-limits/prices.ts";
import type { DailyCaps } from "../../send-limits/rules.ts";
import { segments } from "../../twilio/segments.ts";
import type { Part, Turn } from "../model/state.ts";
import { turnId } from "../model/turn.ts";

/** Asks an account's Meter whether a cap is reached. One that does not answer stops nobody: it is there to save money, not to lose answers. */
export class Metering {
  readonly #meters: Env["METER"];

  constructor(meters: Env["METER"]) {
    this.#meters = meters;
  }

  /** Asks for all parts of a turn from one on. Never throws. */
  async ask(turn: Turn, from: number, phone: PhoneNumber, caps: DailyCaps): Promise<Verdict> {
    const key = `${turnId(phone, turn)}-${from}`;
    const charge = { key, number: turn.number, usage: usageIn(turn.parts.slice(from), phone, caps) };
    return (await this.#answer(turn.account, (meter) => meter.charge(charge, caps))) ?? "passes";
  }

  /** @returns until when a turn's parts cannot be sent, or null where they can. Nothing is counted. Never throws */
  async until(turn: Turn, phone: PhoneNumber, { brakesOn }: Snapshot): Promise<number | null> {
    const { caps } = brakesOn(turn.number);
    if (caps === null) return null;
    const remaining = await this.#answer(turn.account, (meter) => meter.remaining(turn.number, caps));
    return remaining === null ? null : cappedUntil(remaining, usageIn(turn.parts, phone, caps));
  }

  async #answer<Value>(
    account: string,
    ask: (meter: ReturnType<Env["METER"]["getByName"]>) => Promise<Value>,
  ): Promise<Value | null> {
    try {
      return await within(METER_WAIT_MILLISECONDS, ask(this.#meters.getByName(account)));
    } catch (error) {
      log("warn", "meter-unreached", { error: error instanceof Error ? error.name : "unknown" });
      return null;
    }
  }
}

function usageIn(parts: readonly Part[], phone: PhoneNumber, { prices }: DailyCaps): Usage {
  return total(
    parts.map(({ text, media }) => {
      const count = media.length > 0 ? 1 : segments(text).segments;
      return { segments: count, money: priceOf(prices, phone, count, media.length > 0) ?? 0 };
    }),
  );
}
