import type { Command, Language } from "../languages/language.ts";
import { type CommandFinder, type CommandSettings, createCommands } from "../understanding/commands.ts";
import { keysOf } from "../understanding/lexicon.ts";

/** Words that work at every step; "more" is the business of long lists. */
export const WISHES = [
  "menu",
  "help",
  "agent",
  "back",
  "exit",
  "login",
  "logout",
] as const satisfies readonly Command[];

/** Those that a person is told of: who cannot sign in anywhere need not know how. */
const TOLD = ["menu", "help", "agent", "back", "exit"] as const satisfies readonly Wish[];

export type Wish = (typeof WISHES)[number];

/** The words of an application, made ready once for each language. */
export class Wishes {
  readonly #settings: CommandSettings;
  readonly #finders = new Map<string, CommandFinder>();

  constructor(settings: CommandSettings) {
    this.#settings = { ...settings, more: false };
  }

  /** @returns what the whole text wishes for, or null */
  find(text: string, language: Language): Wish | null {
    const finder = this.#finders.get(language.code) ?? createCommands(language, this.#settings);
    this.#finders.set(language.code, finder);
    const command = finder(text);
    return WISHES.find((wish) => wish === command) ?? null;
  }

  /** @returns one word for each wish, as a person is told them: of the application's own one that belongs to the language, if any does */
  words(language: Language): string {
    return TOLD.flatMap((wish) => this.word(wish, language) ?? []).join(", ");
  }

  /** @returns that word for a wish, or null where it is switched off */
  word(wish: Wish, language: Language): string | null {
    const usual = language.words.commands[wish];
    const own = this.#settings[wish] ?? usual;
    if (own === false) return null;
    const keys = new Set(usual.flatMap(keysOf));
    const word = own.find((each) => keysOf(each).some((key) => keys.has(key))) ?? own[0];
    return word?.toLocaleUpperCase(language.code) ?? null;
  }
}
