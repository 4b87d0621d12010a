import { findIndexes, type OptionLabel } from "./label.ts";
import { findMistypedLabels } from "./mistakes.ts";
import { isExactPiece, isNegation, type TextPiece } from "./pieces.ts";

/**
 * @returns the options that have every piece in their label, as a word or (two letters and more) as the beginning of one. "Agree" alone is
 * never "I do not agree", though it may be asked about
 */
export function findBeginnings(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const found = findIndexes(labels, (label) => label.some(({ pieces }) => hasAllPieces(rest, pieces, isBeginning)));
  const [only] = found;
  if (found.length !== 1 || only === undefined) return found;
  const readings = labels[only] ?? [];
  if (!rest.some(isNegation) && readings.some(({ pieces }) => pieces.some(isNegation))) return [];
  if (readings.some(({ pieces }) => hasAllPieces(rest, pieces, isEqualPiece))) return found;
  // "Marga" begins Margarita, but it may be Marge with a mistake.
  return [only, ...findMistypedLabels(rest, labels)];
}

type PieceTest = (said: TextPiece, word: TextPiece, first: boolean) => boolean;

/** Each word of the label serves once. */
function hasAllPieces(rest: readonly TextPiece[], pieces: readonly TextPiece[], test: PieceTest): boolean {
  const words = listLabelWords(pieces);
  const first = pieces[0]?.text.split(" ", 1)[0];
  const left = new Set(words);
  const takeWord = (said: TextPiece): boolean => {
    const word = words.find((each) => left.has(each) && test(said, each, each === pieces[0] || each.text === first));
    return word !== undefined && left.delete(word);
  };
  const takeWords = (all: readonly TextPiece[]): boolean => all.length > 0 && all.every(takeWord);
  return rest.length > 0 && rest.every((said) => takeWord(said) || takeWords(splitPhrase(said)));
}

/** Labels are the same from turn to turn. */
const cachedLabelWords = new WeakMap<readonly TextPiece[], readonly TextPiece[]>();

/** @returns the pieces of a label, and the words of its phrases */
function listLabelWords(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const read = cachedLabelWords.get(pieces);
  if (read !== undefined) return read;
  const words = [...pieces, ...pieces.flatMap(splitPhrase)];
  cachedLabelWords.set(pieces, words);
  return words;
}

/** The words of a phrase, which mean something else one by one. */
function splitPhrase({ text, explicit }: TextPiece): readonly TextPiece[] {
  if (explicit || !text.includes(" ")) return [];
  return text.split(" ").map((word) => ({ text: word, key: word, meaning: {}, explicit: false }));
}

function isEqualPiece(said: TextPiece, word: TextPiece, first: boolean): boolean {
  if (isCourtesy(said) && !first) return false;
  const { number } = said.meaning;
  return said.key === word.key || (number !== undefined && number === word.meaning.number && !said.explicit);
}

function isBeginning(said: TextPiece, word: TextPiece, first: boolean): boolean {
  if (isEqualPiece(said, word, first)) return true;
  if (!/^\p{L}[\p{L}\p{M}]*$/u.test(said.text) || isExactPiece(said) || isCourtesy(said)) return false;
  return word.text.startsWith(said.text) && (said.text.length > 1 || first);
}

/** "Thanks" is not "No, thanks"; but "one" may be "Table for one". */
function isCourtesy({ text, meaning }: TextPiece): boolean {
  return meaning.small === true && meaning.number === undefined && /^\p{L}{2}/u.test(text);
}
