import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { METER_WAIT_MILLISECONDS } from "../../../src/core/limits/send-limits.ts";
import type { DailyCaps } from "../../../src/send-limits/number-limits.ts";
import { DailyCapGate } from "../../../src/sender/errands/daily-caps.ts";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import { answeringWith, inbound } from "../../support/chat.ts";

const CAPS: DailyCaps = { account: null, number: { segmentsPerDay: 0 }, prices: null };
const { turn } = receiveText(null, inbound(1, "hello"), {
  now: 0,
  origin: "",
  findApplication: () => answeringWith([]),
});

/** A binding whose objects give these answers. */
const meters = (answer: () => unknown) => ({ getByName: () => ({ charge: answer }) }) as unknown as Env["METER"];

beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue(undefined));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("parts pass if the Meter fails", async () => {
  const failing = meters(() => {
    throw new Error("overloaded");
  });
  expect(await new DailyCapGate(failing).checkParts(turn, 0, "+12025550140", CAPS)).toBe("passes");
});

it("parts pass soon if the Meter does not answer", async () => {
  vi.useFakeTimers();
  const asked = new DailyCapGate(meters(() => new Promise(() => undefined))).checkParts(turn, 0, "+12025550140", CAPS);
  await vi.advanceTimersByTimeAsync(METER_WAIT_MILLISECONDS);
  expect(await asked).toBe("passes");
});

it("the verdict of the Meter counts", async () => {
  const asked = new DailyCapGate(meters(() => Promise.resolve("account"))).checkParts(turn, 0, "+12025550140", CAPS);
  expect(await asked).toBe("account");
});
