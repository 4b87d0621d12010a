import * as z from "zod/mini";
import { PATTERN_CHARACTERS, VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import { toPlainDigits } from "../../core/plain-digits.ts";

/**
 * A pattern of answers: `A` is a letter, `9` a digit, `*` either, `?` makes the character before it optional, and any
 * other character stands for itself in any case. `AA-9999` is two letters, a hyphen and four digits. Regular
 * expressions are not allowed, because a careless one could block a Worker.
 */
export const answerPattern = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(PATTERN_CHARACTERS),
    z.describe(
      "Form of the answer, for example AA-9999: A is a letter, 9 a digit, * either; ? makes the character before it optional",
    ),
  );

/** Characters that phones may send for a hyphen. */
const DASHES = /[‐-―−]/gu;

interface PatternPlace {
  readonly test: (character: string) => boolean;
  readonly optional: boolean;
}

/** Tests whether the text matches the pattern, whatever its case and the spaces around it. */
export function isPatternMatch(pattern: string, text: string): boolean {
  const places = parsePattern(pattern);
  const plain = toPlainDigits(text.trim().slice(0, VALUE_CHARACTERS).normalize("NFKC")).replace(DASHES, "-");
  const characters = Array.from(plain.toLowerCase());
  // The places that may come next. There is one set for each character, so no pattern takes long.
  let open = skipOptionalPlaces(new Set([0]), places);
  for (const character of characters) {
    const after = [...open].filter((at) => places[at]?.test(character) === true).map((at) => at + 1);
    open = skipOptionalPlaces(new Set(after), places);
  }
  return open.has(places.length);
}

function parsePattern(pattern: string): readonly PatternPlace[] {
  const characters = Array.from(pattern);
  return characters.flatMap((character, index) => {
    if (character === "?" && index > 0) return [];
    return [{ test: createCharacterTest(character), optional: characters[index + 1] === "?" }];
  });
}

function createCharacterTest(character: string): PatternPlace["test"] {
  switch (character) {
    case "A":
      return (each) => /\p{L}/u.test(each);
    case "9":
      return (each) => /\d/u.test(each);
    case "*":
      return (each) => /[\p{L}\d]/u.test(each);
    default:
      return (each) => each === character.toLowerCase();
  }
}

function skipOptionalPlaces(open: ReadonlySet<number>, places: readonly PatternPlace[]): ReadonlySet<number> {
  const all = new Set(open);
  for (const at of all) if (places[at]?.optional === true) all.add(at + 1);
  return all;
}
