import type { LanguageLexicon, WordMeaning } from "./lexicon.ts";
import { isPictograph } from "./normalise.ts";

/** A word or a phrase of the lexicon, as found in a text. */
export interface TextPiece {
  readonly text: string;
  /** The same for two pieces that mean the same, such as "second" and "2nd". */
  readonly key: string;
  readonly meaning: WordMeaning;
  /** True for a number that is announced as an option's: "option 2", "#2". */
  readonly explicit: boolean;
}

/** Splits words into pieces, the longest phrases first. */
export function splitPieces(words: readonly string[], lexicon: LanguageLexicon): readonly TextPiece[] {
  const split = words.flatMap((word) =>
    lexicon.meanings.has(word) ? [word] : splitDigits(shortenWord(word, lexicon)),
  );
  const pieces: TextPiece[] = [];
  for (let at = 0; at < split.length; ) {
    const { piece, words: taken } = takePiece(split, at, lexicon);
    const before = pieces.at(-1);
    if (before !== undefined && isNumberAnnounced(before, piece)) {
      const text = `${before.text} ${piece.text}`;
      pieces[pieces.length - 1] = { text, key: `#${piece.key}`, meaning: piece.meaning, explicit: true };
    } else pieces.push(piece);
    at += taken;
  }
  return pieces;
}

const DRAWN_OUT = /(\p{L})\1{2,}/gu;

/** Shortens repeated letters ("yesss", "nooo") if the result is a word of the lexicon. */
function shortenWord(word: string, { meanings }: LanguageLexicon): string {
  const short = word.replace(DRAWN_OUT, "$1");
  if (short === word) return word;
  return [short, word.replace(DRAWN_OUT, "$1$1")].find((each) => meanings.has(each)) ?? word;
}

/** Splits "7pm" as "7 pm". */
function splitDigits(word: string): readonly string[] {
  return word.match(/\p{Nd}[\p{Nd}./]*|[^\p{Nd}]+/gu) ?? [];
}

function takePiece(
  words: readonly string[],
  at: number,
  lexicon: LanguageLexicon,
): { piece: TextPiece; words: number } {
  for (let count = Math.min(lexicon.longest, words.length - at); count > 0; count -= 1) {
    const text = words.slice(at, at + count).join(" ");
    const meaning = lexicon.meanings.get(text);
    if (meaning !== undefined)
      return { piece: { text, key: toPieceKey(text, meaning), meaning, explicit: false }, words: count };
  }
  const text = words[at] ?? "";
  const meaning = findMeaning(text);
  return { piece: { text, key: toPieceKey(text, meaning), meaning, explicit: false }, words: 1 };
}

/** @returns the meaning of a word that is not in the lexicon */
function findMeaning(text: string): WordMeaning {
  if (/^\p{Nd}{1,2}$/u.test(text)) return { number: Number(text) };
  return isPictograph(text) ? { small: true } : {};
}

function toPieceKey(text: string, { number, place }: WordMeaning): string {
  if (number !== undefined) return String(number);
  return place === undefined ? text : `${place}.`;
}

/** Recognises "option two" and "no. 2", but not "no two", which may be a no. */
function isNumberAnnounced({ meaning }: TextPiece, next: TextPiece): boolean {
  if (meaning.numbering === undefined || next.meaning.number === undefined || next.explicit) return false;
  return meaning.polarity === undefined || /^\p{Nd}/u.test(next.text);
}

/** Tests whether the piece can stand beside an answer without changing it. */
export function isSmall({ meaning }: TextPiece): boolean {
  return meaning.small === true || (meaning.polarity === true && meaning.joining === undefined);
}

/** Tests whether typos are not allowed in the piece: a number, or a word such as "no", "not" or "both". */
export function isExactPiece({ text, meaning }: TextPiece): boolean {
  const { polarity, number, place, negation, neither } = meaning;
  return [polarity, number, place, negation, neither].some((each) => each !== undefined) || /\p{Nd}/u.test(text);
}

/** Tests whether the piece reverses the words beside it. */
export function isNegation({ meaning }: TextPiece): boolean {
  return meaning.negation === true || meaning.polarity === false;
}

/** @returns the pieces that are not small or, if all are small, those that can be an answer by themselves */
export function dropSmallPieces(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const isMixed = pieces.some((piece) => isNegation(piece) || piece.meaning.polarity === null);
  const rest = pieces.filter((piece) => !isSmall(piece) || (isMixed && piece.meaning.polarity === true));
  if (rest.length > 0) return rest;
  const answers = pieces.filter(({ meaning }) => meaning.polarity === true || meaning.number !== undefined);
  if (answers.length > 0) return answers;
  return pieces.length === 1 ? pieces : pieces.filter(({ text }) => isPictograph(text) || /^\p{L}$/u.test(text));
}
