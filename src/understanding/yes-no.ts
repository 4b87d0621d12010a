import type { Language } from "../languages/language.ts";
import { getLexicon } from "./lexicon.ts";
import { listSpellings, splitWords } from "./normalise.ts";
import { splitPieces, type TextPiece } from "./pieces.ts";

/** @returns true for a yes, false for a no, and null if the text is neither, or both, or says more than that */
export function parseYesOrNo(text: string, language: Language): boolean | null {
  const lexicon = getLexicon(language);
  const answers = listSpellings(text).map((spelling) => findPolarity(splitPieces(splitWords(spelling), lexicon)));
  return answers.find((answer) => answer !== null) ?? null;
}

/** @returns the yes or no that all the pieces together say, or null */
export function findPolarity(pieces: readonly TextPiece[]): boolean | null {
  const telling = pieces.filter(({ meaning }) => meaning.polarity !== undefined || meaning.small === undefined);
  // "Gerne" alone is a yes, but beside a no it changes nothing.
  const strong = telling.filter(({ meaning }) => meaning.small === undefined);
  const polarities = new Set((strong.length > 0 ? strong : telling).map(({ meaning }) => meaning.polarity));
  const [only] = polarities;
  return polarities.size === 1 ? (only ?? null) : null;
}

/** @returns the yes or no of the first piece, or null */
export function findLeadingPolarity(pieces: readonly TextPiece[]): boolean | null {
  return pieces[0]?.meaning.polarity ?? null;
}
