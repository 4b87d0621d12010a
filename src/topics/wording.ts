import type { Wording } from "./steps/kind.ts";

/** @returns the words in the first of the languages that there are any in, or in its primary language; else the first there are */
export function wordsIn(words: Wording, ...languages: readonly string[]): string {
  if (typeof words === "string") return words;
  for (const language of languages) {
    const found = [language, language.split("-")[0] ?? language].find((tag) => Object.hasOwn(words, tag));
    if (found !== undefined) return words[found] ?? "";
  }
  return Object.values(words)[0] ?? "";
}
