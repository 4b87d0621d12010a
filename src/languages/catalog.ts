import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { hindi } from "./hi.ts";
import type { Language } from "./language.ts";
import { portuguese } from "./pt.ts";

/** Every language that Parley speaks, by code. */
export const LANGUAGES = {
  en: english,
  es: spanish,
  fr: french,
  de: german,
  pt: portuguese,
  hi: hindi,
} as const satisfies Readonly<Record<string, Language>>;

export type LanguageCode = keyof typeof LANGUAGES;

/**
 * @param tag a BCP 47 tag, in any case: "pt-BR" finds Portuguese
 * @returns null if Parley does not speak the language
 */
export function findLanguage(tag: string): Language | null {
  // The fast path for most tags.
  if (isLanguageCode(tag)) return LANGUAGES[tag];
  const code = tag.trim().toLowerCase().split("-", 1)[0] ?? "";
  return isLanguageCode(code) ? LANGUAGES[code] : null;
}

/** Tests for a BCP 47 tag that Intl accepts, unlike "en-us-ny". */
export function isLanguageTag(text: string): boolean {
  // The fast path for most tags.
  if (/^[a-z]{2}(?:-[A-Z]{2})?$/u.test(text)) return true;
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

function isLanguageCode(code: string): code is LanguageCode {
  return Object.hasOwn(LANGUAGES, code);
}

/** @returns the first of these languages that Parley speaks, otherwise English */
export function chooseLanguage(...tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = findLanguage(tag);
    if (language !== null) return language;
  }
  return LANGUAGES.en;
}
