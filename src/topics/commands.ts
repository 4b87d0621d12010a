import type { Command, Language } from "../languages/language.ts";
import { type CommandFinder, type CommandSettings, createCommands } from "./understanding/commands.ts";
import { keysOf } from "./understanding/lexicon.ts";

/** Words that work at every step; "more" is the business of long lists. */
export const WISHES = ["menu", "help", "agent", "back", "exit"] as const satisfies readonly Command[];

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
    const words = WISHES.flatMap((wish) => {
      const usual = language.words.commands[wish];
      const own = this.#settings[wish] ?? usual;
      const keys = new Set(usual.flatMap(keysOf));
      return own === false ? [] : (own.find((word) => keysOf(word).some((key) => keys.has(key))) ?? own[0] ?? []);
    });
    return words.map((word) => word.toLocaleUpperCase(language.code)).join(", ");
  }
}
