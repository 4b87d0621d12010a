import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IDENTITY_TRIES, IDENTITY_TRIES_WINDOW_MILLISECONDS } from "../../src/core/limits/identity.ts";
import {
  acceptCode,
  acceptPin,
  countGuess,
  NO_ATTEMPTS,
  type PinAttempts,
  unlockAttempts,
} from "../../src/identity/pin-attempts.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
const DAY = IDENTITY_TRIES_WINDOW_MILLISECONDS;

describe("guesses", () => {
  it("lock after three, and the fourth is not compared", () => {
    let attempts = NO_ATTEMPTS;
    for (const by of ["a", "b", "c"]) attempts = countGuess(attempts, by, 1_000) ?? NO_ATTEMPTS;
    expect(attempts).toEqual({
      status: "locked",
      at: 1_000,
      tries: ["a", "b", "c"].map((by) => ({ at: 1_000, by })),
      used: null,
    });
    expect(countGuess(attempts, "d", 1_001)).toBeNull();
    expect(countGuess(attempts, "d", 1_000 + 10 * DAY)).toBeNull();
    expect(countGuess(unlockAttempts(attempts), "d", 1_002)).toMatchObject({ status: "open", tries: [{ by: "d" }] });
  });

  it("of the day before do not count", () => {
    const before = countGuess(countGuess(NO_ATTEMPTS, "a", 0) ?? NO_ATTEMPTS, "b", 0) ?? NO_ATTEMPTS;
    expect(countGuess(before, "c", DAY - 1)).toMatchObject({ status: "locked" });
    expect(countGuess(before, "c", DAY)).toMatchObject({ status: "open", tries: [{ by: "c" }] });
  });

  it("count once if compared again after a crash, even the last one", () => {
    const third = ["a", "b", "c"].reduce<PinAttempts>((all, by) => countGuess(all, by, 5) ?? all, NO_ATTEMPTS);
    expect(countGuess(third, "c", 9)).toBe(third);
    expect(acceptPin(third, "c")).toMatchObject({ status: "open", tries: [{ by: "a" }, { by: "b" }] });
  });

  it("with a code are accepted once, and no earlier code after it", () => {
    const once = acceptCode(NO_ATTEMPTS, "a", 100) ?? NO_ATTEMPTS;
    expect(once.used).toEqual({ counter: 100, by: "a" });
    expect(acceptCode(once, "b", 100)).toBeNull();
    expect(acceptCode(once, "b", 99)).toBeNull();
    expect(acceptCode(once, "a", 100)).toEqual(once);
    expect(acceptCode(once, "b", 101)?.used).toEqual({ counter: 101, by: "b" });
    expect(acceptCode(once, "c", null)?.used).toEqual({ counter: 100, by: "a" });
    expect(unlockAttempts(once).used).toEqual({ counter: 100, by: "a" });
  });

  it("are compared at most three times a day if wrong, unless an admin unlocks", () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: DAY / 2 }), isRight: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let attempts = NO_ATTEMPTS;
        let now = 0;
        const wrong: number[] = [];
        for (const [index, { wait, isRight }] of steps.entries()) {
          now += wait;
          const next = countGuess(attempts, String(index), now);
          if (next === null) continue;
          attempts = isRight ? acceptPin(next, String(index)) : next;
          if (!isRight) wrong.push(now);
          expect(attempts.tries.length).toBeLessThanOrEqual(IDENTITY_TRIES);
        }
        for (const at of wrong)
          expect(wrong.filter((other) => other > at - DAY && other <= at).length).toBeLessThanOrEqual(IDENTITY_TRIES);
        if (wrong.some((at) => wrong.filter((other) => other > at - DAY && other <= at).length === IDENTITY_TRIES))
          expect(attempts.status).toBe("locked");
      }),
      { numRuns: RUNS },
    );
  });
});
