import { describe, expect, it } from "vitest";
import { findLanguage, LANGUAGES } from "../../src/languages/catalog.ts";
import { MESSAGE_NAMES } from "../../src/languages/language.ts";
import { createTemplateRenderer } from "../../src/templates/template.ts";
import { measureSegments } from "../../src/twilio/segments.ts";

const languages = Object.entries(LANGUAGES);
const templates = createTemplateRenderer();

/** A name of usual length, and all optional variables. */
const full = {
  application: { name: "Northwind" },
  opens: "25/12 9:00",
  holiday: "Xmas",
  limit: "5 MB",
  count: 12,
  words: "MENU, AGENT, BACK, EXIT",
  lists: [
    { title: "News", on: true, asked: false },
    { title: "Offers", on: false, asked: false },
  ],
  list: "News",
  number: 1,
  code: "123456",
  exit: "EXIT",
  person: { name: "Ada Example" },
};
/** Only the variables that are always present. */
const bare = {
  application: full.application,
  count: 1,
  words: full.words,
  lists: [{ title: "News", on: false, asked: true }],
  list: "News",
  number: 1,
  code: full.code,
};

describe.each(languages)("%s", (code, language) => {
  it("has its own code", () => {
    expect(language.code).toBe(code);
  });

  it.each(MESSAGE_NAMES)("says %s in one segment", (name) => {
    const text = templates.render(language.messages[name], full);
    expect(measureSegments(text).segments, `${text} ${JSON.stringify(measureSegments(text))}`).toBe(1);
  });

  it.each(MESSAGE_NAMES)("says %s without a hole where nothing optional is known", (name) => {
    const text = templates.render(language.messages[name], bare);
    expect(text).toMatch(/\S/u);
    expect(text).not.toMatch(/ {2}|\(\)|: ?\.|^\s|\s$| [.,]|\{/u);
  });

  it("uses what it may", () => {
    const { messages } = language;
    expect(templates.render(messages.outOfHours, full)).toContain(full.opens);
    expect(templates.render(messages.holiday, full)).toContain(full.holiday);
    expect(templates.render(messages.fileTooLarge, full)).toContain(full.limit);
    expect(templates.render(messages.answerNumber, full)).toContain("12");
    expect(templates.render(messages.help, full)).toContain(full.words);
    expect(templates.render(messages.lists, full)).toMatch(/\n1\. News.*\n2\. Offers/u);
    expect(templates.render(messages.whichList, full)).toMatch(/\n1\. News\n2\. Offers$/u);
    expect(templates.render(messages.subscribed, full)).toMatch(/News.*STOP 1/u);
    expect(templates.render(messages.unsubscribed, full)).toMatch(/News.*START 1/u);
    expect(templates.render(messages.confirmSubscription, full)).toContain("News");
    expect(templates.render(messages.linkTextedCode, full)).toContain(full.code);
    expect(templates.render(messages.linkPin, full)).toContain(full.exit);
    expect(templates.render(messages.linked, full)).toContain(full.person.name);
  });

  it("can count to twenty, and order ten", () => {
    expect(language.words.numbers).toHaveLength(20);
    expect(language.words.ordinals.length).toBeGreaterThanOrEqual(10);
  });
});

describe("a language is found", () => {
  it.each([
    ["en", "en"],
    ["pt-BR", "pt"],
    ["PT", "pt"],
    ["hi-Deva-IN", "hi"],
    [" fr-CA ", "fr"],
  ])("by %j", (tag, code) => {
    expect(findLanguage(tag)?.code).toBe(code);
  });

  it.each(["", "xx", "e", "english", "__proto__", "constructor", "-en"])("not by %j", (tag) => {
    expect(findLanguage(tag)).toBeNull();
  });
});
