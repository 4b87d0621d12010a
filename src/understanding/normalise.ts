import { BoundedCache } from "../core/bounded-cache.ts";
import { TEXTS_CACHED, TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { toPlainDigits } from "../core/plain-digits.ts";

const QUOTES = /[‘’`´]/gu;
const DASHES = /[‐-―−]/gu;
const BEGINS = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const ENDS = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\p{Join_Control}]/u;
const KEYCAPS = /\uFE0F?\u20E3/gu;

/** A pattern that nearly all texts match. */
const TRIMMED = /^[a-z0-9](?:[\x20-\x7E]*[a-z0-9])?$/u;

/** @returns the text in lower case, with ASCII digits, without punctuation at its ends, with single spaces */
export function normaliseText(text: string): string {
  const plain = toPlainText(text);
  if (TRIMMED.test(plain)) return plain;
  const characters = Array.from(plain);
  // This searches from both ends by hand, because a pattern for the end of a text would test every character
  // repeatedly.
  const begin = characters.findIndex((character) => BEGINS.test(character));
  const end = characters.findLastIndex((character) => ENDS.test(character));
  return begin === -1
    ? ""
    : characters
        .slice(begin, end + 1)
        .join("")
        .trim();
}

const ASCII = /^[\x20-\x7E]*$/u;

/** A cache, because a text is compared in many ways and labels are the same from turn to turn. */
const cachedPlainTexts = new BoundedCache<string>(TEXTS_CACHED);

/** @returns the text as `normaliseText` does, but with punctuation, which tells "A+" from "A-" */
export function toPlainText(text: string): string {
  return text.length > TYPO_CHECK_CHARACTERS
    ? computePlainText(text)
    : cachedPlainTexts.getOrCreate(text, computePlainText);
}

function computePlainText(text: string): string {
  // The fast path for most texts, which the steps below would not change.
  if (ASCII.test(text)) return text.toLowerCase().replaceAll("`", "'").replace(/ {2,}/gu, " ").trim();
  const lower = text
    .replaceAll("🔟", "10")
    .replace(KEYCAPS, "")
    .replace(/\.(?=[ºª])/gu, "")
    .normalize("NFKC")
    .toLowerCase();
  return toPlainDigits(lower).replace(QUOTES, "'").replace(DASHES, "-").replace(/\s+/gu, " ").trim();
}

const WITHOUT_MARK: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  "\u0901": "\u0902",
};
const UMLAUT = /[äöüøå]/gu;
const WITH_E: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ø: "oe", å: "aa" };

/** Accents, the dot below Devanagari letters, and the modifiers of emoji: skin tone, sex, and text or emoji style. */
const MARKS = /[\u0300-\u036F]|\u093C|\u200C|\uFE0E|\uFE0F|\u200D[♀♂]|\p{Emoji_Modifier}/gu;

/**
 * @returns a plain or normalised text without marks that contacts leave out: "sí" becomes "si", "größe" becomes
 * "grosse"
 */
export function foldAccents(text: string): string {
  if (ASCII.test(text)) return text;
  return text
    .replace(/[ßæœøłđı\u0901]/gu, (letter) => WITHOUT_MARK[letter] ?? letter)
    .normalize("NFD")
    .replace(MARKS, "")
    .normalize("NFC");
}

/** @returns the folded text and, if it has umlauts, also its other spelling: "groesse" */
export function listSpellings(text: string): readonly string[] {
  const plain = toPlainText(text);
  const other = plain.replace(UMLAUT, (letter) => WITH_E[letter] ?? letter);
  return plain === other ? [foldAccents(plain)] : [foldAccents(plain), foldAccents(other)];
}

/** A contraction is one word ("don't", "dont"), an elision two ("l'option"). */
const CONTRACTION = /(?<=\p{L})'(\p{L})(?!\p{L})/gu;
const HALF_DAY = /(?<!\p{L})([ap])\. ?m(?!\p{L})/gu;
const NUMBER = /\p{Nd}+(?:[.,:/]\p{Nd}+)*[\p{L}\p{M}]*/u;
const LETTERS = /[\p{L}\p{N}\p{M}]+/u;
/**
 * Pictographs: flags made of two letters or (England's, Scotland's) of a black flag with tags, and joined ones such as
 * families.
 */
const PICTOGRAPH =
  /\p{Regional_Indicator}{2}|\p{Extended_Pictographic}(?:[\u{E0020}-\u{E007F}]+|(?:\u200D\p{Extended_Pictographic})*)/u;
/** Signs that tell "A+" from "A-", and five dollars from the fifth option. */
const SIGN = /[$€£₹%#+]|(?<=(?<!\p{L})\p{L})-(?![\p{L}\p{N}])/u;
const WORD = new RegExp([NUMBER, LETTERS, PICTOGRAPH, SIGN].map(({ source }) => source).join("|"), "gu");

/**
 * @returns the words of a folded text: letters with digits, numbers with their separators, single pictographs, and
 * signs that matter
 */
export function splitWords(folded: string): readonly string[] {
  const words = folded.replace(CONTRACTION, "$1").replace(HALF_DAY, "$1m").match(WORD) ?? [];
  return words.map(normaliseNumber);
}

export function isPictograph(word: string): boolean {
  return /^[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(word);
}

/** Gives "7,30", "7:30" and "7.30" the same form, and "8:00" and "8" too. */
function normaliseNumber(word: string): string {
  return /^\p{Nd}/u.test(word) ? word.replace(/[,:]/gu, ".").replace(/^(\p{Nd}+)\.00(?!\p{Nd}|\.)/u, "$1") : word;
}
