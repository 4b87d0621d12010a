import { findIndexes, type OptionLabel } from "./label.ts";
import { findMistypedLabels } from "./mistakes.ts";
import { isExactPiece, isNegation, type TextPiece } from "./pieces.ts";

/**
 * @returns the options whose label has every piece, as a word or (from two letters on) as the beginning of a word.
 * "Agree" alone never chooses "I do not agree", but the contact may be asked which of the two is meant
 */
export function findBeginnings(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const found = findIndexes(labels, (label) => label.some(({ pieces }) => hasAllPieces(rest, pieces, isBeginning)));
  const [only] = found;
  if (found.length !== 1 || only === undefined) return found;
  const readings = labels[only] ?? [];
  if (!rest.some(isNegation) && readings.some(({ pieces }) => pieces.some(isNegation))) return [];
  if (readings.some(({ pieces }) => hasAllPieces(rest, pieces, isEqualPiece))) return found;
  // "Marga" begins Margarita, but may also be a misspelt Marge.
  return [only, ...findMistypedLabels(rest, labels)];
}

/** Compares a piece of the text with a word of a label, which may be the label's first word. */
type PieceTest = (piece: TextPiece, word: TextPiece, first: boolean) => boolean;

/** Tests whether each piece finds a word in the label; each word of the label is used only once. */
function hasAllPieces(rest: readonly TextPiece[], pieces: readonly TextPiece[], test: PieceTest): boolean {
  const words = listLabelWords(pieces);
  const first = pieces[0]?.text.split(" ", 1)[0];
  const left = new Set(words);
  const takeWord = (piece: TextPiece): boolean => {
    const word = words.find((each) => left.has(each) && test(piece, each, each === pieces[0] || each.text === first));
    return word !== undefined && left.delete(word);
  };
  const takeWords = (all: readonly TextPiece[]): boolean => all.length > 0 && all.every(takeWord);
  return rest.length > 0 && rest.every((piece) => takeWord(piece) || takeWords(splitPhrase(piece)));
}

/** A cache, because labels are the same from turn to turn. */
const cachedLabelWords = new WeakMap<readonly TextPiece[], readonly TextPiece[]>();

/** @returns the pieces of a label, and the words of its phrases */
function listLabelWords(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const cached = cachedLabelWords.get(pieces);
  if (cached !== undefined) return cached;
  const words = [...pieces, ...pieces.flatMap(splitPhrase)];
  cachedLabelWords.set(pieces, words);
  return words;
}

/** Splits a phrase into its words, without the meaning of the phrase. */
function splitPhrase({ text, explicit }: TextPiece): readonly TextPiece[] {
  if (explicit || !text.includes(" ")) return [];
  return text.split(" ").map((word) => ({ text: word, key: word, meaning: {}, explicit: false }));
}

function isEqualPiece(piece: TextPiece, word: TextPiece, first: boolean): boolean {
  if (isCourtesy(piece) && !first) return false;
  const { number } = piece.meaning;
  return piece.key === word.key || (number !== undefined && number === word.meaning.number && !piece.explicit);
}

function isBeginning(piece: TextPiece, word: TextPiece, first: boolean): boolean {
  if (isEqualPiece(piece, word, first)) return true;
  if (!/^\p{L}[\p{L}\p{M}]*$/u.test(piece.text) || isExactPiece(piece) || isCourtesy(piece)) return false;
  return word.text.startsWith(piece.text) && (piece.text.length > 1 || first);
}

/**
 * Tests for polite words: "thanks" does not choose "No, thanks". A number is none of them: "one" may mean "Table for
 * one".
 */
function isCourtesy({ text, meaning }: TextPiece): boolean {
  return meaning.small === true && meaning.number === undefined && /^\p{L}{2}/u.test(text);
}
