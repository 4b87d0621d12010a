import { TYPED_CHARACTERS } from "../core/limits/topics.ts";
import { english } from "../languages/en.ts";
import { COMMANDS, type Command, type Language } from "../languages/language.ts";
import { distance, lettersIn, mayBeNear } from "./distance.ts";
import { keysOf } from "./lexicon.ts";
import { plain } from "./normalise.ts";

/** The words of an application's own for a command, or false where it does not want the command. */
export type CommandSettings = Readonly<Partial<Record<Command, readonly string[] | false>>>;

/** @returns the command that the whole text is, or null */
export type CommandFinder = (text: string) => Command | null;

/** Shorter words are too near to others. */
const SWAPPABLE_LETTERS = 5;
const CHANGEABLE_LETTERS = 7;

/** Made ready once for many texts; renamed words come before those of the language, and those before the English ones. */
export function createCommands(language: Language, settings: CommandSettings): CommandFinder {
  const commands = new Map<string, Command>();
  const add = (words: readonly string[], command: Command): void => {
    for (const key of words.flatMap(formsOf)) if (key !== "" && !commands.has(key)) commands.set(key, command);
  };
  for (const command of COMMANDS) add(settings[command] || [], command);
  const builtIn = COMMANDS.filter((command) => settings[command] === undefined);
  for (const command of builtIn) add(language.words.commands[command], command);
  for (const command of builtIn) add(english.words.commands[command], command);

  const mistypable = mistypableAmong(commands);
  const longest = Math.max(...[...commands.keys()].map((word) => word.length));
  return (text) => {
    // A letter too many, and a few signs around it.
    if (text.length > 2 * longest) return null;
    const forms = formsOf(text);
    const exact = forms.map((form) => commands.get(form)).find((command) => command !== undefined);
    return exact ?? only(forms.flatMap((form) => near(form, mistypable)));
  };
}

function formsOf(text: string): readonly string[] {
  const keys = keysOf(text);
  const said = plain(text);
  return keys.includes(said) ? keys : [...keys, said];
}

interface Word {
  readonly word: string;
  readonly letters: number;
  readonly command: Command;
}

/** Words long enough to be mistyped, by the lengths that they may have then. */
type Mistypable = ReadonlyMap<number, readonly Word[]>;

function mistypableAmong(commands: ReadonlyMap<string, Command>): Mistypable {
  const words = Array.from(commands, ([word, command]) => ({ word, letters: lettersIn(word), command }));
  const long = words.filter(({ word }) => word.length >= SWAPPABLE_LETTERS);
  const lengths = long.flatMap((each) => [-1, 0, 1].map((more) => ({ each, length: each.word.length + more })));
  const byLength = Map.groupBy(lengths, ({ length }) => length);
  return new Map(Array.from(byLength, ([length, found]) => [length, found.map(({ each }) => each)]));
}

function near(form: string, commands: Mistypable): readonly Command[] {
  if (form.length < SWAPPABLE_LETTERS || form.length > TYPED_CHARACTERS) return [];
  const words = commands.get(form.length) ?? [];
  const letters = lettersIn(form);
  const found = words.filter((each) => mayBeNear(letters, each.letters, 1) && isMistyped(form, each.word));
  return found.map(({ command }) => command);
}

function isMistyped(form: string, word: string): boolean {
  if (distance(form, word, 1) !== 1) return false;
  return word.length >= CHANGEABLE_LETTERS || lettersOf(form) === lettersOf(word);
}

function lettersOf(word: string): string {
  return Array.from(word).toSorted().join("");
}

function only(commands: readonly Command[]): Command | null {
  const [command] = commands;
  return command !== undefined && commands.every((each) => each === command) ? command : null;
}
