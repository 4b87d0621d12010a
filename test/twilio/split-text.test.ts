import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "../../src/twilio/split-text.ts";

describe("splitText", () => {
  it.each([
    ["a short text stays whole", "Hello there", 20, ["Hello there"]],
    ["nothing gives nothing", "  ", 20, []],
    ["between paragraphs", "First one.\n\nSecond one, longer.", 22, ["First one.", "Second one, longer."]],
    ["after a sentence rather than a word", "It is done. See you soon", 20, ["It is done.", "See you soon"]],
    ["between words", "one two three four", 9, ["one two", "three", "four"]],
    ["inside a word when there is nothing else", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["around an emoji", "abc👍👍", 4, ["abc", "👍👍"]],
    ["around a family", "abc👨‍👩‍👧d", 10, ["abc", "👨‍👩‍👧d"]],
    ["around a letter with its accent", "abce\u0301f", 4, ["abc", "e\u0301f"]],
    ["inside a family that is longer than the room, between its members", "👨‍👩‍👧‍👦", 4, ["👨‍", "👩‍", "👧‍", "👦"]],
    ["between flags", "🇩🇪🇫🇷🇮🇹", 6, ["🇩🇪", "🇫🇷", "🇮🇹"]],
    ["never at a space that carries an accent", "abcd \u0301efgh", 7, ["abcd \u0301e", "fgh"]],
    ["before a link", "See https://example.com/a-long-way", 30, ["See", "https://example.com/a-long-way"]],
    ["before a word that fits", "a abcdefghijklmnopqr", 19, ["a", "abcdefghijklmnopqr"]],
    ["between links", "https://a.example/1 https://b.example/2", 21, ["https://a.example/1", "https://b.example/2"]],
    ["before a link in brackets", "(see:https://a.example/1)", 21, ["(see:", "https://a.example/1)"]],
    ["a link that is longer than the room", "https://a.example/12345", 10, ["https://a.", "example/12", "345"]],
    [
      "after a sentence that has no space",
      "今天天气很好。我们去公园，好吗",
      13,
      ["今天天气很好。", "我们去公园，好吗"],
    ],
    ["after a clause that has no space", "今天天气很好我们，去公园好吗", 12, ["今天天气很好我们，", "去公园好吗"]],
    ["after a quoted sentence", "She said “Go.” Then she left.", 20, ["She said “Go.”", "Then she left."]],
  ])("cuts: %s", (_, text, room, pieces) => {
    expect(splitText(text, room)).toEqual(pieces);
  });

  it("keeps every character but white space, in pieces that fit and hold whole characters", () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(" ", "\n", "\n\n", ". ", "👩‍👩‍👧")))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 40 }), (whole, room) => {
        const pieces = splitText(whole, room);
        expect(pieces.join("").replace(/\s/gu, "")).toBe(whole.replace(/\s/gu, ""));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(room);
          expect(piece).not.toBe("");
          expect(piece.isWellFormed()).toBe(whole.isWellFormed());
        }
      }),
    );
  });

  it("cuts no character in two that fits", () => {
    const parts = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 4 }),
      fc.constantFrom(
        " ",
        "\n",
        "👍🏽",
        "👩‍👩‍👧",
        "🇩🇪",
        "e\u0301",
        " \u0301",
        "नि",
        "한",
        "\r\n",
        `Z${"\u0300".repeat(50)}`,
      ),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), fc.integer({ min: 8, max: 40 }), (all, room) => {
        const whole = all.join("").trim();
        const graphemes = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(whole)];
        for (const cut of cutsOf(whole, splitText(whole, room))) {
          const { index, segment } = graphemes.findLast(({ index: start }) => start <= cut) ?? {
            index: 0,
            segment: "",
          };
          expect(cut === index || cut >= index + segment.length || segment.length > room).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("cuts no link in two that fits", () => {
    const link = fc
      .tuple(fc.constantFrom("https://", "http://", "HTTPS://"), fc.stringMatching(/^[a-z0-9./?&=#%_~-]{1,70}$/u))
      .map(([scheme, rest]) => `${scheme}a${rest}`);
    const word = fc.stringMatching(/^[a-zé👍.,!?]{1,30}$/u);
    const text = fc.array(fc.oneof(link, word), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 80 }), (words, room) => {
        const pieces = splitText(words.join(" "), room);
        for (const each of words) {
          if (each.length <= room) expect(pieces.some((piece) => piece.split(/\s/u).includes(each))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("makes not many more pieces than there must be", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), fc.integer({ min: 30, max: 60 }), (whole, room) => {
        expect(splitText(whole, room).length).toBeLessThanOrEqual(2 + Math.ceil((3 * whole.length) / room));
      }),
    );
  });

  it("takes no time over the longest answer, whatever it is made of", () => {
    for (const unit of ["a", " ", "\n", "。", "👍", "https://a", "\u0301", ". "]) {
      const text = `x${unit.repeat(50_000 / unit.length)}x`;
      const began = performance.now();
      splitText(text, 1_600);
      expect(performance.now() - began).toBeLessThan(500);
    }
  });
});

/** The positions of the pieces in the whole text. */
function cutsOf(whole: string, pieces: readonly string[]): readonly number[] {
  let position = 0;
  return pieces.flatMap((piece) => {
    const start = whole.indexOf(piece, position);
    expect(whole.slice(position, start).trim()).toBe("");
    position = start + piece.length;
    return [start, position];
  });
}
