import { isRecord } from "../../core/json.ts";
import { quoteText } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { explainLiquidError } from "../../templates/liquid-errors.ts";
import {
  createTemplateRenderer,
  findTemplateProblem,
  isWellFormedCondition,
  listTemplateVariables,
  type TemplateRenderer,
  toConditionTemplate,
} from "../../templates/template.ts";
import { BUILT_IN_NAMES } from "../../templates/variable-names.ts";
import { type StepReference } from "../steps/step-kind.ts";
import {
  type CheckFinding,
  createStepError,
  createStepWarning,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";

/** @param elsewhere variables that other topics of the same applications set */
export function checkLiquid(draft: ParsedTopic, elsewhere: Iterable<string>): readonly CheckFinding[] {
  const known = new Set([...BUILT_IN_NAMES, "language", ...listTopicVariables(draft), ...elsewhere]);
  const reader: LiquidContext = { templates: createTemplateRenderer(), known, guesses: new NameGuesses(known) };
  return draft.steps.flatMap((step) => {
    const { templates = [], urls = [], requests = [], conditions = [] } = step.read?.references ?? {};
    return [
      ...[...templates, ...urls, ...requests].flatMap((text) => checkTemplate(step, text, reader)),
      ...conditions.flatMap((condition) => checkCondition(step, condition, reader)),
    ];
  });
}

interface LiquidContext {
  readonly templates: TemplateRenderer;
  readonly known: ReadonlySet<string>;
  readonly guesses: NameGuesses;
}

/** @returns the variables that the topic gives a value, as far as it can be read */
function listTopicVariables({ steps }: ParsedTopic): readonly string[] {
  return steps.flatMap(({ read, written }) =>
    read === null ? listStepVariables(written) : (read.references.saves ?? []).map(({ value }) => value),
  );
}

/** @returns the variables that a step gives a value, though it may be of a kind that is not known */
export function listStepVariables(written: unknown): readonly string[] {
  if (!isRecord(written)) return [];
  const { save, values } = written;
  return [...(typeof save === "string" ? [save] : []), ...(isRecord(values) ? Object.keys(values) : [])];
}

function checkTemplate(
  step: ParsedStep,
  { pointer, value, language }: StepReference,
  reader: LiquidContext,
): readonly CheckFinding[] {
  const problem = findTemplateProblem(value);
  if (problem !== null)
    return [createStepError(step, pointer, `this is no valid Liquid${explainLiquidError(problem)}`)];
  const variables = listTemplateVariables(value);
  const unset = checkVariablesSet(step, pointer, variables, reader);
  const isForPeople = language !== undefined;
  return [...unset, ...tryTemplate(step, { pointer, value }, variables, isForPeople, reader.templates)];
}

function checkCondition(
  step: ParsedStep,
  { pointer, value }: StepReference,
  reader: LiquidContext,
): readonly CheckFinding[] {
  if (/[{}]|%\s*$/u.test(value))
    return [
      createStepError(step, pointer, "a condition is written without {% %} and {{ }}, as it stands in Liquid's if."),
    ];
  const template = toConditionTemplate(value);
  const problem = findTemplateProblem(template);
  const shift = template.indexOf(value);
  if (problem !== null)
    return [createStepError(step, pointer, `this is no valid condition${explainLiquidError(problem, shift)}`)];
  if (!isWellFormedCondition(value)) {
    const detail = `${quoteText(value)} is no valid condition: between two values stands ==, !=, <, >, contains, and, or.`;
    return [createStepError(step, pointer, detail)];
  }
  const variables = listTemplateVariables(template);
  return [
    ...checkVariablesSet(step, pointer, variables, reader),
    ...tryTemplate(step, { pointer, value: template }, variables, false, reader.templates),
  ];
}

function checkVariablesSet(
  step: ParsedStep,
  pointer: string,
  variables: readonly string[],
  { known, guesses }: LiquidContext,
): readonly CheckFinding[] {
  return variables
    .filter((name) => !known.has(name) && !(name === "item" && step.read?.references.hasItem === true))
    .map((name) => {
      const hint = guesses.formatHint(name) || " Until something does, it is empty.";
      return createStepWarning(step, pointer, `nothing sets the variable ${quoteText(name)}.${hint}`);
    });
}

/** What Parley itself gives, as it may be. */
const SAMPLE_SCOPE = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  now: "2026-03-02T17:59:00.000Z",
  zone: "UTC",
  application: { id: "x", name: "x" },
  conversation: { language: "en" },
  text: "x",
  media: [],
};

/** What fails whatever the variables hold would fail in front of a person. */
function tryTemplate(
  step: ParsedStep,
  { pointer, value }: StepReference,
  variables: readonly string[],
  isForPeople: boolean,
  templates: TemplateRenderer,
): readonly CheckFinding[] {
  const empty = attemptRender(templates, value, SAMPLE_SCOPE);
  const ones = Object.fromEntries(variables.map((name) => [name, "1"]));
  const filled = variables.length === 0 ? empty : attemptRender(templates, value, { ...ones, ...SAMPLE_SCOPE });
  if (filled.failure !== null && empty.failure !== null)
    return [createStepError(step, pointer, `this can never be rendered${explainLiquidError(filled.failure)}`)];
  if (filled.failure !== null)
    return [
      createStepWarning(
        step,
        pointer,
        `this may fail, as it does where every variable is 1${explainLiquidError(filled.failure)}`,
      ),
    ];
  if (isForPeople && variables.length === 0 && empty.text.trim() === "")
    return [createStepError(step, pointer, "this is always an empty text. Write something, or take it out.")];
  return [];
}

type RenderAttempt =
  | { readonly text: string; readonly failure: null }
  | { readonly text: ""; readonly failure: string };

function attemptRender(
  { render }: TemplateRenderer,
  template: string,
  scope: Readonly<Record<string, unknown>>,
): RenderAttempt {
  try {
    return { text: render(template, scope), failure: null };
  } catch (error) {
    return { text: "", failure: error instanceof Error ? error.message : "it cannot be rendered" };
  }
}
