import { Kept } from "../core/kept.ts";
import { LABELS_REMEMBERED } from "../core/limits/topics.ts";
import type { Lexicon } from "./lexicon.ts";
import { spellings, wordsOf } from "./normalise.ts";
import { type Piece, piecesOf, restOf } from "./pieces.ts";

/** A text in one of its spellings. */
export interface Reading {
  readonly pieces: readonly Piece[];
  /** Without what changes nothing. */
  readonly rest: readonly Piece[];
}

/** An option's label, ready to be compared, in each of its spellings. */
export type Label = readonly Reading[];

/** Labels are the same from turn to turn. */
const known = new WeakMap<Lexicon, Kept<Label>>();

/** @returns the label in each of its spellings; a yes, a no or a number in it always counts */
export function labelOf(text: string, lexicon: Lexicon): Label {
  let labels = known.get(lexicon);
  if (labels === undefined) {
    labels = new Kept<Label>(LABELS_REMEMBERED);
    known.set(lexicon, labels);
  }
  return labels.get(text, () => readLabel(text, lexicon));
}

function readLabel(text: string, lexicon: Lexicon): Label {
  return readingsOf(text, lexicon).map(({ pieces }) => {
    const rest = pieces.filter(
      ({ meaning }) => meaning.small === undefined || meaning.polarity !== undefined || meaning.number !== undefined,
    );
    return { pieces, rest: rest.length > 0 ? rest : pieces };
  });
}

/** @returns the text in each of its spellings */
export function readingsOf(text: string, lexicon: Lexicon): readonly Reading[] {
  return spellings(text).map((spelling) => {
    const pieces = piecesOf(wordsOf(spelling), lexicon);
    return { pieces, rest: restOf(pieces) };
  });
}

/** @returns whether `part` stands in `whole` from there on */
export function standsAt(part: readonly Piece[], whole: readonly Piece[], at: number): boolean {
  return part.length > 0 && part.every(({ key }, index) => whole[at + index]?.key === key);
}

export function same(a: readonly Piece[], b: readonly Piece[]): boolean {
  return a.length === b.length && standsAt(a, b, 0);
}

/** @returns where in the list the test holds */
export function indexesOf<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly number[] {
  return items.flatMap((item, index) => (test(item) ? [index] : []));
}
