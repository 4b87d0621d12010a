import { findIndexes, hasSequence, type OptionLabel } from "./label.ts";
import { isSmall, type TextPiece } from "./pieces.ts";

/**
 * Reads a text as labels and numbers of options, with small words between them.
 * @returns the options that the text names ("2 margherita" may name two), or none if the text contains anything else
 */
export function findMentions(
  pieces: readonly TextPiece[],
  rest: readonly TextPiece[],
  labels: readonly OptionLabel[],
): readonly number[] {
  const found: number[] = [];
  const numerals = new Set<string>();
  for (let at = 0; at < pieces.length; ) {
    const piece = pieces[at];
    if (piece === undefined) break;
    const { length, indexes } = findLabels(pieces, at, labels);
    if (length > 0) found.push(...indexes);
    else if (rest.includes(piece) || !isSmall(piece)) {
      const index = findNumberedOption(piece, labels.length);
      // "1 1" may be 11.
      if (numerals.has(piece.text) || (index === null && piece.meaning.joining === undefined)) return [];
      if (index !== null) found.push(index);
      if (index !== null) numerals.add(piece.text);
    }
    at += Math.max(length, 1);
  }
  return found;
}

/** Finds the options with the longest label at this position of the text. */
function findLabels(
  pieces: readonly TextPiece[],
  at: number,
  labels: readonly OptionLabel[],
): { readonly length: number; readonly indexes: readonly number[] } {
  const lengths = labels.map((label) =>
    Math.max(...label.flatMap(({ pieces: whole, rest }) => [whole, rest].map(measureMatch))),
  );
  const length = Math.max(0, ...lengths);
  return { length, indexes: length === 0 ? [] : findIndexes(lengths, (each) => each === length) };

  function measureMatch(part: readonly TextPiece[]): number {
    return hasSequence(part, pieces, at) ? part.length : 0;
  }
}

/** @returns the index of the option that a number or a position names, or null */
function findNumberedOption({ meaning }: TextPiece, count: number): number | null {
  if (meaning.place === -1) return count - 1;
  const number = meaning.place ?? meaning.number;
  return number !== undefined && number >= 1 && number <= count ? number - 1 : null;
}
