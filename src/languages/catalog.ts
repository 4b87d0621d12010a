import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { hindi } from "./hi.ts";
import type { Language } from "./language.ts";
import { portuguese } from "./pt.ts";

/** Every language that Parley speaks, by its code. */
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
 * @returns null where Parley does not speak the language
 */
export function findLanguage(tag: string): Language | null {
  // Nearly all.
  if (isLanguageCode(tag)) return LANGUAGES[tag];
  const code = tag.trim().toLowerCase().split("-", 1)[0] ?? "";
  return isLanguageCode(code) ? LANGUAGES[code] : null;
}

/** @returns whether it is a BCP 47 tag, so that Intl takes it: "en-us-ny" is none */
export function isLanguageTag(text: string): boolean {
  // Nearly all.
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

/** @returns the first of the languages that Parley speaks, else English */
export function chooseLanguage(...tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = findLanguage(tag);
    if (language !== null) return language;
  }
  return LANGUAGES.en;
}
