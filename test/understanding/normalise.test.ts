import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/languages/catalog.ts";
import { getLexicon, getSpellingKeys } from "../../src/understanding/lexicon.ts";
import { foldAccents, listSpellings, normaliseText, splitWords } from "../../src/understanding/normalise.ts";
import { parseYesOrNo } from "../../src/understanding/yes-no.ts";

describe("normalising", () => {
  it.each([
    ["  Hello,   World!! ", "hello, world"],
    ["२ १", "2 1"],
    ["٣", "3"],
    ["２", "2"],
    ["2️⃣", "2"],
    ["🔟", "10"],
    ["“That’s it”", "that's it"],
    ["!!!", ""],
    ["🇫🇷!", "🇫🇷"],
  ])("makes %j %j", (text, plain) => {
    expect(normaliseText(text)).toBe(plain);
  });

  it("again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
    );
  });

  it("and all that follows takes time in proportion to the text, whatever it is", () => {
    const long = `a${"⁗".repeat(200_000)}a`;
    expect(normaliseText(long).length).toBe(800_002);
    for (const each of ["'", "a'", "1.", "1.1", "p. ", "\u200D", "🍕\u200D", "a-", "\u0301", " no"])
      expect(splitWords(listSpellings(each.repeat(100_000))[0] ?? "").length).toBeGreaterThanOrEqual(0);
  });
});

it.each([
  ["Größe", ["grosse", "groesse"]],
  ["sí", ["si"]],
  ["पाँच", ["पांच"]],
  ["ज़रूर", ["जरूर"]],
  ["œuf", ["oeuf"]],
])("%j may be spelled %j", (text, all) => {
  expect(listSpellings(text)).toEqual(all);
});

it.each([
  ["7 p.m.", ["7", "pm"]],
  ["7:30pm", ["7.30pm"]],
  ["8,00", ["8"]],
  ["1.000", ["1.000"]],
  ["don't", ["dont"]],
  ["l'option", ["l", "option"]],
  ["a🍕b👍", ["a", "🍕", "b", "👍"]],
  ["a+ c# $5", ["a", "+", "c", "#", "$", "5"]],
  ["b- pick-up", ["b", "-", "pick", "up"]],
])("the words of %j are %j", (text, words) => {
  expect(splitWords(foldAccents(text))).toEqual(words);
});

describe.each(Object.values(LANGUAGES))("in $name", (language) => {
  const { words } = language;

  it.each(["yes", "no", "unsure"] as const)("every %s of the language is one", (kind) => {
    const meant = { yes: true, no: false, unsure: null }[kind];
    for (const phrase of words[kind]) expect(parseYesOrNo(phrase, language), phrase).toBe(meant);
  });

  it.each(["numbers", "ordinals"] as const)("every word of %s stands for one number only", (kind) => {
    const keys = words[kind].map((each) => new Set(each.flatMap(getSpellingKeys)));
    const twice = keys.flatMap((each, index) =>
      [...each].filter((key) => keys.some((other, at) => at !== index && other.has(key))),
    );
    expect(twice).toEqual([]);
  });

  it("no word of a yes or no is a number", () => {
    const both = [...getLexicon(language).meanings].filter(
      ([, { polarity, number, place }]) => polarity !== undefined && (number ?? place) !== undefined,
    );
    expect(both.map(([key]) => key)).toEqual([]);
  });

  it("no phrase is more words than a person says", () => {
    expect(getLexicon(language).longest).toBeLessThanOrEqual(8);
  });
});
