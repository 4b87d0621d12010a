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

/** Checks for options that the contact's answers cannot tell apart. */
export function checkOptions({ steps }: ParsedTopic): readonly CheckFinding[] {
  return steps.flatMap((step) => {
    const options = step.parsed?.references.options ?? [];
    const languages = listLabelLanguages(options);
    return [...languages.flatMap((language) => checkLabels(step, options, language)), ...checkValues(step, options)];
  });
}

/** @returns the languages of the labels; null if each label serves all languages */
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
          `option ${same + 1} has the label ${quoteText(label)} too, so neither can be chosen by name. Change one of them.`,
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
  const number = (index % OPTIONS_PER_PAGE) + 1;
  if (!isOtherNumber(form, index, count)) return [];
  const detail = `option ${number} has the label ${quoteText(form)}, which is the number of another option, so the answer ${form} is ambiguous. Write more, such as "${form} days".`;
  return [createStepError(step, pointer, detail)];
}

/**
 * Tests for the number of another option. Each page counts from 1, and the last number of a page leads to the next
 * page.
 */
function isOtherNumber(form: string, index: number, count: number): boolean {
  const first = Math.floor(index / OPTIONS_PER_PAGE) * OPTIONS_PER_PAGE;
  const ownNumber = index - first + 1;
  const shown = Math.min(count - first, OPTIONS_PER_PAGE) + (count > OPTIONS_PER_PAGE ? 1 : 0);
  const number = /^\d{1,2}$/u.test(form) ? Number(form) : ownNumber;
  return number !== ownNumber && number >= 1 && number <= shown;
}

function checkCarrierWord(step: ParsedStep, pointer: string, label: string): readonly CheckFinding[] {
  if (!isCarrierKeyword(label)) return [];
  const detail = `${quoteText(label)} is a carrier keyword: on most numbers Twilio answers it, so this option can be chosen only by its number. Choose another word.`;
  return [createStepWarning(step, pointer, detail)];
}

/** Checks the values, which contacts can type as well; labels come first. */
function checkValues(step: ParsedStep, options: readonly ChoiceOption[]): readonly CheckFinding[] {
  const labels = new Map(
    options.flatMap(({ label }, index) => listLabelTexts(label).map((text) => [normaliseLabel(text), index] as const)),
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
          `option ${same + 1} saves the value ${quoteText(form)} too, so later steps cannot tell which one was chosen.`,
        ),
      ];
    if (named === undefined || named === index) return [];
    const detail = `the value ${quoteText(form)} is the label of option ${named + 1}, so a contact that types it chooses that one.`;
    return [createStepWarning(step, `${pointer}/value`, detail)];
  });
}

function findLabelText(label: LocalizedText, language: string | null): string | null {
  if (typeof label === "string") return label;
  return language === null ? null : (label[language] ?? null);
}

function listLabelTexts(label: LocalizedText): readonly string[] {
  return typeof label === "string" ? [label] : Object.values(label);
}

/** Normalises a label as an answer is; two templates are the same only if their source is. */
function normaliseLabel(label: string): string {
  if (/\{\{|\{%/u.test(label)) return label.trim();
  const exact = toPlainText(label);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normaliseText(label);
}
