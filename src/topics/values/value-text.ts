import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import { toPlainDigits } from "../../core/plain-digits.ts";

/** Raised digits, which must not be read as digits of a number. */
const RAISED = /[\u00B2\u00B3\u00B9\u2070-\u209C]/gu;
const INVISIBLE = /[\u200B-\u200F\u2060\uFEFF]|\uFE0E|\uFE0F/gu;
const ASCII = /^[\x20-\x7E]*$/u;
/** Accents of Latin letters, and the dot below Devanagari letters, which are often left out. */
const ACCENTS = /[\u0300-\u036F\u093C]/gu;

/**
 * Normalises a text for the value parsers: lower case, ASCII digits, quotes and minus signs, no accents.
 * @returns an empty text if the text is longer than any value
 */
export function foldValue(text: string): string {
  if (text.length > VALUE_CHARACTERS) return "";
  // The fast path for most texts, which the steps below would not change.
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

/** @returns the words of a folded text, without polite words */
export function splitValueWords(folded: string): readonly string[] {
  return folded.split(/[^\p{L}\p{M}\p{N}']+/u).filter((word) => word !== "" && !COURTESY.has(word));
}

/** @returns "en" for "en-GB" */
export function parseLanguage(tag: string): string {
  return new Intl.Locale(tag).language;
}

/** @returns "GB" for "en-GB"; null if the tag has no country */
export function parseCountry(tag: string): string | null {
  const { region = "" } = new Intl.Locale(tag);
  return /^[A-Z]{2}$/u.test(region) ? region : null;
}
