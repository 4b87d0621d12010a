import { TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { countAllowedMistakes, editDistance, extractDigits } from "./edit-distance.ts";
import { findIndexes, type OptionLabel, type TextReading } from "./label.ts";
import { isExactPiece, isNegation, type TextPiece } from "./pieces.ts";

/**
 * Finds the labels, or single words in them, that are the text apart from small typos. Numbers and words that reverse
 * an answer must be exact.
 * @returns the most similar label, with all that are nearly as similar
 */
export function findMistypedLabels(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const phrase = joinPieces(rest);
  if (phrase.text === "" || phrase.text.length > TYPO_CHECK_CHARACTERS) return [];
  const all = labels.map((label) => label.flatMap((reading) => getTargets(reading, rest.length === 1)));
  const best = Math.min(...all.flat().map((target) => countMistakes(phrase, target)));
  return Number.isFinite(best)
    ? findIndexes(all, (targets) => targets.some((target) => measureDistance(phrase, target) <= best + 1))
    : [];
}

interface ComparedPhrase {
  readonly words: readonly string[];
  readonly text: string;
  /** The part in which typos are not allowed. */
  readonly exact: string;
  readonly digits: string;
}

function joinPieces(pieces: readonly TextPiece[]): ComparedPhrase {
  const words = pieces.map(({ text }) => text);
  const exact = pieces.filter(isExactPiece).map(({ key }) => key);
  const text = words.join(" ");
  return { words, text, exact: exact.join(" "), digits: extractDigits(text) };
}

interface LabelTargets {
  readonly whole: readonly ComparedPhrase[];
  readonly withWords: readonly ComparedPhrase[];
}

/** A cache, because labels are the same from turn to turn. */
const cachedTargets = new WeakMap<TextReading, LabelTargets>();

/** @returns the label, the label without small words or numbers and, for a text of one word, each word of the label */
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
  const words = pieces.map((piece) => ({ ...joinPieces([piece]), exact: joinPieces([...negated, piece]).exact }));
  return { whole, withWords: [...whole, ...words] };
}

function hasNoDigit({ text }: TextPiece): boolean {
  return !/\p{Nd}/u.test(text);
}

/** The greatest distance at which an option can be nearly as similar as the best one. */
const FARTHEST = 3;

function measureDistance(phrase: ComparedPhrase, target: ComparedPhrase): number {
  return phrase.digits === target.digits ? editDistance(phrase.text, target.text, FARTHEST) : Number.POSITIVE_INFINITY;
}

/** @returns the number of typos that turn the label into the text, or Infinity if there are more than allowed */
function countMistakes(phrase: ComparedPhrase, target: ComparedPhrase): number {
  if (phrase.exact !== target.exact) return Number.POSITIVE_INFINITY;
  const pairs =
    phrase.words.length === target.words.length
      ? phrase.words.map((word, at) => [word, target.words[at] ?? ""] as const)
      : [[phrase.text, target.text] as const];
  let sum = 0;
  for (const [a, b] of pairs) sum += editDistance(a, b, countAllowedMistakes(Math.min(a.length, b.length)));
  return sum <= countAllowedMistakes(Math.min(phrase.text.length, target.text.length)) ? sum : Number.POSITIVE_INFINITY;
}
