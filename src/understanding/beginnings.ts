import { indexesOf, type Label } from "./label.ts";
import { mistaken } from "./mistakes.ts";
import { isNegation, isTold, type Piece } from "./pieces.ts";

/**
 * @returns the options that have every piece in their label, as a word or (two letters and more) as the beginning of one. "Agree" alone is
 * never "I do not agree", though it may be asked about
 */
export function beginnings(rest: readonly Piece[], labels: readonly Label[]): readonly number[] {
  const found = indexesOf(labels, (label) => label.some(({ pieces }) => standsIn(rest, pieces, begins)));
  const [only] = found;
  if (found.length !== 1 || only === undefined) return found;
  const readings = labels[only] ?? [];
  if (!rest.some(isNegation) && readings.some(({ pieces }) => pieces.some(isNegation))) return [];
  if (readings.some(({ pieces }) => standsIn(rest, pieces, equals))) return found;
  // "Marga" begins Margarita, but it may be Marge with a mistake.
  return [only, ...mistaken(rest, labels)];
}

type Test = (said: Piece, word: Piece, first: boolean) => boolean;

/** Each word of the label serves once. */
function standsIn(rest: readonly Piece[], pieces: readonly Piece[], test: Test): boolean {
  const words = wordsAmong(pieces);
  const first = pieces[0]?.text.split(" ", 1)[0];
  const left = new Set(words);
  const take = (said: Piece): boolean => {
    const word = words.find((each) => left.has(each) && test(said, each, each === pieces[0] || each.text === first));
    return word !== undefined && left.delete(word);
  };
  const takeAll = (all: readonly Piece[]): boolean => all.length > 0 && all.every(take);
  return rest.length > 0 && rest.every((said) => take(said) || takeAll(wordsIn(said)));
}

/** Labels are the same from turn to turn. */
const known = new WeakMap<readonly Piece[], readonly Piece[]>();

/** @returns the pieces of a label, and the words of its phrases */
function wordsAmong(pieces: readonly Piece[]): readonly Piece[] {
  const read = known.get(pieces);
  if (read !== undefined) return read;
  const words = [...pieces, ...pieces.flatMap(wordsIn)];
  known.set(pieces, words);
  return words;
}

/** The words of a phrase, which mean something else one by one. */
function wordsIn({ text, explicit }: Piece): readonly Piece[] {
  if (explicit || !text.includes(" ")) return [];
  return text.split(" ").map((word) => ({ text: word, key: word, meaning: {}, explicit: false }));
}

function equals(said: Piece, word: Piece, first: boolean): boolean {
  if (isCourtesy(said) && !first) return false;
  const { number } = said.meaning;
  return said.key === word.key || (number !== undefined && number === word.meaning.number && !said.explicit);
}

function begins(said: Piece, word: Piece, first: boolean): boolean {
  if (equals(said, word, first)) return true;
  if (!/^\p{L}[\p{L}\p{M}]*$/u.test(said.text) || isTold(said) || isCourtesy(said)) return false;
  return word.text.startsWith(said.text) && (said.text.length > 1 || first);
}

/** "Thanks" is not "No, thanks"; but "one" may be "Table for one". */
function isCourtesy({ text, meaning }: Piece): boolean {
  return meaning.small === true && meaning.number === undefined && /^\p{L}{2}/u.test(text);
}
