/**
 * Estimates the tokens of a text, rather too high than too low: tokenizers differ, and all are too large to bundle. In
 * ASCII, three letters count as one token (English has four to five), two digits do, and each other character does.
 * Beyond ASCII, two bytes of UTF-8 count as one, so Cyrillic has one token a letter, Chinese and Hindi one and a half,
 * and an emoji two. Sentences of any language take fewer with OpenAI's tokenizers; random characters, such as a
 * signature in a URL, may take a third more.
 */
export function estimateTokens(text: string): number {
  let sixths = 0;
  for (const character of text) sixths += countSixths(character.codePointAt(0) ?? 0);
  return Math.ceil(sixths / 6);
}

function countSixths(code: number): number {
  if (code >= 0x1_00_00) return 12;
  if (code >= 0x8_00) return 9;
  if (code >= 0x80) return 6;
  const letter = code | 0x20;
  if (code === 0x20 || (letter >= 0x61 && letter <= 0x7a)) return 2;
  return code >= 0x30 && code <= 0x39 ? 3 : 6;
}
