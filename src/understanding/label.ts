import { BoundedCache } from "../core/bounded-cache.ts";
import { LABELS_CACHED } from "../core/limits/topics.ts";
import type { LanguageLexicon } from "./lexicon.ts";
import { listSpellings, splitWords } from "./normalise.ts";
import { dropSmallPieces, splitPieces, type TextPiece } from "./pieces.ts";

/** A text in one of its spellings. */
export interface TextReading {
  readonly pieces: readonly TextPiece[];
  /** The pieces without those that change nothing. */
  readonly rest: readonly TextPiece[];
}

/** An option's label, prepared for comparison, in each of its spellings. */
export type OptionLabel = readonly TextReading[];

/** A cache, because labels are the same from turn to turn. */
const cachedLabels = new WeakMap<LanguageLexicon, BoundedCache<OptionLabel>>();

/** @returns the label in each of its spellings; a yes, a no or a number in a label always counts */
export function getOptionLabel(text: string, lexicon: LanguageLexicon): OptionLabel {
  let labels = cachedLabels.get(lexicon);
  if (labels === undefined) {
    labels = new BoundedCache<OptionLabel>(LABELS_CACHED);
    cachedLabels.set(lexicon, labels);
  }
  return labels.getOrCreate(text, () => createLabel(text, lexicon));
}

function createLabel(text: string, lexicon: LanguageLexicon): OptionLabel {
  return listReadings(text, lexicon).map(({ pieces }) => {
    const rest = pieces.filter(
      ({ meaning }) => meaning.small === undefined || meaning.polarity !== undefined || meaning.number !== undefined,
    );
    return { pieces, rest: rest.length > 0 ? rest : pieces };
  });
}

/** @returns the text in each of its spellings */
export function listReadings(text: string, lexicon: LanguageLexicon): readonly TextReading[] {
  return listSpellings(text).map((spelling) => {
    const pieces = splitPieces(splitWords(spelling), lexicon);
    return { pieces, rest: dropSmallPieces(pieces) };
  });
}

/** @returns whether `whole` contains `part` at the position `at` */
export function hasSequence(part: readonly TextPiece[], whole: readonly TextPiece[], at: number): boolean {
  return part.length > 0 && part.every(({ key }, index) => whole[at + index]?.key === key);
}

export function hasSamePieces(a: readonly TextPiece[], b: readonly TextPiece[]): boolean {
  return a.length === b.length && hasSequence(a, b, 0);
}

/** @returns the indexes of the items that pass the test */
export function findIndexes<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly number[] {
  return items.flatMap((item, index) => (test(item) ? [index] : []));
}
