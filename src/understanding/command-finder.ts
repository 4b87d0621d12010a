import { TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { english } from "../languages/en.ts";
import { COMMAND_NAMES, type CommandName, type Language } from "../languages/language.ts";
import { collectLetterBits, editDistance, mayBeNear } from "./edit-distance.ts";
import { getSpellingKeys } from "./lexicon.ts";
import { toPlainText } from "./normalise.ts";

/** An application's words for each command, instead of the built-in ones; `false` switches the command off. */
export type CommandSettings = Readonly<Partial<Record<CommandName, readonly string[] | false>>>;

/** Returns the command that the whole text is, or null. */
export type CommandFinder = (text: string) => CommandName | null;

/** Minimum lengths for typos in command words: shorter words are too similar to others. */
const SWAPPABLE_LETTERS = 5;
const CHANGEABLE_LETTERS = 7;

/**
 * Prepares a finder for many texts. An application's words come before those of the language, and those before the
 * English ones.
 */
export function createCommandFinder(language: Language, settings: CommandSettings): CommandFinder {
  const commands = new Map<string, CommandName>();
  const addWords = (words: readonly string[], command: CommandName): void => {
    for (const key of words.flatMap(listForms)) if (key !== "" && !commands.has(key)) commands.set(key, command);
  };
  for (const command of COMMAND_NAMES) addWords(settings[command] || [], command);
  const builtIn = COMMAND_NAMES.filter((command) => settings[command] === undefined);
  for (const command of builtIn) addWords(language.words.commands[command], command);
  for (const command of builtIn) addWords(english.words.commands[command], command);

  const mistypable = indexMistypableWords(commands);
  const longest = Math.max(...[...commands.keys()].map((word) => word.length));
  return (text) => {
    // This leaves room for one letter too many and some punctuation.
    if (text.length > 2 * longest) return null;
    const forms = listForms(text);
    const exact = forms.map((form) => commands.get(form)).find((command) => command !== undefined);
    return exact ?? findOnlyCommand(forms.flatMap((form) => findNearCommands(form, mistypable)));
  };
}

function listForms(text: string): readonly string[] {
  const keys = getSpellingKeys(text);
  const plain = toPlainText(text);
  return keys.includes(plain) ? keys : [...keys, plain];
}

interface MistypableWord {
  readonly word: string;
  readonly letters: number;
  readonly command: CommandName;
}

/** Words that are long enough for typos, by the lengths that their misspellings can have. */
type MistypableWords = ReadonlyMap<number, readonly MistypableWord[]>;

function indexMistypableWords(commands: ReadonlyMap<string, CommandName>): MistypableWords {
  const words = Array.from(commands, ([word, command]) => ({ word, letters: collectLetterBits(word), command }));
  const long = words.filter(({ word }) => word.length >= SWAPPABLE_LETTERS);
  const lengths = long.flatMap((each) => [-1, 0, 1].map((more) => ({ each, length: each.word.length + more })));
  const byLength = Map.groupBy(lengths, ({ length }) => length);
  return new Map(Array.from(byLength, ([length, found]) => [length, found.map(({ each }) => each)]));
}

function findNearCommands(form: string, commands: MistypableWords): readonly CommandName[] {
  if (form.length < SWAPPABLE_LETTERS || form.length > TYPO_CHECK_CHARACTERS) return [];
  const words = commands.get(form.length) ?? [];
  const letters = collectLetterBits(form);
  const found = words.filter((each) => mayBeNear(letters, each.letters, 1) && isMistyped(form, each.word));
  return found.map(({ command }) => command);
}

function isMistyped(form: string, word: string): boolean {
  if (editDistance(form, word, 1) !== 1) return false;
  return word.length >= CHANGEABLE_LETTERS || sortLetters(form) === sortLetters(word);
}

function sortLetters(word: string): string {
  return Array.from(word).toSorted().join("");
}

function findOnlyCommand(commands: readonly CommandName[]): CommandName | null {
  const [command] = commands;
  return command !== undefined && commands.every((each) => each === command) ? command : null;
}
