import type { Language } from "../languages/language.ts";
import { lexiconOf } from "./lexicon.ts";
import { spellings, wordsOf } from "./normalise.ts";
import { type Piece, piecesOf } from "./pieces.ts";

/** @returns whether the person said yes or no, or null where it is neither, or both, or more than that */
export function yesOrNo(text: string, language: Language): boolean | null {
  const lexicon = lexiconOf(language);
  const answers = spellings(text).map((spelling) => polarityOf(piecesOf(wordsOf(spelling), lexicon)));
  return answers.find((answer) => answer !== null) ?? null;
}

/** @returns what all the pieces say together */
export function polarityOf(pieces: readonly Piece[]): boolean | null {
  const said = pieces.filter(({ meaning }) => meaning.polarity !== undefined || meaning.small === undefined);
  // "Gerne" is a yes where it stands alone, and changes nothing beside a no.
  const strong = said.filter(({ meaning }) => meaning.small === undefined);
  const polarities = new Set((strong.length > 0 ? strong : said).map(({ meaning }) => meaning.polarity));
  const [only] = polarities;
  return polarities.size === 1 ? (only ?? null) : null;
}

/** @returns what the first piece says, if it says a yes or a no */
export function leadingPolarity(pieces: readonly Piece[]): boolean | null {
  return pieces[0]?.meaning.polarity ?? null;
}
