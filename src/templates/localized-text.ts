import * as z from "zod/mini";
import { TEMPLATE_CHARACTERS } from "../core/limits/topics.ts";

export const template = z
  .string()
  .check(z.minLength(1), z.maxLength(TEMPLATE_CHARACTERS), z.describe("A text; Liquid is allowed"));

const languageTag = z
  .string()
  .check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language such as en or pt-BR"));

/** Creates the schema of a text for all languages, or of one text for each language. */
export function createLocalizedTextSchema(text: typeof template) {
  return z.union([
    text,
    z
      .record(languageTag, text)
      .check(z.refine((words) => Object.keys(words).length > 0, "must have a text in at least one language")),
  ]);
}

export const localizedText = createLocalizedTextSchema(template);

export type LocalizedText = z.infer<typeof localizedText>;

/**
 * @returns the text in the first of these languages that has one, or in its primary language; otherwise the first text
 */
export function localizeText(texts: LocalizedText, ...languages: readonly string[]): string {
  if (typeof texts === "string") return texts;
  for (const language of languages) {
    const found = [language, language.split("-")[0] ?? language].find((tag) => Object.hasOwn(texts, tag));
    if (found !== undefined) return texts[found] ?? "";
  }
  return Object.values(texts)[0] ?? "";
}
