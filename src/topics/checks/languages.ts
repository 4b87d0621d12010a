import { findLanguage } from "../../languages/catalog.ts";
import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import {
  type CheckFinding,
  createStepError,
  createStepWarning,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";

/** @returns the languages of the topic's translated texts */
export function listTextLanguages({ steps }: ParsedTopic): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => listTranslatedTexts(step).flatMap(({ languages }) => languages)));
}

/** Checks for language tags that do not exist, and for texts that lack a language of other texts. */
export function checkLanguages({ steps }: ParsedTopic, tags: ReadonlySet<string>): readonly CheckFinding[] {
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  const real = [...tags].filter((tag) => findLanguage(tag) !== null || names.of(tag) !== undefined);
  const guesses = new NameGuesses(real);
  const isReal = new Set(real);
  return steps.flatMap((step) =>
    listTranslatedTexts(step).flatMap(({ pointer, languages }) => {
      const unknown = languages.filter((tag) => !isReal.has(tag));
      const present = new Set(languages);
      const missing = present.size - unknown.length < real.length ? real.filter((tag) => !present.has(tag)) : [];
      return [
        ...unknown.map((tag) =>
          createStepError(
            step,
            `${pointer}/${tag}`,
            `there is no language ${quoteText(tag)}.${guesses.formatHint(tag)}`,
          ),
        ),
        ...(missing.length === 0 ? [] : [warnMissingLanguage(step, pointer, missing)]),
      ];
    }),
  );
}

function warnMissingLanguage(step: ParsedStep, pointer: string, missing: readonly string[]): CheckFinding {
  const detail = `other texts of this topic are also in ${joinQuotedNames(missing, 5)}, but this one is not, so its contacts get another language. Add the translation.`;
  return createStepWarning(step, pointer, detail);
}

interface TranslatedText {
  readonly pointer: string;
  readonly languages: readonly string[];
}

/** @returns the texts that have a translation for each language */
function listTranslatedTexts({ parsed }: ParsedStep): readonly TranslatedText[] {
  const texts = new Map<string, string[]>();
  for (const { pointer, language } of parsed?.references.templates ?? []) {
    if (typeof language !== "string") continue;
    const base = pointer.slice(0, -language.length - 1);
    texts.set(base, [...(texts.get(base) ?? []), language]);
  }
  return [...texts].map(([pointer, languages]) => ({ pointer, languages }));
}
