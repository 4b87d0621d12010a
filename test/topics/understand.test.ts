import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseOption, createFinder, normalise, yesOrNo } from "../../src/topics/understanding/old.ts";

describe("chooseOption", () => {
  const options = [{ label: "Boat" }, { label: "A car", value: "car" }, { label: "7", value: "seven" }];

  it.each([
    ["1", 0],
    ["1.", 0],
    [" 2) ", 1],
    ["#2", 1],
    ["no. 2", 1],
    ["option 3", 2],
    ["boat", 0],
    ["BOAT!", 0],
    ["a  car", 1],
    ["Car", 1],
    ["7", 2],
    ["２", 1],
    ["2️⃣", 1],
    ["“Boat”", 0],
  ])("%j chooses option %i", (text, index) => {
    expect(chooseOption(text, options)).toBe(index);
  });

  it.each(["", "0", "4", "8", "12", "1.5", "boats", "the boat", "1 2", "👍", "\u0000"])("%j chooses none", (text) => {
    expect(chooseOption(text, options)).toBeNull();
  });

  it("finds every option by its number and by its label", () => {
    const labels = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(labels, fc.nat(), (all, pick) => {
        const index = pick % all.length;
        const some = all.map((label) => ({ label }));
        expect(chooseOption(String(index + 1), some)).toBe(index);
        expect(chooseOption(`${all[index]?.toUpperCase()}.`, some)).toBe(index);
      }),
    );
  });
});

describe("yesOrNo", () => {
  it.each([
    "y",
    "Yes",
    "YES!",
    "yep 👍",
    "👍🏽",
    "Yes, please",
    "ok thanks",
    "sure",
    "of course!",
    "that’s right",
    "✔️",
    "yes yes",
  ])("%j is a yes", (text) => {
    expect(yesOrNo(text)).toBe(true);
  });

  it.each(["n", "No", "nope.", "👎", "no thanks", "No, thank you", "not now", "don't", "❌", "nah 👎"])(
    "%j is a no",
    (text) => {
      expect(yesOrNo(text)).toBe(false);
    },
  );

  it.each([
    "",
    "maybe",
    "yes and no",
    "👍👎",
    "no idea",
    "not sure",
    "yesterday",
    "please",
    "thanks",
    "1",
    "I know",
    "?",
  ])("%j is neither", (text) => {
    expect(yesOrNo(text)).toBeNull();
  });
});

describe("a finder", () => {
  const topics = [
    { id: "order", keywords: ["order", "my order"] },
    { id: "track", keywords: ["track", "where is my order"] },
    { id: "pizza", keywords: ["🍕"] },
  ];

  it.each([
    ["order", "order"],
    ["Order!", "order"],
    ["I want to ORDER something", "order"],
    ["hey, where is my order?", "track"],
    ["🍕", "pizza"],
    ["one 🍕 please", "pizza"],
  ])("%j finds %s", (text, id) => {
    expect(createFinder(topics).find(text)).toBe(id);
  });

  it.each(["", "orders", "disorder", "backtracking", "hello", "!!!"])("%j finds none", (text) => {
    expect(createFinder(topics).find(text)).toBeNull();
  });

  it("in a menu counts only the whole text", () => {
    expect(createFinder(topics).exact("Track.")).toBe("track");
    expect(createFinder(topics).exact("track it")).toBeNull();
  });
});

it("normalising again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(normalise(normalise(text))).toBe(normalise(text));
    }),
  );
});

it("normalising takes time in proportion to the text, whatever it is", () => {
  const long = `a${"⁗".repeat(200_000)}a`;
  expect(normalise(long).length).toBe(800_002);
});
