import { TYPED_CHARACTERS } from "../core/limits/topics.ts";
import { digitsOf, distance, forgiven } from "./distance.ts";
import { indexesOf, type Label, type Reading } from "./label.ts";
import { isNegation, isTold, type Piece } from "./pieces.ts";

/**
 * Which labels, or single words in them, are the text but for small typing mistakes? Words that turn an answer round and numbers must
 * be right.
 * @returns the nearest, with all that are nearly as near
 */
export function mistaken(rest: readonly Piece[], labels: readonly Label[]): readonly number[] {
  const said = phraseOf(rest);
  if (said.text === "" || said.text.length > TYPED_CHARACTERS) return [];
  const all = labels.map((label) => label.flatMap((reading) => targetsOf(reading, rest.length === 1)));
  const best = Math.min(...all.flat().map((target) => mistakes(said, target)));
  return Number.isFinite(best)
    ? indexesOf(all, (targets) => targets.some((target) => apart(said, target) <= best + 1))
    : [];
}

interface Phrase {
  readonly words: readonly string[];
  readonly text: string;
  /** What may not be mistaken. */
  readonly told: string;
  readonly digits: string;
}

function phraseOf(pieces: readonly Piece[]): Phrase {
  const words = pieces.map(({ text }) => text);
  const told = pieces.filter(isTold).map(({ key }) => key);
  const text = words.join(" ");
  return { words, text, told: told.join(" "), digits: digitsOf(text) };
}

interface Targets {
  readonly whole: readonly Phrase[];
  readonly withWords: readonly Phrase[];
}

/** Labels are the same from turn to turn. */
const known = new WeakMap<Reading, Targets>();

/** The label, the label without small words or numbers, and each of its words where one was said. */
function targetsOf(reading: Reading, single: boolean): readonly Phrase[] {
  let targets = known.get(reading);
  if (targets === undefined) {
    targets = readTargets(reading);
    known.set(reading, targets);
  }
  return single ? targets.withWords : targets.whole;
}

function readTargets({ pieces, rest }: Reading): Targets {
  const whole = [pieces, rest, pieces.filter(hasNoDigit)].map(phraseOf);
  const negated = pieces.filter(isNegation);
  const words = pieces.map((piece) => ({ ...phraseOf([piece]), told: phraseOf([...negated, piece]).told }));
  return { whole, withWords: [...whole, ...words] };
}

function hasNoDigit({ text }: Piece): boolean {
  return !/\p{Nd}/u.test(text);
}

/** The farthest that an option can be from the text and still be nearly as near as the best. */
const FARTHEST = 3;

function apart(said: Phrase, target: Phrase): number {
  return said.digits === target.digits ? distance(said.text, target.text, FARTHEST) : Number.POSITIVE_INFINITY;
}

/** How many mistakes make the text of the label, or Infinity where they are more than is forgiven. */
function mistakes(said: Phrase, target: Phrase): number {
  if (said.told !== target.told) return Number.POSITIVE_INFINITY;
  const pairs =
    said.words.length === target.words.length
      ? said.words.map((word, at) => [word, target.words[at] ?? ""] as const)
      : [[said.text, target.text] as const];
  let sum = 0;
  for (const [a, b] of pairs) sum += distance(a, b, forgiven(Math.min(a.length, b.length)));
  return sum <= forgiven(Math.min(said.text.length, target.text.length)) ? sum : Number.POSITIVE_INFINITY;
}
