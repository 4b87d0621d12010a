import * as z from "zod/mini";
import { TEMPLATE_CHARACTERS } from "../core/limits/topics.ts";

export const template = z
  .string()
  .check(z.minLength(1), z.maxLength(TEMPLATE_CHARACTERS), z.describe("A text, with Liquid where it varies"));

const languageTag = z
  .string()
  .check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language as en or pt-BR"));

/** @returns one text for all, or one for each language */
export function createLocalizedTextSchema(text: typeof template) {
  return z.union([
    text,
    z
      .record(languageTag, text)
      .check(z.refine((words) => Object.keys(words).length > 0, "must have a text in one language at least")),
  ]);
}

export const localizedText = createLocalizedTextSchema(template);

export type LocalizedText = z.infer<typeof localizedText>;

/** @returns the words in the first of the languages that there are any in, or in its primary language; else the first there are */
export function localizeText(words: LocalizedText, ...languages: readonly string[]): string {
  if (typeof words === "string") return words;
  for (const language of languages) {
    const found = [language, language.split("-")[0] ?? language].find((tag) => Object.hasOwn(words, tag));
    if (found !== undefined) return words[found] ?? "";
  }
  return Object.values(words)[0] ?? "";
}
