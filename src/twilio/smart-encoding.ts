import { measureSegments } from "./segments.ts";

/** A replaced character, its replacement, and how often it occurred. */
export interface CharacterReplacement {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export interface SmartText {
  readonly text: string;
  /** In order of first occurrence. */
  readonly replaced: readonly CharacterReplacement[];
}

/**
 * Replacements in GSM-7, with the similar characters that would make the whole text UCS-2 (70 instead of 160 characters
 * in a segment).
 */
const LOOK_ALIKES: readonly (readonly [to: string, from: string])[] = [
  // ‘ ’ ‚ ‛ ′ ‵ ‹ › ʹ ʻ ʼ ˈ ´ ` ＇
  ["'", "\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bb\u02bc\u02c8\u00b4\u0060\uff07"],
  // “ ” „ ‟ ″ ‶ « » ʺ 〝 〞 ＂
  ['"', "\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba\u301d\u301e\uff02"],
  // ‐ ‑ ‒ – — ― ⁃ − ˗ ﹣ －
  ["-", "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02d7\ufe63\uff0d"],
  ["...", "\u2026"],
  ["..", "\u2025"],
  // No-break, en, em, thin, hair and ideographic spaces, tabs
  [" ", "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"],
  ["\n", "\u0085\u2028\u2029\v"],
  // Zero-width space, word joiner, byte order mark and soft hyphen, but not the joiner used in emoji
  ["", "\u200b\u2060\ufeff\u00ad"],
  // • ∙ ● ▪ ◦ ‣
  ["*", "\u2022\u2219\u25cf\u25aa\u25e6\u2023"],
  // · ․
  [".", "\u00b7\u2024"],
  // ⁄ ∕
  ["/", "\u2044\u2215"],
  // ∖ ﹨
  ["\\", "\u2216\ufe68"],
  // ¦ ∣ ǀ
  ["|", "\u00a6\u2223\u01c0"],
  // ˜ ∼ ～
  ["~", "\u02dc\u223c\uff5e"],
  // ˆ
  ["^", "\u02c6"],
  // ‗ ＿
  ["_", "\u2017\uff3f"],
  // ‼ ⁇ ⁈ ⁉
  ["!!", "\u203c"],
  ["??", "\u2047"],
  ["?!", "\u2048"],
  ["!?", "\u2049"],
];

const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  LOOK_ALIKES.flatMap(([to, from]) => Array.from(from, (char) => [char, to] as const)),
);

/**
 * The beginnings of links: `https://…`, `www.…`, `mailto:…`, `example.com/…`. The long patterns match only at the start
 * of a word, so that long texts do not take long.
 */
const LINK_BEGINNINGS = [
  "www\\.",
  "mailto:",
  "(?<![\\p{L}\\d])[\\p{L}\\d][\\p{L}\\d+.-]*:\\/\\/",
  "(?<![\\p{L}\\d])[\\p{L}\\d][\\p{L}\\d-]*(?:\\.[\\p{L}\\d-]+)+\\/",
];

/**
 * Links stay unchanged, because a replaced character would change their target. A closing quotation mark ends a link.
 */
const LINK = `(?:${LINK_BEGINNINGS.join("|")})[^\\s"\u201d\u00bb]*`;

/** A character followed by a mark or joiner is part of another character, such as the emoji ‼️. */
const LOOK_ALIKE = `[${[...REPLACEMENTS.keys()].join("")}](?![\\p{M}\\u200d])`;

const LINK_OR_LOOK_ALIKE = new RegExp(`${LINK}|(${LOOK_ALIKE})`, "giu");

/**
 * Replaces characters outside GSM-7 that word processors and assistants produce by similar ones. Letters stay, because
 * another letter is another spelling. Links and the characters of emoji stay too, so the text may still be UCS-2.
 */
export function smartEncode(text: string): SmartText {
  const counts = new Map<string, number>();
  const encoded = text.replace(LINK_OR_LOOK_ALIKE, (found, char: string | undefined) => {
    if (char === undefined) return found;
    counts.set(char, (counts.get(char) ?? 0) + 1);
    return REPLACEMENTS.get(char) ?? char;
  });
  const replaced = [...counts].map(([from, count]) => ({ from, to: REPLACEMENTS.get(from) ?? "", count }));
  return { text: encoded, replaced };
}

/**
 * Encodes a message if that saves money: the result must fit GSM-7 and take fewer segments. Otherwise the text stays as
 * it is.
 * @param room maximum length in UTF-16 units, because `…` becomes three characters
 */
export function encodeIfCheaper(text: string, room: number): SmartText {
  const before = measureSegments(text);
  const asWritten = { text, replaced: [] };
  if (before.segments === 1) return asWritten;
  const smart = smartEncode(text);
  const after = measureSegments(smart.text);
  const isCheaper = after.encoding === "GSM-7" && after.segments < before.segments && smart.text.length <= room;
  return isCheaper ? smart : asWritten;
}
