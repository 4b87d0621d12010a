/**
 * How many tokens a text takes, at most, by a careful estimate: tokenisers differ, and none is small enough to be carried along. Three
 * letters of plain ASCII count as one (English has four); of anything else two bytes of UTF-8 do, so that Cyrillic counts a token a
 * letter, Chinese and Hindi one and a half, and an emoji two.
 */
export function tokensIn(text: string): number {
  let sixths = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    sixths += code < 0x80 ? 2 : code < 0x8_00 ? 6 : code < 0x1_00_00 ? 9 : 12;
  }
  return Math.ceil(sixths / 6);
}
