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

/**
 * Checks all templates and conditions.
 * @param elsewhere variables that other topics of the same applications set
 */
export function checkLiquid(topic: ParsedTopic, elsewhere: Iterable<string>): readonly CheckFinding[] {
  const names = new Set([...BUILT_IN_NAMES, "language", ...listTopicVariables(topic), ...elsewhere]);
  const context: LiquidContext = { templates: createTemplateRenderer(), names, guesses: new NameGuesses(names) };
  return topic.steps.flatMap((step) => {
    const { templates = [], urls = [], requests = [], conditions = [] } = step.parsed?.references ?? {};
    return [
      ...[...templates, ...urls, ...requests].flatMap((text) => checkTemplate(step, text, context)),
      ...conditions.flatMap((condition) => checkCondition(step, condition, context)),
    ];
  });
}

interface LiquidContext {
  readonly templates: TemplateRenderer;
  readonly names: ReadonlySet<string>;
  readonly guesses: NameGuesses;
}

/** @returns the variables that the topic sets, as far as it can be parsed */
function listTopicVariables({ steps }: ParsedTopic): readonly string[] {
  return steps.flatMap(({ parsed, source }) =>
    parsed === null ? listStepVariables(source) : (parsed.references.saves ?? []).map(({ value }) => value),
  );
}

/** @returns the variables that a step sets, even if its kind is unknown */
export function listStepVariables(source: unknown): readonly string[] {
  if (!isRecord(source)) return [];
  const { save, values } = source;
  return [...(typeof save === "string" ? [save] : []), ...(isRecord(values) ? Object.keys(values) : [])];
}

function checkTemplate(
  step: ParsedStep,
  { pointer, value, language }: StepReference,
  context: LiquidContext,
): readonly CheckFinding[] {
  const problem = findTemplateProblem(value);
  if (problem !== null)
    return [createStepError(step, pointer, `this is not valid Liquid${explainLiquidError(problem)}`)];
  const variables = listTemplateVariables(value);
  const unset = checkVariablesSet(step, pointer, variables, context);
  const isForContacts = language !== undefined;
  return [...unset, ...tryTemplate(step, { pointer, value }, variables, isForContacts, context.templates)];
}

function checkCondition(
  step: ParsedStep,
  { pointer, value }: StepReference,
  context: LiquidContext,
): readonly CheckFinding[] {
  if (/[{}]|%\s*$/u.test(value))
    return [createStepError(step, pointer, "a condition must be written as in Liquid's if, without {% %} and {{ }}.")];
  const template = toConditionTemplate(value);
  const problem = findTemplateProblem(template);
  const shift = template.indexOf(value);
  if (problem !== null)
    return [createStepError(step, pointer, `this is not a valid condition${explainLiquidError(problem, shift)}`)];
  if (!isWellFormedCondition(value)) {
    const detail = `${quoteText(value)} is not a valid condition. Put one of ==, !=, <, >, contains, and, or between two values.`;
    return [createStepError(step, pointer, detail)];
  }
  const variables = listTemplateVariables(template);
  return [
    ...checkVariablesSet(step, pointer, variables, context),
    ...tryTemplate(step, { pointer, value: template }, variables, false, context.templates),
  ];
}

function checkVariablesSet(
  step: ParsedStep,
  pointer: string,
  variables: readonly string[],
  { names, guesses }: LiquidContext,
): readonly CheckFinding[] {
  return variables
    .filter((name) => !names.has(name) && !(name === "item" && step.parsed?.references.hasItem === true))
    .map((name) => {
      const hint = guesses.formatHint(name) || " It is empty until a step sets it.";
      return createStepWarning(step, pointer, `no step sets the variable ${quoteText(name)}.${hint}`);
    });
}

/** Sample values of the built-in names. */
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

/** Renders a template with empty and with filled variables, and reports if that fails. */
function tryTemplate(
  step: ParsedStep,
  { pointer, value }: StepReference,
  variables: readonly string[],
  isForContacts: boolean,
  templates: TemplateRenderer,
): readonly CheckFinding[] {
  const empty = attemptRender(templates, value, SAMPLE_SCOPE);
  const values = Object.fromEntries(variables.map((name) => [name, "1"]));
  const filled = variables.length === 0 ? empty : attemptRender(templates, value, { ...values, ...SAMPLE_SCOPE });
  if (filled.failure !== null && empty.failure !== null)
    return [createStepError(step, pointer, `this can never be rendered${explainLiquidError(filled.failure)}`)];
  if (filled.failure !== null)
    return [
      createStepWarning(
        step,
        pointer,
        `this may fail; it does so if every variable is 1${explainLiquidError(filled.failure)}`,
      ),
    ];
  if (isForContacts && variables.length === 0 && empty.text.trim() === "")
    return [createStepError(step, pointer, "this is always an empty text. Write a text or remove the field.")];
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
