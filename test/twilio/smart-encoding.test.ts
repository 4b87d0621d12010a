import fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { measureSegments } from "../../src/twilio/segments.ts";
import { encodeIfCheaper, smartEncode } from "../../src/twilio/smart-encoding.ts";

const PIECE = fc.constantFrom(
  ..."“|”|…|–|don’t |\u200b|\ufeff|•|\ufe0f|👍🏽|‼️|\u0085|\u0301|https://|www.|example.com/|a–b|-|:|/|x ".split("|"),
  "a".repeat(40),
);

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
    expect([measureSegments(text).segments, measureSegments(smartEncode(text).text).segments]).toEqual([before, after]);
  });

  it.each([
    ["https://example.com/caf–é…", "https://example.com/caf–é…"],
    ["“https://example.com/a–b” – see…", '"https://example.com/a–b" - see...'],
    ["http://x.example/don’t—stop\u00a0– ok", "http://x.example/don’t—stop - ok"],
    ["WWW.example.com/a–b – c", "WWW.example.com/a–b - c"],
    ["example.com/a–b, bücher.example/c–d – e", "example.com/a–b, bücher.example/c–d - e"],
    ["mailto:o’neil@example.com – x", "mailto:o’neil@example.com - x"],
    ["app://open/a–b – c", "app://open/a–b - c"],
    ["Well…so – 3/4 of it", "Well...so - 3/4 of it"],
  ])("leaves links as they are: %j", (text, encoded) => {
    expect(smartEncode(text).text).toBe(encoded);
  });

  it.each(["‼️", "⁉️", "▪️", "a•\u0301", "👨‍👩‍👧", "1️⃣"])("leaves %j as it is, which is one character", (text) => {
    expect(smartEncode(text)).toEqual({ text, replaced: [] });
  });

  it("replaces only what GSM-7 lacks, by what it has, and leaves nothing to replace", { timeout: 60_000 }, () => {
    // Every character of the first plane, by the reference library's own table.
    for (let code = 0; code < 0xd800; code += 1) {
      const char = String.fromCharCode(code);
      const { text, replaced } = smartEncode(char);
      if (replaced.length === 0) expect(text).toBe(char);
      else expect([char, names(`a${char}`), names(`a${text}`)]).toEqual([char, "UCS-2", "GSM-7"]);
    }
  });

  it("keeps every other character, and twice is once", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.array(PIECE).map((all) => all.join("")),
        ),
        (text) => {
          const once = smartEncode(text);
          expect(smartEncode(once.text)).toEqual({ text: once.text, replaced: [] });
          let back = once.text.length;
          for (const { from, to, count } of once.replaced) back += count * (from.length - to.length);
          expect(back).toBe(text.length);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("does not take long for a long word", () => {
    expect(smartEncode("a".repeat(100_000)).replaced).toEqual([]);
  });
});

describe("encodeIfCheaper", () => {
  const ROOM = 1_600;

  it("replaces characters if that takes fewer segments", () => {
    const text = `“${"a".repeat(98)}”`;
    expect(encodeIfCheaper(text, ROOM)).toEqual(smartEncode(text));
    expect(encodeIfCheaper(text, ROOM).replaced).toHaveLength(2);
  });

  it.each([
    ["one segment is one segment", "Don’t – please…"],
    ["UCS-2 all the same", `“${"a".repeat(98)}” 👍`],
    ["UCS-2 all the same, though shorter", `${"\u200b".repeat(70)}ж`],
    ["UCS-2 all the same, for its link", `“${"a".repeat(98)}” https://example.com/a–b`],
    ["GSM-7, and not cheaper", "…".repeat(200)],
    ["longer than the room", `${"a".repeat(1_599)}…`],
    ["nothing to replace", "a".repeat(161)],
    ["nothing", ""],
  ])("leaves a text as it was written: %s", (_, text) => {
    expect(encodeIfCheaper(text, ROOM)).toEqual({ text, replaced: [] });
  });

  it("changes a text only to make it cheaper, and keeps it within its room", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.array(PIECE, { maxLength: 120 }), fc.integer({ min: 70, max: ROOM }), (pieces, room) => {
        const text = pieces.join("");
        const smart = encodeIfCheaper(text, room);
        if (smart.replaced.length === 0) {
          expect(smart.text).toBe(text);
          return;
        }
        expect(measureSegments(smart.text).segments).toBeLessThan(measureSegments(text).segments);
        expect(names(smart.text)).toBe("GSM-7");
        expect(smart.text.length).toBeLessThanOrEqual(room);
      }),
      { numRuns: 2_000 },
    );
  });
});

function names(text: string): string {
  return new SegmentedMessage(text).encodingName;
}
