/**
 * How many tokens a text takes, by a careful estimate: tokenisers differ, and none is small enough to be carried along. Three letters of
 * ASCII count as one (English has four to five), two digits, and every other sign of it; beyond ASCII two bytes of UTF-8 do, so that
 * Cyrillic counts a token a letter, Chinese and Hindi one and a half, and an emoji two. Sentences of any language take less with OpenAI's
 * tokenisers; what is no language at all, as a signature in a URL, may take a third more.
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
