import type { CommandName, Language } from "../languages/language.ts";
import { type CommandFinder, type CommandSettings, createCommandFinder } from "../understanding/command-finder.ts";
import { getSpellingKeys } from "../understanding/lexicon.ts";

/** Commands that work at every step. "More" is not among them: only long lists handle it. */
export const TOPIC_COMMANDS = [
  "menu",
  "help",
  "agent",
  "back",
  "exit",
  "login",
  "logout",
] as const satisfies readonly CommandName[];

/**
 * The commands that the help message lists. Login and logout are not listed, because they matter only to applications
 * with an identity check.
 */
const HELP_COMMANDS = ["menu", "help", "agent", "back", "exit"] as const satisfies readonly TopicCommand[];

export type TopicCommand = (typeof TOPIC_COMMANDS)[number];

/** The command words of an application, prepared once for each language. */
export class ApplicationCommands {
  readonly #settings: CommandSettings;
  readonly #finders = new Map<string, CommandFinder>();

  constructor(settings: CommandSettings) {
    this.#settings = { ...settings, more: false };
  }

  /** @returns the command that the whole text is, or null */
  findCommand(text: string, language: Language): TopicCommand | null {
    const finder = this.#finders.get(language.code) ?? createCommandFinder(language, this.#settings);
    this.#finders.set(language.code, finder);
    const command = finder(text);
    return TOPIC_COMMANDS.find((each) => each === command) ?? null;
  }

  /**
   * @returns one word for each command of the help message; of an application's words preferably one in the language
   */
  listWords(language: Language): string {
    return HELP_COMMANDS.flatMap((command) => this.findWord(command, language) ?? []).join(", ");
  }

  /** @returns the word for a command, in capitals, or null if the command is switched off */
  findWord(command: TopicCommand, language: Language): string | null {
    const defaults = language.words.commands[command];
    const words = this.#settings[command] ?? defaults;
    if (words === false) return null;
    const keys = new Set(defaults.flatMap(getSpellingKeys));
    const word = words.find((each) => getSpellingKeys(each).some((key) => keys.has(key))) ?? words[0];
    return word?.toLocaleUpperCase(language.code) ?? null;
  }
}
