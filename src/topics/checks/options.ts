import { isCarrierWord } from "../../consent/carrier.ts";
import { OPTIONS_PER_PAGE } from "../../core/limits/topics.ts";
import { quoted } from "../../schema/explain.ts";
import type { Wording } from "../../templates/wording.ts";
import { normalise, plain } from "../../understanding/normalise.ts";
import type { Option } from "../steps/kind.ts";
import { type Draft, type DraftStep, errorIn, type Finding, warningIn } from "./draft.ts";

/** Options that cannot be told apart by what the person types. */
export function checkOptions({ steps }: Draft): readonly Finding[] {
  return steps.flatMap((step) => {
    const options = step.read?.references.options ?? [];
    const languages = languagesOf(options);
    return [...languages.flatMap((language) => checkLabels(step, options, language)), ...checkValues(step, options)];
  });
}

/** @returns the languages of the labels; null where there is one label for all */
function languagesOf(options: readonly Option[]): readonly (string | null)[] {
  const languages = options.flatMap(({ label }) => (typeof label === "string" ? [] : Object.keys(label)));
  return languages.length === 0 ? [null] : [...new Set(languages)];
}

function checkLabels(step: DraftStep, options: readonly Option[], language: string | null): readonly Finding[] {
  const before = new Map<string, number>();
  return options.flatMap((option, index) => {
    const label = wordsIn(option.label, language);
    const form = label === null ? "" : formOf(label);
    if (label === null || form === "") return [];
    const pointer = `${option.pointer}/label${typeof option.label === "string" ? "" : `/${language}`}`;
    const same = before.get(form);
    if (same === undefined) before.set(form, index);
    else
      return [
        errorIn(step, pointer, `option ${same + 1} is called ${quoted(label)} too, so that nobody can choose by name.`),
      ];
    return [...numberProblem(step, pointer, form, index, options.length), ...carrierProblem(step, pointer, label)];
  });
}

function numberProblem(
  step: DraftStep,
  pointer: string,
  form: string,
  index: number,
  count: number,
): readonly Finding[] {
  const own = (index % OPTIONS_PER_PAGE) + 1;
  if (!isNumberOfAnother(form, index, count)) return [];
  const detail = `option ${own} is called ${quoted(form)}, which is the number of another option: who answers ${form} may mean either. Write more, as "${form} days".`;
  return [errorIn(step, pointer, detail)];
}

/** Options are numbered from 1 on each page, the last number of a page leads to the next. */
function isNumberOfAnother(form: string, index: number, count: number): boolean {
  const first = Math.floor(index / OPTIONS_PER_PAGE) * OPTIONS_PER_PAGE;
  const own = index - first + 1;
  const shown = Math.min(count - first, OPTIONS_PER_PAGE) + (count > OPTIONS_PER_PAGE ? 1 : 0);
  const number = /^\d{1,2}$/u.test(form) ? Number(form) : own;
  return number !== own && number >= 1 && number <= shown;
}

function carrierProblem(step: DraftStep, pointer: string, label: string): readonly Finding[] {
  if (!isCarrierWord(label)) return [];
  const detail = `${quoted(label)} is a word of the carriers: on most numbers Twilio answers it itself, so that this option can be chosen by its number only. Choose another word.`;
  return [warningIn(step, pointer, detail)];
}

/** Values can be typed too, after the labels. */
function checkValues(step: DraftStep, options: readonly Option[]): readonly Finding[] {
  const labels = new Map(
    options.flatMap(({ label }, index) => allOf(label).map((words) => [formOf(words), index] as const)),
  );
  const before = new Map<string, number>();
  return options.flatMap(({ pointer, value }, index) => {
    const form = value === undefined ? "" : formOf(value);
    if (form === "") return [];
    const same = before.get(form);
    const named = labels.get(form);
    if (same === undefined) before.set(form, index);
    else
      return [
        warningIn(
          step,
          `${pointer}/value`,
          `option ${same + 1} keeps the value ${quoted(form)} too: later nobody can tell which was chosen.`,
        ),
      ];
    if (named === undefined || named === index) return [];
    const detail = `the value ${quoted(form)} is what option ${named + 1} is called: who types it gets that one.`;
    return [warningIn(step, `${pointer}/value`, detail)];
  });
}

function wordsIn(wording: Wording, language: string | null): string | null {
  if (typeof wording === "string") return wording;
  return language === null ? null : (wording[language] ?? null);
}

function allOf(wording: Wording): readonly string[] {
  return typeof wording === "string" ? [wording] : Object.values(wording);
}

/** Without what does not matter when it is typed. Templates are the same only where they are written the same. */
function formOf(label: string): string {
  if (/\{\{|\{%/u.test(label)) return label.trim();
  const exact = plain(label);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normalise(label);
}
