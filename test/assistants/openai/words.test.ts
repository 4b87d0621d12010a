import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepWholeSentences } from "../../../src/assistants/openai/sentences.ts";
import { estimateTokens } from "../../../src/assistants/openai/token-estimate.ts";

describe("whole sentences", () => {
  it.each([
    ["It is open. You can come at", 100, "It is open."],
    ["It costs 3.50 dollars. It is", 100, "It costs 3.50 dollars."],
    ["Is it? Yes! No", 100, "Is it? Yes!"],
    ['She said "Yes." And then', 100, 'She said "Yes."'],
    ["See https://example.com/a.b", 100, "See…"],
    ["开门。现在可以来", 100, "开门。"],
    ["यह खुला है। आप आ", 100, "यह खुला है।"],
    ["- bread\n- milk\n- but", 100, "- bread\n- milk"],
    ["One two three", 9, "One two…"],
    ["One. Two. Three.", 9, "One. Two."],
    ["One. Two.com", 9, "One."],
    ["Donaudampfschifffahrt", 9, "Donaudam…"],
    ["🙂🙂🙂", 4, "🙂…"],
    ["", 9, ""],
    ["   ", 9, ""],
  ])("%j within %i is %j", (text, characters, wanted) => {
    expect(keepWholeSentences(text, characters)).toBe(wanted);
  });

  it("are never longer than wanted, and never broken", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.nat(60), (text, characters) => {
        const said = keepWholeSentences(text, characters);
        expect(said.length).toBeLessThanOrEqual(characters);
        expect(said.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("the estimate of tokens", () => {
  it.each([
    ["", 0],
    ["abc", 1],
    ["ab d", 2],
    ["70013", 3],
    ["?!", 2],
    ["привет", 6],
    ["你好", 3],
    ["🙂", 2],
  ])("of %j is %i", (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  it("is a third of the characters at least, which bounds what is remembered", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(estimateTokens(text) * 3).toBeGreaterThanOrEqual(text.length);
      }),
    );
  });
});
