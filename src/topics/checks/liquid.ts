import { isRecord } from "../../core/json.ts";
import { quoted } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import { liquidSentence } from "../../templates/liquid-words.ts";
import { OWN_NAMES } from "../../templates/names.ts";
import {
  asTemplate,
  createTemplates,
  type Templates,
  takesTurns,
  templateProblem,
  variablesIn,
} from "../../templates/template.ts";
import { type At } from "../steps/kind.ts";
import { type Draft, type DraftStep, errorIn, type Finding, warningIn } from "./draft.ts";

/** @param elsewhere variables that other topics of the same applications set */
export function checkLiquid(draft: Draft, elsewhere: Iterable<string>): readonly Finding[] {
  const known = new Set([...OWN_NAMES, "language", ...savedBy(draft), ...elsewhere]);
  const reader: Reader = { templates: createTemplates(), known, guesses: new Guesses(known) };
  return draft.steps.flatMap((step) => {
    const { templates = [], urls = [], requests = [], conditions = [] } = step.read?.references ?? {};
    return [
      ...[...templates, ...urls, ...requests].flatMap((text) => checkTemplate(step, text, reader)),
      ...conditions.flatMap((condition) => checkCondition(step, condition, reader)),
    ];
  });
}

interface Reader {
  readonly templates: Templates;
  readonly known: ReadonlySet<string>;
  readonly guesses: Guesses;
}

/** @returns the variables that the topic gives a value, as far as it can be read */
function savedBy({ steps }: Draft): readonly string[] {
  return steps.flatMap(({ read, written }) =>
    read === null ? savedIn(written) : (read.references.saves ?? []).map(({ value }) => value),
  );
}

/** @returns the variables that a step gives a value, though it may be of a kind that is not known */
export function savedIn(written: unknown): readonly string[] {
  if (!isRecord(written)) return [];
  const { save, values } = written;
  return [...(typeof save === "string" ? [save] : []), ...(isRecord(values) ? Object.keys(values) : [])];
}

function checkTemplate(step: DraftStep, { pointer, value, language }: At, reader: Reader): readonly Finding[] {
  const problem = templateProblem(value);
  if (problem !== null) return [errorIn(step, pointer, `this is no valid Liquid${liquidSentence(problem)}`)];
  const variables = variablesIn(value);
  const unset = unsetVariables(step, pointer, variables, reader);
  const isForPeople = language !== undefined;
  return [...unset, ...tryOut(step, { pointer, value }, variables, isForPeople, reader.templates)];
}

function checkCondition(step: DraftStep, { pointer, value }: At, reader: Reader): readonly Finding[] {
  if (/[{}]|%\s*$/u.test(value))
    return [errorIn(step, pointer, "a condition is written without {% %} and {{ }}, as it stands in Liquid's if.")];
  const template = asTemplate(value);
  const problem = templateProblem(template);
  const shift = template.indexOf(value);
  if (problem !== null) return [errorIn(step, pointer, `this is no valid condition${liquidSentence(problem, shift)}`)];
  if (!takesTurns(value)) {
    const detail = `${quoted(value)} is no valid condition: between two values stands ==, !=, <, >, contains, and, or.`;
    return [errorIn(step, pointer, detail)];
  }
  const variables = variablesIn(template);
  return [
    ...unsetVariables(step, pointer, variables, reader),
    ...tryOut(step, { pointer, value: template }, variables, false, reader.templates),
  ];
}

function unsetVariables(
  step: DraftStep,
  pointer: string,
  variables: readonly string[],
  { known, guesses }: Reader,
): readonly Finding[] {
  return variables
    .filter((name) => !known.has(name) && !(name === "item" && step.read?.references.hasItem === true))
    .map((name) => {
      const hint = guesses.hint(name) || " Until something does, it is empty.";
      return warningIn(step, pointer, `nothing sets the variable ${quoted(name)}.${hint}`);
    });
}

/** What Parley itself gives, as it may be. */
const SAMPLE = {
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
function tryOut(
  step: DraftStep,
  { pointer, value }: At,
  variables: readonly string[],
  isForPeople: boolean,
  templates: Templates,
): readonly Finding[] {
  const empty = attempt(templates, value, SAMPLE);
  const ones = Object.fromEntries(variables.map((name) => [name, "1"]));
  const filled = variables.length === 0 ? empty : attempt(templates, value, { ...ones, ...SAMPLE });
  if (filled.failure !== null && empty.failure !== null)
    return [errorIn(step, pointer, `this can never be rendered${liquidSentence(filled.failure)}`)];
  if (filled.failure !== null)
    return [
      warningIn(step, pointer, `this may fail, as it does where every variable is 1${liquidSentence(filled.failure)}`),
    ];
  if (isForPeople && variables.length === 0 && empty.text.trim() === "")
    return [errorIn(step, pointer, "this is always an empty text. Write something, or take it out.")];
  return [];
}

type Attempt = { readonly text: string; readonly failure: null } | { readonly text: ""; readonly failure: string };

function attempt({ render }: Templates, template: string, scope: Readonly<Record<string, unknown>>): Attempt {
  try {
    return { text: render(template, scope), failure: null };
  } catch (error) {
    return { text: "", failure: error instanceof Error ? error.message : "it cannot be rendered" };
  }
}
