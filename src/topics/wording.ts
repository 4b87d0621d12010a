import type { Wording } from "./steps/kind.ts";

/** @returns the words in the first of the languages that there are any in, or in its primary language; else the first there are */
export function wordsIn(words: Wording, ...languages: readonly string[]): string {
  if (typeof words === "string") return words;
  const tags = languages.flatMap((language) => [language, language.split("-")[0] ?? language]);
  const tag = tags.find((each) => each in words) ?? Object.keys(words)[0] ?? "";
  return words[tag] ?? "";
}
