import * as z from "zod/mini";
import { isRecord } from "../../core/json.ts";
import { STEPS_PER_TOPIC, TOPIC_DEPTH } from "../../core/limits/topics.ts";
import { type FieldProblem, toJsonPointer } from "../../core/problem-document.ts";
import { pruneDepth } from "../../schema/document-path.ts";
import { describeValue, explainIssues, quoteText, upperCaseFirst } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { topicSchema } from "../definition.ts";
import { findStepKind, STEP_KIND_NAMES, type Step } from "../steps/catalog.ts";
import type { StepReferences } from "../steps/step-kind.ts";
import { mendStep } from "./mend-step.ts";

/** One problem that a check found. */
export interface CheckFinding extends FieldProblem {
  readonly severity: "error" | "warning";
}

/** A topic document, parsed as far as possible, whatever JSON it is. */
export interface ParsedTopic {
  readonly document: unknown;
  readonly keywords: readonly string[];
  readonly steps: readonly ParsedStep[];
  /** Problems with the schema. */
  readonly mismatches: readonly CheckFinding[];
  /** Pointers to places about which the other checks must say nothing. */
  readonly broken: ReadonlySet<string>;
}

export interface ParsedStep {
  readonly index: number;
  /** Null if the id is missing or wrong. */
  readonly id: string | null;
  /** The step's name in sentences: `Step "where"`. */
  readonly name: string;
  /** Null if the step cannot be repaired. */
  readonly parsed: { readonly step: Step; readonly references: StepReferences } | null;
  /** Whether the step matches the schema. Otherwise it may have more targets and variables than `parsed`. */
  readonly isWhole: boolean;
  readonly source: unknown;
}

/** Step kinds of a future release, and what they will do. */
const FUTURE_STEP_KINDS: Readonly<Record<string, string>> = {
  handoff: "will hand the conversation over to a live agent",
};

const headSchema = z.extend(topicSchema, {
  steps: z.array(z.unknown()).check(z.minLength(1), z.maxLength(STEPS_PER_TOPIC)),
});

export function parseTopicDocument(source: unknown): ParsedTopic {
  const { value: document, cut } = pruneDepth(source, TOPIC_DEPTH);
  const deep = cut.map((path) =>
    createError(toJsonPointer(path), `This is nested too deeply. At most ${TOPIC_DEPTH} levels are allowed.`),
  );
  if (!isRecord(document)) {
    const detail = `A topic must be an object with "title" and "steps", not ${describeValue(document)}.`;
    return { document, keywords: [], steps: [], mismatches: [createError("", detail)], broken: new Set() };
  }
  const head = headSchema.safeParse(document);
  const headProblems = head.success ? [] : explainIssues(head.error.issues, headSchema, document);
  const keywords = Array.isArray(document["keywords"]) ? document["keywords"] : [];
  const stepSources = Array.isArray(document["steps"]) ? document["steps"] : [];
  const steps = stepSources.map(parseStepDocument);
  return {
    document,
    keywords: keywords.map((keyword) => (typeof keyword === "string" ? keyword : "")),
    steps: steps.map(({ step }) => step),
    mismatches: [
      ...deep,
      ...headProblems.map(({ path, detail }) => createError(toJsonPointer(path), upperCaseFirst(detail))),
      ...steps.flatMap(({ mismatches }) => mismatches),
    ],
    broken: new Set([
      ...cut.map(toJsonPointer),
      ...headProblems.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => toJsonPointer(path)),
      ...steps.flatMap(({ broken }) => broken),
    ]),
  };
}

interface StepParseResult {
  readonly step: ParsedStep;
  readonly mismatches: readonly CheckFinding[];
  readonly broken: readonly string[];
}

function parseStepDocument(source: unknown, index: number): StepParseResult {
  const id = isRecord(source) && typeof source["id"] === "string" && source["id"] !== "" ? source["id"] : null;
  const base = { index, id, name: id === null ? `Step ${index + 1}` : `Step ${quoteText(id)}`, source };
  const pointer = `/steps/${index}`;
  const kind = isRecord(source) ? source["kind"] : null;
  const kindProblem = findKindProblem(source, kind);
  if (kindProblem !== null) {
    const mismatch = createError(`${pointer}${isRecord(source) ? "/kind" : ""}`, `${base.name}: ${kindProblem}`);
    return { step: { ...base, parsed: null, isWhole: false }, mismatches: [mismatch], broken: [] };
  }
  const { step, mismatches, broken } = mendStep(String(kind), source);
  const parsed = step === null ? null : { step, references: findStepKind(step).references(step) };
  return {
    step: { ...base, parsed, isWhole: mismatches.length === 0 },
    mismatches: mismatches.map(({ path, detail }) =>
      createError(pointer + toJsonPointer(path), `${base.name}: ${detail}`),
    ),
    broken: broken.map((path) => pointer + toJsonPointer(path)),
  };
}

function findKindProblem(source: unknown, kind: unknown): string | null {
  if (!isRecord(source)) return `it must be an object with "kind" and "id", not ${describeValue(source)}.`;
  const kinds = `The kinds are ${STEP_KIND_NAMES.join(", ")}.`;
  if (kind === undefined) return `"kind" is missing. ${kinds}`;
  if (typeof kind !== "string") return `"kind" must be a string, not ${describeValue(kind)}. ${kinds}`;
  if (STEP_KIND_NAMES.includes(kind)) return null;
  if (Object.hasOwn(FUTURE_STEP_KINDS, kind)) {
    return `a ${quoteText(kind)} step ${FUTURE_STEP_KINDS[kind]}. This release of Parley does not support it yet.`;
  }
  return `there is no step kind ${quoteText(kind)}.${new NameGuesses(STEP_KIND_NAMES).formatHint(kind) || ` ${kinds}`}`;
}

export function createError(pointer: string, detail: string): CheckFinding {
  return { severity: "error", pointer, detail };
}

export function createWarning(pointer: string, detail: string): CheckFinding {
  return { severity: "warning", pointer, detail };
}

/**
 * Creates an error about a step.
 * @param pointer relative to the step
 * @param detail the sentence after "Step …:"
 */
export function createStepError({ index, name }: ParsedStep, pointer: string, detail: string): CheckFinding {
  return createError(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** Creates a warning about a step; the parameters are those of `createStepError`. */
export function createStepWarning({ index, name }: ParsedStep, pointer: string, detail: string): CheckFinding {
  return createWarning(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** @returns every text inside a value */
export function collectTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(collectTexts);
  return isRecord(value) ? Object.values(value).flatMap(collectTexts) : [];
}
