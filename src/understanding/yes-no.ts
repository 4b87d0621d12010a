import type { Language } from "../languages/language.ts";
import { getLexicon } from "./lexicon.ts";
import { listSpellings, splitWords } from "./normalise.ts";
import { splitPieces, type TextPiece } from "./pieces.ts";

/** @returns whether the person said yes or no, or null where it is neither, or both, or more than that */
export function parseYesOrNo(text: string, language: Language): boolean | null {
  const lexicon = getLexicon(language);
  const answers = listSpellings(text).map((spelling) => findPolarity(splitPieces(splitWords(spelling), lexicon)));
  return answers.find((answer) => answer !== null) ?? null;
}

/** @returns what all the pieces say together */
export function findPolarity(pieces: readonly TextPiece[]): boolean | null {
  const said = pieces.filter(({ meaning }) => meaning.polarity !== undefined || meaning.small === undefined);
  // "Gerne" is a yes where it stands alone, and changes nothing beside a no.
  const strong = said.filter(({ meaning }) => meaning.small === undefined);
  const polarities = new Set((strong.length > 0 ? strong : said).map(({ meaning }) => meaning.polarity));
  const [only] = polarities;
  return polarities.size === 1 ? (only ?? null) : null;
}

/** @returns what the first piece says, if it says a yes or a no */
export function findLeadingPolarity(pieces: readonly TextPiece[]): boolean | null {
  return pieces[0]?.meaning.polarity ?? null;
}
