import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LINK_TRIES, LINK_TRIES_MILLISECONDS } from "../../src/core/limits/linking.ts";
import { type Attempts, counted, UNTRIED, unlocked, withRightCode, withRightPin } from "../../src/identity/attempts.ts";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 300);
const DAY = LINK_TRIES_MILLISECONDS;

describe("guesses", () => {
  it("three lock, and the fourth is not compared", () => {
    let attempts = UNTRIED;
    for (const by of ["a", "b", "c"]) attempts = counted(attempts, by, 1_000) ?? UNTRIED;
    expect(attempts).toEqual({
      status: "locked",
      at: 1_000,
      tries: ["a", "b", "c"].map((by) => ({ at: 1_000, by })),
      used: null,
    });
    expect(counted(attempts, "d", 1_001)).toBeNull();
    expect(counted(attempts, "d", 1_000 + 10 * DAY)).toBeNull();
    expect(counted(unlocked(attempts), "d", 1_002)).toMatchObject({ status: "open", tries: [{ by: "d" }] });
  });

  it("those of the day before do not count", () => {
    const before = counted(counted(UNTRIED, "a", 0) ?? UNTRIED, "b", 0) ?? UNTRIED;
    expect(counted(before, "c", DAY - 1)).toMatchObject({ status: "locked" });
    expect(counted(before, "c", DAY)).toMatchObject({ status: "open", tries: [{ by: "c" }] });
  });

  it("one that is compared again after a crash counts once, also where it was the last", () => {
    const third = ["a", "b", "c"].reduce<Attempts>((all, by) => counted(all, by, 5) ?? all, UNTRIED);
    expect(counted(third, "c", 9)).toBe(third);
    expect(withRightPin(third, "c")).toMatchObject({ status: "open", tries: [{ by: "a" }, { by: "b" }] });
  });

  it("a code is taken once, and none before it", () => {
    const once = withRightCode(UNTRIED, "a", 100) ?? UNTRIED;
    expect(once.used).toEqual({ counter: 100, by: "a" });
    expect(withRightCode(once, "b", 100)).toBeNull();
    expect(withRightCode(once, "b", 99)).toBeNull();
    expect(withRightCode(once, "a", 100)).toEqual(once);
    expect(withRightCode(once, "b", 101)?.used).toEqual({ counter: 101, by: "b" });
    expect(withRightCode(once, "c", null)?.used).toEqual({ counter: 100, by: "a" });
    expect(unlocked(once).used).toEqual({ counter: 100, by: "a" });
  });

  it("whatever happens, no more than three are compared wrongly within a day while nobody unlocks", () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: DAY / 2 }), isRight: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let attempts = UNTRIED;
        let now = 0;
        const wrong: number[] = [];
        for (const [index, { wait, isRight }] of steps.entries()) {
          now += wait;
          const next = counted(attempts, String(index), now);
          if (next === null) continue;
          attempts = isRight ? withRightPin(next, String(index)) : next;
          if (!isRight) wrong.push(now);
          expect(attempts.tries.length).toBeLessThanOrEqual(LINK_TRIES);
        }
        for (const at of wrong)
          expect(wrong.filter((other) => other > at - DAY && other <= at).length).toBeLessThanOrEqual(LINK_TRIES);
        if (wrong.some((at) => wrong.filter((other) => other > at - DAY && other <= at).length === LINK_TRIES))
          expect(attempts.status).toBe("locked");
      }),
      { numRuns: RUNS },
    );
  });
});
