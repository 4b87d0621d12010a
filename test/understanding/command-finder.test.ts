import { describe, expect, it } from "vitest";
import { isCarrierKeyword } from "../../src/consent/carrier-keywords.ts";
import { LANGUAGES } from "../../src/languages/catalog.ts";
import { COMMAND_NAMES } from "../../src/languages/language.ts";
import { createCommandFinder } from "../../src/understanding/command-finder.ts";

describe.each(Object.values(LANGUAGES))("in $name", (language) => {
  const command = createCommandFinder(language, {});

  it.each(COMMAND_NAMES)("every word for %s is understood", (name) => {
    for (const word of language.words.commands[name]) expect(command(word.toUpperCase()), word).toBe(name);
  });

  it.each([
    ["menu", "menu"],
    ["HELP", "help"],
    ["agent", "agent"],
    ["back", "back"],
    ["exit", "exit"],
    ["more", "more"],
  ])("the English %s is understood too", (text, name) => {
    expect(command(text)).toBe(name);
  });

  it("no command waits for a word that ends all texts", () => {
    const words = Object.entries(language.words.commands).flatMap(([name, all]) => (name === "help" ? [] : all));
    expect(words.filter(isCarrierKeyword)).toEqual([]);
  });
});

describe("commands", () => {
  const command = createCommandFinder(LANGUAGES.en, {});

  it.each([
    ["agnet", "agent"],
    ["repersentative", "agent"],
    ["main mneu", "menu"],
    ["go bakc", "back"],
    ["?", "help"],
    ["Help!!", "help"],
    ["Talk to an agent!", "agent"],
  ])("%j is %s", (text, name) => {
    expect(command(text)).toBe(name);
  });

  it.each([
    "",
    "argent",
    "urgent",
    "agents of change",
    "moor",
    "mor",
    "hlep",
    "bank",
    "menus are nice",
    "help the agent",
    "I need more",
    "exits are here",
    "x",
  ])("%j is none", (text) => {
    expect(command(text)).toBeNull();
  });

  it("can be renamed and switched off", () => {
    const own = createCommandFinder(LANGUAGES.de, { menu: ["Übersicht", "help"], exit: false, agent: ["Chef"] });
    expect(own("uebersicht")).toBe("menu");
    expect(own("menu")).toBeNull();
    expect(own("Menü")).toBeNull();
    expect(own("help")).toBe("menu");
    expect(own("hilfe")).toBe("help");
    expect(own("exit")).toBeNull();
    expect(own("beenden")).toBeNull();
    expect(own("chef")).toBe("agent");
    expect(own("agent")).toBeNull();
  });
});

describe("a carrier's word", () => {
  it.each(["STOP", " stop ", "Cancel", "END", "quit", "unsubscribe", "START", "help", "INFO"])("is %j", (text) => {
    expect(isCarrierKeyword(text)).toBe(true);
  });

  it.each(["yes", "stop please", "stopp", "ending", ""])("is not %j", (text) => {
    expect(isCarrierKeyword(text)).toBe(false);
  });
});
