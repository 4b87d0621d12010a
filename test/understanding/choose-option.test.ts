import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../src/languages/catalog.ts";
import { english } from "../../src/languages/en.ts";
import { chooseOption } from "../../src/understanding/choose-option.ts";
import { editDistance } from "../../src/understanding/edit-distance.ts";
import { normaliseText } from "../../src/understanding/normalise.ts";
import { readAnswers } from "../support/answers.ts";

const answers = readAnswers().filter(({ options }) => options.length > 0);

const PIECES = [
  "a",
  "no",
  "not ",
  " ",
  " or ",
  "2",
  "1.",
  "'",
  "-",
  "#",
  "+",
  "👍",
  "\u200D",
  "\uFE0F",
  "🇫",
  "ß",
  "हाँ",
  "\u0301",
  "\u0000",
];

const word = fc.stringMatching(/^[a-zäéñß]{1,12}$/u);
const label = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
const labels = fc.uniqueArray(label, { selector: normaliseText, minLength: 1, maxLength: 20 });
const language = fc.constantFrom(...Object.values(LANGUAGES));

function optionsOf(all: readonly string[]): readonly { readonly label: string }[] {
  return all.map((each) => ({ label: each }));
}

describe("choosing", () => {
  it("chooses the exact label, whatever the others are", () => {
    fc.assert(
      fc.property(labels, fc.nat(), language, (all, pick, spoken) => {
        const index = pick % all.length;
        expect(chooseOption(all[index] ?? "", optionsOf(all), spoken)).toEqual({ kind: "chosen", index });
      }),
    );
  });

  it("reads digits as the option's number, whatever the labels contain", () => {
    const spoken = fc.constantFrom("Table for one", "2 people", "Plan 3", "Two or three", "3rd floor", "1.5 l", "7 pm");
    const form = fc.constantFrom("%", " %. ", "%)", "(%)", "%!", "% please", "ok %");
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 3, maxLength: 9 }), fc.nat(), form, (all, pick, written) => {
        const index = pick % all.length;
        const text = written.replace("%", String(index + 1));
        expect(chooseOption(text, optionsOf(all), english), text).toEqual({ kind: "chosen", index });
      }),
    );
  });

  it("takes a number for the option's, where labels have none", () => {
    const named = fc.uniqueArray(fc.stringMatching(/^[b-df-hj-np-tv-xz]{4,12}$/u), { minLength: 1, maxLength: 20 });
    const form = fc.constantFrom("%", " %. ", "%)", "#%", "(%)", "option %", "%!");
    fc.assert(
      fc.property(named, fc.nat(), form, (all, pick, written) => {
        const index = pick % all.length;
        const text = written.replace("%", String(index + 1));
        expect(chooseOption(text, optionsOf(all), english)).toEqual({ kind: "chosen", index });
      }),
    );
  });

  it("does not mind capitals, spaces and punctuation around", () => {
    const around = fc.constantFrom(
      ["", "."],
      [" ", "!!"],
      ['"', '"'],
      ["(", ")"],
      ["\n", " \t"],
      ["“", "”"],
      ["- ", "…"],
    );
    fc.assert(
      fc.property(fc.constantFrom(...answers), around, fc.boolean(), (answer, [before, after], loud) => {
        fc.pre(!/[+#$%?-]/u.test(answer.text) && !answer.options.some((each) => /[-+#]/u.test(each)));
        const options = optionsOf(answer.options);
        // Capitals can change letters ("ß" becomes "SS"), so the test requires only that they choose the same option.
        const text = `${before}${loud ? answer.text.toUpperCase() : answer.text}${after}`;
        expect(chooseOption(text, options, answer.language), text).toEqual(
          chooseOption(answer.text, options, answer.language),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it("never chooses between two labels that are equally far from the text", () => {
    const letters = fc.stringMatching(/^[bcdfgl]{4,9}$/u);
    fc.assert(
      fc.property(letters, letters, letters, (said, one, other) => {
        const apart = editDistance(said, one, 20);
        fc.pre(
          apart > 0 && apart === editDistance(said, other, 20) && !one.startsWith(said) && !other.startsWith(said),
        );
        expect(chooseOption(said, optionsOf([one, other]), english).kind).not.toBe("chosen");
      }),
      { numRuns: 500 },
    );
  });

  it("never takes one changed letter for one of two labels that both are one letter away", () => {
    const change = fc.tuple(
      fc.stringMatching(/^[bcdfg]{4,12}$/u),
      fc.nat(),
      fc.constantFrom("m", "n"),
      fc.constantFrom("p", "q"),
    );
    fc.assert(
      fc.property(change, ([base, at, one, other]) => {
        const place = at % base.length;
        const put = (letter: string): string => base.slice(0, place) + letter + base.slice(place + 1);
        expect(chooseOption(base, optionsOf([put(one), put(other)]), english)).toEqual({
          kind: "which",
          indexes: [0, 1],
        });
      }),
    );
  });

  it("does not throw, and chooses only what is there", () => {
    const anything = fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 30 });
    fc.assert(
      fc.property(anything, fc.array(anything, { minLength: 1, maxLength: 6 }), language, (text, all, spoken) => {
        const choice = chooseOption(text, optionsOf(all), spoken);
        if (choice.kind === "chosen") expect(all[choice.index]).toBeDefined();
        if (choice.kind === "which") expect(choice.indexes.length).toBeGreaterThan(1);
      }),
    );
  });

  it("knows an option by its value too, but a number by what people see", () => {
    const options = [
      { label: "Large", value: "2" },
      { label: "Huge", value: "xxl" },
      { label: "Box", value: "big" },
    ];
    expect(chooseOption("XXL", options, english)).toEqual({ kind: "chosen", index: 1 });
    expect(chooseOption("2", options, english)).toEqual({ kind: "chosen", index: 1 });
    expect(chooseOption("3", options, english)).toEqual({ kind: "chosen", index: 2 });
    expect(chooseOption("big", options, english)).toEqual({ kind: "chosen", index: 2 });
  });

  it("asks where labels are the same", () => {
    expect(chooseOption("tea", optionsOf(["Tea", "tea", "Coffee"]), english)).toEqual({
      kind: "which",
      indexes: [0, 1],
    });
    expect(chooseOption("2", optionsOf(["Tea", "tea", "Coffee"]), english)).toEqual({ kind: "chosen", index: 1 });
  });
});

describe("the distance of two words", () => {
  it.each([
    ["", "", 0],
    ["margherita", "margherita", 0],
    ["margerita", "margherita", 1],
    ["fnughi", "funghi", 1],
    ["ca", "abc", 3],
    ["kitten", "sitting", 3],
    ["abcd", "badc", 2],
  ])("of %j and %j is %i", (a, b, apart) => {
    expect(editDistance(a, b, 5)).toBe(apart);
    expect(editDistance(b, a, 5)).toBe(apart);
    if (apart > 0) expect(editDistance(a, b, apart - 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is what the definition says, or too far", () => {
    const short = fc.array(fc.constantFrom("a", "b", "c", "é"), { maxLength: 6 }).map((letters) => letters.join(""));
    fc.assert(
      fc.property(short, short, fc.integer({ min: 0, max: 4 }), (a, b, limit) => {
        const apart = byDefinition(a, b);
        expect(editDistance(a, b, limit)).toBe(apart > limit ? Number.POSITIVE_INFINITY : apart);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Counts letters that are left out, added, replaced or swapped with a neighbour, at the minimum. */
function byDefinition(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const ways = [
    byDefinition(restA, b) + 1,
    byDefinition(a, restB) + 1,
    byDefinition(restA, restB) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    ways.push(byDefinition(a.slice(2), b.slice(2)) + 1);
  return Math.min(...ways);
}
