import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "../../src/twilio/split.ts";

describe("splitText", () => {
  it.each([
    ["a short text stays whole", "Hello there", 20, ["Hello there"]],
    ["nothing gives nothing", "  ", 20, []],
    ["between paragraphs", "First one.\n\nSecond one, longer.", 22, ["First one.", "Second one, longer."]],
    ["after a sentence rather than a word", "It is done. See you soon", 20, ["It is done.", "See you soon"]],
    ["between words", "one two three four", 9, ["one two", "three", "four"]],
    ["inside a word when there is nothing else", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["around an emoji", "abc👍👍", 4, ["abc", "👍👍"]],
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
});
