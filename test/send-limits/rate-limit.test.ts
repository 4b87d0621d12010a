import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countAnswer, type RateLimitMemory } from "../../src/send-limits/rate-limit.ts";

const LIMIT = { perMinute: 30, perHour: 200 };

/** @param gaps the seconds between texts @returns a character for each text: answered, held back, or held back and told */
function texts(gaps: readonly number[], limit = LIMIT): readonly string[] {
  let pacing: RateLimitMemory | undefined;
  let now = 1_000_000;
  return gaps.map((gap) => {
    now += gap * 1_000;
    const after = countAnswer(pacing, limit, now);
    ({ pacing } = after);
    return after.isOverLimit ? (after.isReplyDue ? "told" : "held") : "answered";
  });
}

const count = (lines: readonly string[], line: string) => lines.filter((each) => each === line).length;

describe("the rate limit", () => {
  it("never holds back a fast human: a text every two seconds for five minutes, then every twenty seconds for twenty minutes", () => {
    const gaps = [...Array<number>(150).fill(2), ...Array<number>(60).fill(20)];
    expect(count(texts(gaps), "answered")).toBe(gaps.length);
  });

  it("answers thirty texts at once, tells the contact with the next, and is silent until a quarter has drained", () => {
    const lines = texts([...Array<number>(35).fill(0), 14.9, 0.1, ...Array<number>(20).fill(0)]);
    expect(lines.slice(0, 30)).toEqual(Array(30).fill("answered"));
    expect(lines.slice(30, 36)).toEqual(["told", "held", "held", "held", "held", "held"]);
    expect(count(lines.slice(36), "answered")).toBe(7);
  });

  it("answers two hundred texts an hour of an endless stream, after the first two hundred", () => {
    const lines = texts(Array<number>(3 * 7_200).fill(0.5));
    expect(count(lines, "answered")).toBeLessThanOrEqual(800);
    expect(count(lines, "answered")).toBeGreaterThan(600);
    expect(count(lines.slice(14_400), "answered")).toBeLessThanOrEqual(250);
  });

  it("tells the contact once an hour", () => {
    const lines = texts(Array<number>(7_200).fill(1));
    expect(count(lines, "told")).toBe(2);
  });

  it("never answers more than the bucket and what has drained from it, whatever the gaps", () => {
    const gap = fc.double({ min: 0, max: 30, noNaN: true });
    const limit = fc.record({ perMinute: fc.integer({ min: 1, max: 60 }), perHour: fc.integer({ min: 1, max: 300 }) });
    fc.assert(
      fc.property(fc.array(gap, { minLength: 1, maxLength: 200 }), limit, (gaps, { perMinute, perHour }) => {
        const answered = count(texts(gaps, { perMinute, perHour }), "answered");
        const seconds = gaps.slice(1).reduce((sum, each) => sum + each, 0);
        expect(answered).toBeLessThanOrEqual(perMinute * (1 + seconds / 60) + 0.01);
        expect(answered).toBeLessThanOrEqual(perHour * (1 + seconds / 3_600) + 0.01);
      }),
    );
  });

  it("ends after enough silence", () => {
    expect(texts([...Array<number>(40).fill(0), 60, 0, 0]).slice(40)).toEqual(["answered", "answered", "answered"]);
  });
});
