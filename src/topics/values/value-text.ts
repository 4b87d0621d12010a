import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import { toPlainDigits } from "../../core/plain-digits.ts";

/** Digits that are no digits of a number: an exponent would become its last one. */
const RAISED = /[\u00B2\u00B3\u00B9\u2070-\u209C]/gu;
const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF]|\uFE0E|\uFE0F/gu;
const ASCII = /^[\x20-\x7E]*$/u;
/** Accents of Latin letters, and the dot below of Devanagari, which many leave out. */
const ACCENTS = /[\u0300-\u036F\u093C]/gu;

/**
 * What people type, as the readers of values compare it: small letters, ASCII digits, quotes and minus signs, without accents.
 * @returns an empty text for one that is longer than any value
 */
export function foldValue(text: string): string {
  if (text.length > VALUE_CHARACTERS) return "";
  // Most texts; all the rest below would leave them as they are.
  if (ASCII.test(text)) return text.toLowerCase().replaceAll("`", "'").trim();
  return toPlainDigits(text.replace(RAISED, "^").normalize("NFKC"))
    .replace(INVISIBLE, "")
    .toLowerCase()
    .normalize("NFD")
    .replace(ACCENTS, "")
    .replace(/[‘’`´]/gu, "'")
    .replace(/[‐‑‒–−]/gu, "-")
    .trim();
}

const COURTESY = new Set(
  [
    "please pls thanks thank you thx",
    "por favor gracias",
    "svp merci",
    "bitte danke",
    "obrigado obrigada",
    "धन्यवाद",
  ].flatMap((words) => words.split(" ")),
);

/** @returns the words of a folded text, without what is only polite */
export function splitValueWords(folded: string): readonly string[] {
  return folded.split(/[^\p{L}\p{M}\p{N}']+/u).filter((word) => word !== "" && !COURTESY.has(word));
}

/** "en" of "en-GB". */
export function parseLanguage(tag: string): string {
  return new Intl.Locale(tag).language;
}

/** "GB" of "en-GB"; null where the tag names no country. */
export function parseCountry(tag: string): string | null {
  const { region = "" } = new Intl.Locale(tag);
  return /^[A-Z]{2}$/u.test(region) ? region : null;
}
