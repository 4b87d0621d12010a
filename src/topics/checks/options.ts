import { isCarrierKeyword } from "../../consent/carrier-keywords.ts";
import { OPTIONS_PER_PAGE } from "../../core/limits/topics.ts";
import { quoteText } from "../../schema/issue-texts.ts";
import type { LocalizedText } from "../../templates/localized-text.ts";
import { normaliseText, toPlainText } from "../../understanding/normalise.ts";
import type { ChoiceOption } from "../steps/step-kind.ts";
import {
  type CheckFinding,
  createStepError,
  createStepWarning,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";

/** Options that cannot be told apart by what the person types. */
export function checkOptions({ steps }: ParsedTopic): readonly CheckFinding[] {
  return steps.flatMap((step) => {
    const options = step.read?.references.options ?? [];
    const languages = listLabelLanguages(options);
    return [...languages.flatMap((language) => checkLabels(step, options, language)), ...checkValues(step, options)];
  });
}

/** @returns the languages of the labels; null where there is one label for all */
function listLabelLanguages(options: readonly ChoiceOption[]): readonly (string | null)[] {
  const languages = options.flatMap(({ label }) => (typeof label === "string" ? [] : Object.keys(label)));
  return languages.length === 0 ? [null] : [...new Set(languages)];
}

function checkLabels(
  step: ParsedStep,
  options: readonly ChoiceOption[],
  language: string | null,
): readonly CheckFinding[] {
  const before = new Map<string, number>();
  return options.flatMap((option, index) => {
    const label = findLabelText(option.label, language);
    const form = label === null ? "" : normaliseLabel(label);
    if (label === null || form === "") return [];
    const pointer = `${option.pointer}/label${typeof option.label === "string" ? "" : `/${language}`}`;
    const same = before.get(form);
    if (same === undefined) before.set(form, index);
    else
      return [
        createStepError(
          step,
          pointer,
          `option ${same + 1} is called ${quoteText(label)} too, so that nobody can choose by name.`,
        ),
      ];
    return [...checkLabelNumber(step, pointer, form, index, options.length), ...checkCarrierWord(step, pointer, label)];
  });
}

function checkLabelNumber(
  step: ParsedStep,
  pointer: string,
  form: string,
  index: number,
  count: number,
): readonly CheckFinding[] {
  const own = (index % OPTIONS_PER_PAGE) + 1;
  if (!isOtherNumber(form, index, count)) return [];
  const detail = `option ${own} is called ${quoteText(form)}, which is the number of another option: who answers ${form} may mean either. Write more, as "${form} days".`;
  return [createStepError(step, pointer, detail)];
}

/** Options are numbered from 1 on each page, the last number of a page leads to the next. */
function isOtherNumber(form: string, index: number, count: number): boolean {
  const first = Math.floor(index / OPTIONS_PER_PAGE) * OPTIONS_PER_PAGE;
  const own = index - first + 1;
  const shown = Math.min(count - first, OPTIONS_PER_PAGE) + (count > OPTIONS_PER_PAGE ? 1 : 0);
  const number = /^\d{1,2}$/u.test(form) ? Number(form) : own;
  return number !== own && number >= 1 && number <= shown;
}

function checkCarrierWord(step: ParsedStep, pointer: string, label: string): readonly CheckFinding[] {
  if (!isCarrierKeyword(label)) return [];
  const detail = `${quoteText(label)} is a word of the carriers: on most numbers Twilio answers it itself, so that this option can be chosen by its number only. Choose another word.`;
  return [createStepWarning(step, pointer, detail)];
}

/** Values can be typed too, after the labels. */
function checkValues(step: ParsedStep, options: readonly ChoiceOption[]): readonly CheckFinding[] {
  const labels = new Map(
    options.flatMap(({ label }, index) =>
      listLabelTexts(label).map((words) => [normaliseLabel(words), index] as const),
    ),
  );
  const before = new Map<string, number>();
  return options.flatMap(({ pointer, value }, index) => {
    const form = value === undefined ? "" : normaliseLabel(value);
    if (form === "") return [];
    const same = before.get(form);
    const named = labels.get(form);
    if (same === undefined) before.set(form, index);
    else
      return [
        createStepWarning(
          step,
          `${pointer}/value`,
          `option ${same + 1} keeps the value ${quoteText(form)} too: later nobody can tell which was chosen.`,
        ),
      ];
    if (named === undefined || named === index) return [];
    const detail = `the value ${quoteText(form)} is what option ${named + 1} is called: who types it gets that one.`;
    return [createStepWarning(step, `${pointer}/value`, detail)];
  });
}

function findLabelText(wording: LocalizedText, language: string | null): string | null {
  if (typeof wording === "string") return wording;
  return language === null ? null : (wording[language] ?? null);
}

function listLabelTexts(wording: LocalizedText): readonly string[] {
  return typeof wording === "string" ? [wording] : Object.values(wording);
}

/** Without what does not matter when it is typed. Templates are the same only where they are written the same. */
function normaliseLabel(label: string): string {
  if (/\{\{|\{%/u.test(label)) return label.trim();
  const exact = toPlainText(label);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normaliseText(label);
}
