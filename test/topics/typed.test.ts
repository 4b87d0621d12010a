import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPatternMatch } from "../../src/topics/steps/pattern.ts";
import { topic } from "../support/chat.ts";
import { Talk } from "../support/talk.ts";

/**
 * @returns the saved value of an answer of this type, or the retry text if it does not fit; today is Monday, 2 March
 * 2026
 */
function answerQuestion(answer: object, text: string, language = "en"): readonly string[] {
  const ask = { kind: "ask", id: "ask", text: "Well?", answer, save: "it" };
  const talk = new Talk(
    [topic("main", { keywords: ["go"], steps: [ask, { kind: "end", id: "s", text: "{{ it }}" }] })],
    {},
    language,
  );
  talk.text("go");
  return talk.text(text);
}

describe("an answer of a type", () => {
  it.each([
    [{ is: "number" }, "12", "12"],
    [{ is: "number" }, "1,5", "1.5", "de"],
    [{ is: "number", units: ["people"] }, "4 people", "4"],
    [{ is: "number" }, "a few", "Please reply with a number, such as 12."],
    [{ is: "number", minimum: 1, maximum: 8, whole: true }, "9", "Please reply with a number, such as 12."],
    [{ is: "date" }, "tomorrow", "2026-03-03"],
    [{ is: "date" }, "5 de abril", "2026-04-05", "es"],
    [{ is: "date" }, "03/04", "Please reply with a date, such as March 25."],
    [{ is: "date" }, "03/04", "2026-04-03", "en-GB"],
    [{ is: "email" }, " Someone@Example.com. ", "Someone@example.com"],
    [{ is: "email" }, "someone at example", "That doesn't look like an email address. Please try again."],
    [{ is: "phone" }, "(202) 555-0140", "+12025550140"],
    [{ is: "phone", country: "GB" }, "020 7946 0018", "+442079460018"],
    [{ is: "phone" }, "12", "That doesn't look like a phone number. Please try again."],
    [{ is: "text", pattern: "AA-9999?" }, "ab-123", "ab-123"],
    [{ is: "text", pattern: "AA-9999?" }, "ab-12", "That doesn't have the right format. Please try again."],
  ])("%j takes %j as %j", (answer, said, kept, language = "en") => {
    expect(answerQuestion(answer, said, language)).toEqual([kept]);
  });

  it("can have a text for retries, and can ask for another topic instead", () => {
    const ask = {
      kind: "ask",
      id: "ask",
      text: "How many?",
      answer: { is: "number" },
      save: "it",
      retry: "In digits, please.",
    };
    const other = topic("other", { keywords: ["hours"], steps: [{ kind: "say", id: "a", text: "9 to 5." }] });
    const talk = new Talk([topic("main", { keywords: ["go"], steps: [ask] }), other]);
    talk.text("go");
    expect(talk.text("plenty")).toEqual(["In digits, please."]);
    expect(talk.text("hours")).toEqual(["9 to 5."]);
  });
});

describe("a pattern", () => {
  it.each([
    ["999", "123", true],
    ["999", "12", false],
    ["999", "1234", false],
    ["A9", "é7", true],
    ["*?*?*", "a", true],
    ["9?A", "a", true],
    ["X-99", "x-12", true],
    ["9?9?9?", "", true],
  ])("%s and %j: %s", (pattern, text, expected) => {
    expect(isPatternMatch(pattern, text)).toBe(expected);
  });

  it("never takes long, whatever the pattern is", () => {
    expect(isPatternMatch("*?".repeat(30), "a".repeat(100_000))).toBe(false);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }).filter((text) => !/[A9*?]/u.test(text)),
        (text) => {
          expect(isPatternMatch(text === "" ? "A?" : text, text)).toBe(text.trim() === text);
        },
      ),
    );
  });
});
