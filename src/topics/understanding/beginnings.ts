import { indexesOf, type Label } from "./label.ts";
import { mistaken } from "./mistakes.ts";
import { isTold, type Piece } from "./pieces.ts";

/** @returns the options that have every piece in their label, as a word or (two letters and more) as the beginning of one */
export function beginnings(rest: readonly Piece[], labels: readonly Label[]): readonly number[] {
  const found = indexesOf(labels, (label) => label.some(({ pieces }) => standsIn(rest, pieces, begins)));
  const [only] = found;
  if (found.length !== 1 || only === undefined) return found;
  if (labels[only]?.some(({ pieces }) => standsIn(rest, pieces, equals)) === true) return found;
  // "Marga" begins Margarita, but it may be Marge with a mistake.
  return [only, ...mistaken(rest, labels)];
}

type Test = (said: Piece, word: Piece, first: boolean) => boolean;

/** Each word of the label serves once. */
function standsIn(rest: readonly Piece[], pieces: readonly Piece[], test: Test): boolean {
  const left = new Set(pieces);
  return (
    rest.length > 0 &&
    rest.every((said) => {
      const word = [...left].find((each) => test(said, each, each === pieces[0]));
      return word !== undefined && left.delete(word);
    })
  );
}

function equals(said: Piece, word: Piece): boolean {
  const { number } = said.meaning;
  return (
    said.key === word.key ||
    word.text.startsWith(`${said.text} `) ||
    (number !== undefined && number === word.meaning.number && !said.explicit)
  );
}

function begins(said: Piece, word: Piece, first: boolean): boolean {
  if (equals(said, word)) return true;
  if (!/^\p{L}[\p{L}\p{M}]*$/u.test(said.text) || isTold(said) || (said.meaning.small === true && said.text.length > 1))
    return false;
  return word.text.startsWith(said.text) && (said.text.length > 1 || first);
}
