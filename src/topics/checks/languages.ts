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

/** @returns the languages that the topic's texts are written in, where they say it */
export function listTextLanguages({ steps }: ParsedTopic): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => listTranslatedTexts(step).flatMap(({ languages }) => languages)));
}

/** Languages that nobody speaks, or that one text lacks and others have. */
export function checkLanguages({ steps }: ParsedTopic, spoken: ReadonlySet<string>): readonly CheckFinding[] {
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  const real = [...spoken].filter((tag) => findLanguage(tag) !== null || names.of(tag) !== undefined);
  const guesses = new NameGuesses(real);
  const isReal = new Set(real);
  return steps.flatMap((step) =>
    listTranslatedTexts(step).flatMap(({ pointer, languages }) => {
      const unreal = languages.filter((tag) => !isReal.has(tag));
      const own = new Set(languages);
      const missing = own.size - unreal.length < real.length ? real.filter((tag) => !own.has(tag)) : [];
      return [
        ...unreal.map((tag) =>
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
  const detail = `other texts of this topic are in ${joinQuotedNames(missing, 5)} too, and this one is not: who speaks that gets another language.`;
  return createStepWarning(step, pointer, detail);
}

interface TranslatedText {
  readonly pointer: string;
  readonly languages: readonly string[];
}

/** Texts that are written once for each language. */
function listTranslatedTexts({ read }: ParsedStep): readonly TranslatedText[] {
  const texts = new Map<string, string[]>();
  for (const { pointer, language } of read?.references.templates ?? []) {
    if (typeof language !== "string") continue;
    const base = pointer.slice(0, -language.length - 1);
    texts.set(base, [...(texts.get(base) ?? []), language]);
  }
  return [...texts].map(([pointer, languages]) => ({ pointer, languages }));
}
