import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNumberAnswer } from "../../../src/topics/values/number.ts";

describe("readNumber", () => {
  it.each([
    ["0", "en", 0],
    ["7", "en", 7],
    ["007", "en", 7],
    [" 42 ", "en", 42],
    ["3.", "en", 3],
    ["3!", "en", 3],
    ["(3)", "en", 3],
    ["+3", "en", 3],
    ["-3", "en", -3],
    ["- 3", "en", -3],
    ["−3", "en", -3],
    ["-0", "en", 0],
    ["3, please", "en", 3],
    ["5 gracias", "es", 5],
    ["$5", "en", 5],
    ["$ 5.20", "en", 5.2],
    ["-$5", "en", -5],
    ["5 €", "de", 5],
    ["₹500", "hi", 500],
    ["1.5", "en", 1.5],
    ["1,5", "en", 1.5],
    ["1,5", "de", 1.5],
    ["1.5", "de", 1.5],
    [".5", "en", 0.5],
    [",5", "fr", 0.5],
    ["0.500", "en", 0.5],
    ["0,500", "en", 0.5],
    ["1 000", "en", 1_000],
    ["1 000", "fr", 1_000],
    ["1\u202F000", "fr", 1_000],
    ["1\u00A0000,5", "fr", 1_000.5],
    ["1,000", "en", 1_000],
    ["1.000", "de", 1_000],
    ["1.500", "en", 1.5],
    ["1,500", "de", 1.5],
    ["1.000", "es-ES", 1_000],
    ["1,000", "es-MX", 1_000],
    ["1.000", "pt", 1_000],
    ["1.000", "pt-BR", 1_000],
    ["1,234.56", "de", 1_234.56],
    ["1.234,56", "en", 1_234.56],
    ["1.234.567", "en", 1_234_567],
    ["1,234,567", "fr", 1_234_567],
    ["1'234'567.8", "de-CH", 1_234_567.8],
    ["1’000", "en", 1_000],
    ["1,23,456", "hi", 123_456],
    ["12,34,567.5", "hi", 1_234_567.5],
    ["१२३", "hi", 123],
    ["१,२३,४५६", "hi", 123_456],
    ["१२३", "en", 123],
    ["１２", "en", 12],
    ["٣", "en", 3],
    ["③", "en", 3],
    ["4️", "en", 4],
    ["Three", "en", 3],
    ["two, please!", "en-GB", 2],
    ["tres", "es", 3],
    ["deux", "fr-CA", 2],
    ["zwölf", "de", 12],
    ["três", "pt-BR", 3],
    ["दो", "hi", 2],
  ])("%j in %s is %d", (text, language, value) => {
    expect(parseNumberAnswer(text, { language })).toEqual({ ok: true, value });
  });

  it.each([
    "",
    "two or three",
    "one hundred",
    "twenty-one",
    "no one",
    "three people",
    "about three",
    "about 20",
    "not 3",
    "at least 3",
    "3 or 4",
    "3-4",
    "3 people",
    "3k",
    "3 dozen",
    "3%",
    "½",
    "1/2",
    "5²",
    "10³",
    "1e5",
    "0x10",
    "1,2,3",
    "1.2.3",
    "1 00",
    "1, 000",
    "1,,000",
    "1 000 00",
    "0,000,000",
    "12:30",
    "555-0140",
    "covid-19",
    "3\n4",
    "--3",
    "३ लोग",
    "9".repeat(500),
  ])("%j is none", (text) => {
    expect(parseNumberAnswer(text, { language: "en" })).toEqual({ ok: false, problem: "none" });
  });

  it.each([
    ["1.500", "es", [1.5, 1_500]],
    ["1,500", "es", [1_500, 1.5]],
    ["1,500", "es-419", [1_500, 1.5]],
    ["-1.500", "es", [-1.5, -1_500]],
    ["1.000", "en", [1, 1_000]],
    ["5,000", "de", [5_000, 5]],
  ])("%j in %s is ambiguous", (text, language, candidates) => {
    expect(parseNumberAnswer(text, { language })).toEqual({ ok: false, problem: "ambiguous", candidates });
  });

  it.each([
    ["3 people", 3],
    ["three people", 3],
    ["Two square meters", 2],
    ["3 People!", 3],
    ["3people", 3],
    ["3 square meters", 3],
    ["50 %", 50],
    ["50%", 50],
    ["3 métres", 3],
  ])("%j with its units is %d", (text, value) => {
    const units = ["people", "square meters", "%", "metres"];
    expect(parseNumberAnswer(text, { language: "en", units })).toEqual({ ok: true, value });
  });

  it("respects the limits, and returns them", () => {
    const rules = { language: "en", minimum: 1, maximum: 10, whole: true };
    expect(parseNumberAnswer("1", rules)).toEqual({ ok: true, value: 1 });
    expect(parseNumberAnswer("10.0", rules)).toEqual({ ok: true, value: 10 });
    expect(parseNumberAnswer("0", rules)).toEqual({ ok: false, problem: "too small", limit: 1 });
    expect(parseNumberAnswer("11", rules)).toEqual({ ok: false, problem: "too large", limit: 10 });
    expect(parseNumberAnswer("1.5", rules)).toEqual({ ok: false, problem: "not whole" });
    expect(parseNumberAnswer("9".repeat(30), { language: "en" })).toMatchObject({ problem: "too large" });
    expect(parseNumberAnswer(`-${"9".repeat(30)}`, { language: "en" })).toMatchObject({ problem: "too small" });
  });

  it("reads back every number that a language writes", () => {
    const tags = "en-US en-GB en-IN es-ES es-MX fr fr-CA de de-CH de-AT pt-BR pt-PT hi hi-u-nu-deva".split(" ");
    const value = fc.oneof(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.integer({ min: -99_999, max: 99_999 }));
    fc.assert(
      fc.property(fc.constantFrom(...tags), value, fc.constantFrom(1, 10, 100, 1_000), (language, whole, divisor) => {
        const number = whole / divisor + 0;
        const written = new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(number);
        expect(parseNumberAnswer(written, { language })).toEqual({ ok: true, value: number === 0 ? 0 : number });
      }),
      { numRuns: 2_000 },
    );
  });
});
