// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/gu;

const COSTLY_SPACES = /[\u00A0\u202F]/gu;
const COSTLY_APOSTROPHE = /\u2019/gu;

/**
 * Replaces special spaces and apostrophes in a text that Intl has formatted: each would halve what fits into a
 * segment, and the plain ones read the same.
 */
export function toPlainSpaces(text: string): string {
  return text.replace(COSTLY_SPACES, " ").replace(COSTLY_APOSTROPHE, "'");
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * Cuts a text between graphemes: never inside a family of emoji, or between a letter and its marks.
 * @param maximum the maximum number of graphemes, dots included
 */
export function truncateText(text: string, maximum: number, dots = "..."): string {
  if (text.length <= maximum) return text;
  const characters = Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
  return characters.length <= maximum ? text : characters.slice(0, Math.max(maximum - dots.length, 0)).join("") + dots;
}

/** Removes what no carrier delivers: control characters, lone surrogates, white space at the ends. */
export function cleanMessageText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(CONTROLS, "").toWellFormed().trim();
}
