import * as fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { segments } from "../../src/twilio/segments.ts";

describe("segments", () => {
  test.each([
    ["", "GSM-7", 1, 0],
    ["a".repeat(160), "GSM-7", 1, 160],
    ["a".repeat(161), "GSM-7", 2, 161],
    ["a".repeat(306), "GSM-7", 2, 306],
    ["a".repeat(307), "GSM-7", 3, 307],
    ["€".repeat(80), "GSM-7", 1, 160],
    [`${"€".repeat(80)}a`, "GSM-7", 2, 161],
    // 153 is odd: the extension character that would be cut apart opens the second segment.
    [`${"a".repeat(152)}${"€".repeat(77)}`, "GSM-7", 3, 306],
    ["ж".repeat(70), "UCS-2", 1, 70],
    ["ж".repeat(71), "UCS-2", 2, 71],
    ["😀".repeat(35), "UCS-2", 1, 70],
    ["😀".repeat(36), "UCS-2", 2, 72],
    ["`", "UCS-2", 1, 1],
    ["ç", "UCS-2", 1, 1],
    ["Ç", "GSM-7", 1, 1],
  ])("%j", (text, encoding, count, units) => {
    expect(segments(text)).toEqual({ encoding, segments: count, units });
  });

  test("counts as Twilio's own calculator does", () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom(...ALPHABETS), fc.integer({ min: 1, max: 60 })), { maxLength: 5 })
      .chain((runs) => fc.tuple(...runs.map(([letters, length]) => run(letters, length))))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (sample) => {
        const judge = new SegmentedMessage(sample);
        const counted = segments(sample);
        expect([counted.encoding, counted.segments]).toEqual([judge.encodingName, judge.segmentsCount]);
      }),
      { numRuns: 20_000 },
    );
  }, 120_000);

  test("a heap of accents longer than a segment is cut, not lost", () => {
    expect(segments(`a${"\u0301".repeat(200)}`)).toEqual({ encoding: "UCS-2", segments: 3, units: 201 });
  });
});

const GSM = Array.from("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./019:;<=>?¡AZÄÖÑÜ§¿azäöñüà");
const EXTENSION = Array.from("\f^{}\\[~]|€");
const EMOJI = ["😀", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "1️⃣", "🏴"];
const COMBINING = ["e\u0301", "a\u0308\u0301", "नि", "한", "각", "\u200d", "ก็"];
const ODD = ["\r\n", "\u0000", "\ud83d", "\ude00", "`", "ж", "“", "\u00a0"];
const ALPHABETS = [
  GSM,
  GSM,
  EXTENSION,
  [...GSM, ...EXTENSION],
  EMOJI,
  COMBINING,
  ODD,
  [...GSM, ...EMOJI, ...COMBINING],
];

function run(letters: readonly string[], length: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((all) => all.join(""));
}
