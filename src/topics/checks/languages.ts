import { languageOf } from "../../languages/catalog.ts";
import { listed, quoted } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import { type Draft, type DraftStep, errorIn, type Finding, warningIn } from "./draft.ts";

/** @returns the languages that the topic's texts are written in, where they say it */
export function languagesIn({ steps }: Draft): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => wordingsIn(step).flatMap(({ languages }) => languages)));
}

/** Languages that nobody speaks, or that one text lacks and others have. */
export function checkLanguages({ steps }: Draft, spoken: ReadonlySet<string>): readonly Finding[] {
  const names = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });
  const real = [...spoken].filter((tag) => languageOf(tag) !== null || names.of(tag) !== undefined);
  const guesses = new Guesses(real);
  const isReal = new Set(real);
  return steps.flatMap((step) =>
    wordingsIn(step).flatMap(({ pointer, languages }) => {
      const unreal = languages.filter((tag) => !isReal.has(tag));
      const own = new Set(languages);
      const missing = own.size - unreal.length < real.length ? real.filter((tag) => !own.has(tag)) : [];
      return [
        ...unreal.map((tag) =>
          errorIn(step, `${pointer}/${tag}`, `there is no language ${quoted(tag)}.${guesses.hint(tag)}`),
        ),
        ...(missing.length === 0 ? [] : [lacking(step, pointer, missing)]),
      ];
    }),
  );
}

function lacking(step: DraftStep, pointer: string, missing: readonly string[]): Finding {
  const detail = `other texts of this topic are in ${listed(missing, 5)} too, and this one is not: who speaks that gets another language.`;
  return warningIn(step, pointer, detail);
}

interface Written {
  readonly pointer: string;
  readonly languages: readonly string[];
}

/** Texts that are written once for each language. */
function wordingsIn({ read }: DraftStep): readonly Written[] {
  const texts = new Map<string, string[]>();
  for (const { pointer, language } of read?.references.templates ?? []) {
    if (typeof language !== "string") continue;
    const base = pointer.slice(0, -language.length - 1);
    texts.set(base, [...(texts.get(base) ?? []), language]);
  }
  return [...texts].map(([pointer, languages]) => ({ pointer, languages }));
}
