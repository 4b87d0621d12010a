import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { segments } from "../../src/twilio/segments.ts";
import { smartEncode } from "../../src/twilio/smart-encoding.ts";

describe("smartEncode", () => {
  it.each([
    ["“Don’t” – she said…", '"Don\'t" - she said...', [1, 1, 1, 1, 1]],
    ["5\u00a0€\u202fper\u2009day", "5 € per day", [1, 1, 1]],
    ["a\u200bb\ufeff\u00adc", "abc", [1, 1, 1]],
    ["• one\u2028• two", "* one\n* two", [2, 1]],
    ["`x`\ty", "'x' y", [2, 1]],
    ["Ünïcödé ç ж 👨‍👩‍👧 ❤️", "Ünïcödé ç ж 👨‍👩‍👧 ❤️", []],
    ["plain {[~]} €", "plain {[~]} €", []],
    ["", "", []],
  ])("%j becomes %j", (text, encoded, counts) => {
    const smart = smartEncode(text);
    expect(smart.text).toBe(encoded);
    expect(smart.replaced.map(({ count }) => count)).toEqual(counts);
  });

  it("says what it replaced, by what, how often, in the order of appearance", () => {
    expect(smartEncode("a—b…c—d").replaced).toEqual([
      { from: "—", to: "-", count: 2 },
      { from: "…", to: "...", count: 1 },
    ]);
  });

  it.each([
    ["a letter of 150 characters", "I’ll be there at nine o’clock – promise… ".repeat(4).slice(0, 150), 3, 1],
    ["1,600 characters with one quote", `${"a".repeat(1_599)}’`, 24, 11],
    ["an emoji, which nothing replaces", `“${"a".repeat(98)}”👍`, 2, 2],
    ["no need", "a".repeat(161), 2, 2],
  ])("costs what Twilio's smart encoding would cost: %s", (_, text, before, after) => {
    expect([segments(text).segments, segments(smartEncode(text).text).segments]).toEqual([before, after]);
  });

  it("replaces only what GSM-7 lacks, by what it has, and leaves nothing to replace", { timeout: 60_000 }, () => {
    // Every character of the first plane, by the judge's own table.
    for (let code = 0; code < 0xd800; code += 1) {
      const char = String.fromCharCode(code);
      const { text, replaced } = smartEncode(char);
      if (replaced.length === 0) expect(text).toBe(char);
      else expect([char, names(`a${char}`), names(`a${text}`)]).toEqual([char, "UCS-2", "GSM-7"]);
    }
  });

  it("keeps every other character, and twice is once", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = smartEncode(text);
        expect(smartEncode(once.text)).toEqual({ text: once.text, replaced: [] });
        let back = once.text.length;
        for (const { from, to, count } of once.replaced) back += count * (from.length - to.length);
        expect(back).toBe(text.length);
      }),
    );
  });
});

function names(text: string): string {
  return new SegmentedMessage(text).encodingName;
}
