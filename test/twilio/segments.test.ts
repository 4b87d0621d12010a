import * as fc from "fast-check";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, test } from "vitest";
import { fillSegments, measureSegments } from "../../src/twilio/segments.ts";
import { readRunCount } from "../support/extent.ts";

const RUNS = readRunCount("SEGMENTS_RUNS", { short: 1_500, full: 10_000 });

describe("segments", () => {
  test.each([
    ["", "GSM-7", 1, 0],
    ["a".repeat(160), "GSM-7", 1, 160],
    ["a".repeat(161), "GSM-7", 2, 161],
    ["a".repeat(306), "GSM-7", 2, 306],
    ["a".repeat(307), "GSM-7", 3, 307],
    ["€".repeat(80), "GSM-7", 1, 160],
    [`${"€".repeat(80)}a`, "GSM-7", 2, 161],
    // 153 is odd, so the extension character that would be split opens the second segment.
    [`${"a".repeat(152)}${"€".repeat(77)}`, "GSM-7", 3, 306],
    ["ж".repeat(70), "UCS-2", 1, 70],
    ["ж".repeat(71), "UCS-2", 2, 71],
    ["😀".repeat(35), "UCS-2", 1, 70],
    ["😀".repeat(36), "UCS-2", 2, 72],
    ["`", "UCS-2", 1, 1],
    ["ç", "UCS-2", 1, 1],
    ["Ç", "GSM-7", 1, 1],
  ])("%j", (text, encoding, count, units) => {
    expect(measureSegments(text)).toEqual({ encoding, segments: count, units });
  });

  test(`counts as Twilio's own calculator does, and never less than the units need: ${RUNS} texts`, () => {
    const text = fc
      .array(fc.tuple(fc.constantFrom(...ALPHABETS), fc.integer({ min: 1, max: 60 })), { maxLength: 5 })
      .chain((runs) => fc.tuple(...runs.map(([letters, length]) => run(letters, length))))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (sample) => {
        const judge = new SegmentedMessage(sample);
        const counted = measureSegments(sample);
        expect(counted.encoding).toBe(judge.encodingName);
        if (isJudgeOutdated(judge, sample)) expect(counted.segments).toBeGreaterThanOrEqual(leastSegments(sample));
        else expect(counted.segments).toBe(judge.segmentsCount);
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  // SMS itself requires only 67 units in a segment and whole surrogate pairs. Twilio's calculator also keeps graphemes
  // whole, by Unicode 10; ours uses the current Unicode version. Without graphemes, two segments would suffice here.
  test.each([
    ["a hand of Unicode 14 in a colour", "🫶🏽", 4],
    ["hair of Unicode 11", "👩‍🦰", 5],
    ["a conjunct, one character since Unicode 15.1", "क्ष", 3],
  ])("keeps whole what its calculator does not know yet: %s", (_, sequence, length) => {
    expect(sequence).toHaveLength(length);
    const sample = `${"ж".repeat(66)}${sequence}${"ж".repeat(67 - length + 1)}`;
    expect(isJudgeOutdated(new SegmentedMessage(sample), sample)).toBe(true);
    expect(measureSegments(sample)).toEqual({ encoding: "UCS-2", segments: 3, units: 134 });
  });

  test("a heap of accents longer than a segment is cut, not lost", () => {
    expect(measureSegments(`a${"\u0301".repeat(200)}`)).toEqual({ encoding: "UCS-2", segments: 3, units: 201 });
  });
});

const GSM = Array.from("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./019:;<=>?¡AZÄÖÑÜ§¿azäöñüà");
const EXTENSION = Array.from("\f^{}\\[~]|€");
const EMOJI = ["😀", "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "1️⃣", "🏴"];
const COMBINING = ["e\u0301", "a\u0308\u0301", "नि", "한", "각", "\u200d", "ก็"];
const ODD = ["\r\n", "\u0000", "\ud83d", "\ude00", "`", "ж", "“", "\u00a0"];
const NEW = ["🥰", "🧑‍🚀", "👩‍🦰", "🫶🏽", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "क्ष", "🩷"];
const ALPHABETS = [
  GSM,
  GSM,
  EXTENSION,
  [...GSM, ...EXTENSION],
  EMOJI,
  COMBINING,
  ODD,
  [...GSM, ...EMOJI, ...COMBINING],
  [...GSM, ...NEW],
];

function run(letters: readonly string[], length: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((all) => all.join(""));
}

/** Excludes texts that the reference library splits into other graphemes than the current Unicode version. */
function isJudgeOutdated({ graphemes }: SegmentedMessage, text: string): boolean {
  const today = Array.from(
    new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text),
    (one) => one.segment,
  );
  // A line break of CR and LF is two characters of an SMS.
  const characters = today.flatMap((one) => (one === "\r\n" ? ["\r", "\n"] : [one]));
  return graphemes.length !== characters.length || graphemes.some((one, index) => one !== characters[index]);
}

/** The segments of a UCS-2 text if only surrogate pairs stay whole. */
function leastSegments(text: string): number {
  if (text.length <= 70) return 1;
  let [count, used] = [1, 0];
  for (const { length } of text) {
    [count, used] = used + length > 67 ? [count + 1, length] : [count, used + length];
  }
  return count;
}

describe("the last segment", () => {
  test.each([
    ["", 1, 160],
    ["a".repeat(160), 1, 0],
    ["a".repeat(161), 2, 145],
    ["€".repeat(80), 1, 0],
    [`${"a".repeat(152)}€${"a".repeat(10)}`, 2, 141],
    ["я".repeat(70), 1, 0],
    ["я".repeat(71), 2, 63],
    ["😀".repeat(35), 1, 0],
    ["😀".repeat(36), 2, 61],
  ])("of text %# still takes the units that are left", (text, count, left) => {
    expect(fillSegments(text)).toMatchObject({ segments: count, left });
  });
});
