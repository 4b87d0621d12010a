import { indexesOf, type Label, standsAt } from "./label.ts";
import { isSmall, type Piece } from "./pieces.ts";

/**
 * Reads a text as labels and numbers of options, with small words among them.
 * @returns the options that it names ("2 margherita" may name two), or none where it says anything else
 */
export function mentions(
  pieces: readonly Piece[],
  rest: readonly Piece[],
  labels: readonly Label[],
): readonly number[] {
  const found: number[] = [];
  const numerals = new Set<string>();
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const { length, indexes } = labelsAt(pieces, at, labels);
    if (length > 0) found.push(...indexes);
    else if (rest.includes(piece) || !isSmall(piece)) {
      const index = numbered(piece, labels.length);
      // "1 1" may be 11.
      if (numerals.has(piece.text) || (index === null && piece.meaning.joining === undefined)) return [];
      if (index !== null) found.push(index);
      if (index !== null) numerals.add(piece.text);
    }
    at += Math.max(length, 1);
  }
  return found;
}

/** The options whose labels stand there, the longest. */
function labelsAt(
  pieces: readonly Piece[],
  at: number,
  labels: readonly Label[],
): { readonly length: number; readonly indexes: readonly number[] } {
  const lengths = labels.map((label) =>
    Math.max(...label.flatMap(({ pieces: whole, rest }) => [whole, rest].map(lengthThere))),
  );
  const length = Math.max(0, ...lengths);
  return { length, indexes: length === 0 ? [] : indexesOf(lengths, (each) => each === length) };

  function lengthThere(part: readonly Piece[]): number {
    return standsAt(part, pieces, at) ? part.length : 0;
  }
}

/** @returns the index of the option that a number or a place names, or null */
function numbered({ meaning }: Piece, count: number): number | null {
  if (meaning.place === -1) return count - 1;
  const number = meaning.place ?? meaning.number;
  return number !== undefined && number >= 1 && number <= count ? number - 1 : null;
}
