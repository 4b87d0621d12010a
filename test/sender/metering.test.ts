import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { METER_WAIT_MILLISECONDS } from "../../src/core/limits/brakes.ts";
import type { DailyCaps } from "../../src/send-limits/rules.ts";
import { Metering } from "../../src/sender/errands/daily-caps.ts";
import { hear } from "../../src/sender/events/text-received.ts";
import { answeringWith, inbound } from "../support/chat.ts";

const CAPS: DailyCaps = { account: null, number: { segmentsPerDay: 0 }, prices: null };
const { turn } = hear(null, inbound(1, "hello"), { now: 0, origin: "", answering: () => answeringWith([]) });

/** A binding whose objects answer so. */
const meters = (answer: () => unknown) => ({ getByName: () => ({ charge: answer }) }) as unknown as Env["METER"];

beforeEach(() => void vi.spyOn(console, "warn").mockReturnValue(undefined));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("a Meter that fails stops nobody", async () => {
  const failing = meters(() => {
    throw new Error("overloaded");
  });
  expect(await new Metering(failing).ask(turn, 0, "+12025550140", CAPS)).toBe("passes");
});

it("one that does not answer keeps nobody waiting for long", async () => {
  vi.useFakeTimers();
  const asked = new Metering(meters(() => new Promise(() => undefined))).ask(turn, 0, "+12025550140", CAPS);
  await vi.advanceTimersByTimeAsync(METER_WAIT_MILLISECONDS);
  expect(await asked).toBe("passes");
});

it("what it says holds", async () => {
  const asked = new Metering(meters(() => Promise.resolve("account"))).ask(turn, 0, "+12025550140", CAPS);
  expect(await asked).toBe("account");
});
