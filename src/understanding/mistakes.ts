import { TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { countAllowedMistakes, editDistance, extractDigits } from "./edit-distance.ts";
import { findIndexes, type OptionLabel, type TextReading } from "./label.ts";
import { isExactPiece, isNegation, type TextPiece } from "./pieces.ts";

/**
 * Which labels, or single words in them, are the text but for small typing mistakes? Words that turn an answer round and numbers must
 * be right.
 * @returns the nearest, with all that are nearly as near
 */
export function findMistypedLabels(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const said = joinPieces(rest);
  if (said.text === "" || said.text.length > TYPO_CHECK_CHARACTERS) return [];
  const all = labels.map((label) => label.flatMap((reading) => getTargets(reading, rest.length === 1)));
  const best = Math.min(...all.flat().map((target) => countMistakes(said, target)));
  return Number.isFinite(best)
    ? findIndexes(all, (targets) => targets.some((target) => measureDistance(said, target) <= best + 1))
    : [];
}

interface ComparedPhrase {
  readonly words: readonly string[];
  readonly text: string;
  /** What may not be mistaken. */
  readonly told: string;
  readonly digits: string;
}

function joinPieces(pieces: readonly TextPiece[]): ComparedPhrase {
  const words = pieces.map(({ text }) => text);
  const told = pieces.filter(isExactPiece).map(({ key }) => key);
  const text = words.join(" ");
  return { words, text, told: told.join(" "), digits: extractDigits(text) };
}

interface LabelTargets {
  readonly whole: readonly ComparedPhrase[];
  readonly withWords: readonly ComparedPhrase[];
}

/** Labels are the same from turn to turn. */
const cachedTargets = new WeakMap<TextReading, LabelTargets>();

/** The label, the label without small words or numbers, and each of its words where one was said. */
function getTargets(reading: TextReading, single: boolean): readonly ComparedPhrase[] {
  let targets = cachedTargets.get(reading);
  if (targets === undefined) {
    targets = createTargets(reading);
    cachedTargets.set(reading, targets);
  }
  return single ? targets.withWords : targets.whole;
}

function createTargets({ pieces, rest }: TextReading): LabelTargets {
  const whole = [pieces, rest, pieces.filter(hasNoDigit)].map(joinPieces);
  const negated = pieces.filter(isNegation);
  const words = pieces.map((piece) => ({ ...joinPieces([piece]), told: joinPieces([...negated, piece]).told }));
  return { whole, withWords: [...whole, ...words] };
}

function hasNoDigit({ text }: TextPiece): boolean {
  return !/\p{Nd}/u.test(text);
}

/** The farthest that an option can be from the text and still be nearly as near as the best. */
const FARTHEST = 3;

function measureDistance(said: ComparedPhrase, target: ComparedPhrase): number {
  return said.digits === target.digits ? editDistance(said.text, target.text, FARTHEST) : Number.POSITIVE_INFINITY;
}

/** How many mistakes make the text of the label, or Infinity where they are more than is forgiven. */
function countMistakes(said: ComparedPhrase, target: ComparedPhrase): number {
  if (said.told !== target.told) return Number.POSITIVE_INFINITY;
  const pairs =
    said.words.length === target.words.length
      ? said.words.map((word, at) => [word, target.words[at] ?? ""] as const)
      : [[said.text, target.text] as const];
  let sum = 0;
  for (const [a, b] of pairs) sum += editDistance(a, b, countAllowedMistakes(Math.min(a.length, b.length)));
  return sum <= countAllowedMistakes(Math.min(said.text.length, target.text.length)) ? sum : Number.POSITIVE_INFINITY;
}
