import type { CommandName, Language } from "../languages/language.ts";
import { type CommandFinder, type CommandSettings, createCommandFinder } from "../understanding/command-finder.ts";
import { getSpellingKeys } from "../understanding/lexicon.ts";

/** Words that work at every step; "more" is the business of long lists. */
export const TOPIC_COMMANDS = [
  "menu",
  "help",
  "agent",
  "back",
  "exit",
  "login",
  "logout",
] as const satisfies readonly CommandName[];

/** Those that a person is told of: who cannot sign in anywhere need not know how. */
const HELP_COMMANDS = ["menu", "help", "agent", "back", "exit"] as const satisfies readonly TopicCommand[];

export type TopicCommand = (typeof TOPIC_COMMANDS)[number];

/** The words of an application, made ready once for each language. */
export class ApplicationCommands {
  readonly #settings: CommandSettings;
  readonly #finders = new Map<string, CommandFinder>();

  constructor(settings: CommandSettings) {
    this.#settings = { ...settings, more: false };
  }

  /** @returns what the whole text wishes for, or null */
  findCommand(text: string, language: Language): TopicCommand | null {
    const finder = this.#finders.get(language.code) ?? createCommandFinder(language, this.#settings);
    this.#finders.set(language.code, finder);
    const command = finder(text);
    return TOPIC_COMMANDS.find((wish) => wish === command) ?? null;
  }

  /** @returns one word for each wish, as a person is told them: of the application's own one that belongs to the language, if any does */
  listWords(language: Language): string {
    return HELP_COMMANDS.flatMap((wish) => this.findWord(wish, language) ?? []).join(", ");
  }

  /** @returns that word for a wish, or null where it is switched off */
  findWord(wish: TopicCommand, language: Language): string | null {
    const usual = language.words.commands[wish];
    const own = this.#settings[wish] ?? usual;
    if (own === false) return null;
    const keys = new Set(usual.flatMap(getSpellingKeys));
    const word = own.find((each) => getSpellingKeys(each).some((key) => keys.has(key))) ?? own[0];
    return word?.toLocaleUpperCase(language.code) ?? null;
  }
}
