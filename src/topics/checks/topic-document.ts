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

/** What a check has found. */
export interface CheckFinding extends FieldProblem {
  readonly severity: "error" | "warning";
}

/** A document as well as it could be read, whatever it is. */
export interface ParsedTopic {
  readonly document: unknown;
  readonly keywords: readonly string[];
  readonly steps: readonly ParsedStep[];
  /** What does not fit the schema. */
  readonly misfits: readonly CheckFinding[];
  /** Pointers to what nothing more is to be said of. */
  readonly broken: ReadonlySet<string>;
}

export interface ParsedStep {
  readonly index: number;
  /** Null where it has none, or a wrong one. */
  readonly id: string | null;
  /** How sentences call it: `Step "where"`. */
  readonly name: string;
  readonly read: { readonly step: Step; readonly references: StepReferences } | null;
  /** Was all of it right? Otherwise it may lead, and save, more than `read` says. */
  readonly isWhole: boolean;
  readonly written: unknown;
}

/** Steps that come with another part of Parley, and what they will do. */
const FUTURE_STEP_KINDS: Readonly<Record<string, string>> = {
  handoff: "hands the conversation over to a live agent, which belongs to the agents' desk",
};

const headSchema = z.extend(topicSchema, {
  steps: z.array(z.unknown()).check(z.minLength(1), z.maxLength(STEPS_PER_TOPIC)),
});

export function parseTopicDocument(written: unknown): ParsedTopic {
  const { value: document, cut } = pruneDepth(written, TOPIC_DEPTH);
  const deep = cut.map((path) =>
    createError(toJsonPointer(path), `This is nested too deeply: ${TOPIC_DEPTH} levels at most.`),
  );
  if (!isRecord(document)) {
    const detail = `A topic must be an object with "title" and "steps", not ${describeValue(document)}.`;
    return { document, keywords: [], steps: [], misfits: [createError("", detail)], broken: new Set() };
  }
  const head = headSchema.safeParse(document);
  const wrong = head.success ? [] : explainIssues(head.error.issues, headSchema, document);
  const keywords = Array.isArray(document["keywords"]) ? document["keywords"] : [];
  const listed = Array.isArray(document["steps"]) ? document["steps"] : [];
  const steps = listed.map(parseStepDocument);
  return {
    document,
    keywords: keywords.map((keyword) => (typeof keyword === "string" ? keyword : "")),
    steps: steps.map(({ step }) => step),
    misfits: [
      ...deep,
      ...wrong.map(({ path, detail }) => createError(toJsonPointer(path), upperCaseFirst(detail))),
      ...steps.flatMap(({ misfits }) => misfits),
    ],
    broken: new Set([
      ...cut.map(toJsonPointer),
      ...wrong.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => toJsonPointer(path)),
      ...steps.flatMap(({ broken }) => broken),
    ]),
  };
}

interface StepParseResult {
  readonly step: ParsedStep;
  readonly misfits: readonly CheckFinding[];
  readonly broken: readonly string[];
}

function parseStepDocument(written: unknown, index: number): StepParseResult {
  const id = isRecord(written) && typeof written["id"] === "string" && written["id"] !== "" ? written["id"] : null;
  const base = { index, id, name: id === null ? `Step ${index + 1}` : `Step ${quoteText(id)}`, written };
  const pointer = `/steps/${index}`;
  const kind = isRecord(written) ? written["kind"] : null;
  const unread = findKindProblem(written, kind);
  if (unread !== null) {
    const misfit = createError(`${pointer}${isRecord(written) ? "/kind" : ""}`, `${base.name}: ${unread}`);
    return { step: { ...base, read: null, isWhole: false }, misfits: [misfit], broken: [] };
  }
  const { step, misfits, broken } = mendStep(String(kind), written);
  const read = step === null ? null : { step, references: findStepKind(step).references(step) };
  return {
    step: { ...base, read, isWhole: misfits.length === 0 },
    misfits: misfits.map(({ path, detail }) => createError(pointer + toJsonPointer(path), `${base.name}: ${detail}`)),
    broken: broken.map((path) => pointer + toJsonPointer(path)),
  };
}

function findKindProblem(written: unknown, kind: unknown): string | null {
  if (!isRecord(written)) return `it must be an object with "kind" and "id", not ${describeValue(written)}.`;
  const kinds = `The kinds are ${STEP_KIND_NAMES.join(", ")}.`;
  if (kind === undefined) return `"kind" is missing. ${kinds}`;
  if (typeof kind !== "string") return `"kind" must be a text, not ${describeValue(kind)}. ${kinds}`;
  if (STEP_KIND_NAMES.includes(kind)) return null;
  if (Object.hasOwn(FUTURE_STEP_KINDS, kind)) {
    return `a ${quoteText(kind)} step ${FUTURE_STEP_KINDS[kind]}. This release of Parley does not have that yet.`;
  }
  return `there is no kind of step ${quoteText(kind)}.${new NameGuesses(STEP_KIND_NAMES).formatHint(kind) || ` ${kinds}`}`;
}

export function createError(pointer: string, detail: string): CheckFinding {
  return { severity: "error", pointer, detail };
}

export function createWarning(pointer: string, detail: string): CheckFinding {
  return { severity: "warning", pointer, detail };
}

/** @param pointer within the step @param detail what follows "Step …:" */
export function createStepError({ index, name }: ParsedStep, pointer: string, detail: string): CheckFinding {
  return createError(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** As `errorIn`. */
export function createStepWarning({ index, name }: ParsedStep, pointer: string, detail: string): CheckFinding {
  return createWarning(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** @returns every text within a value */
export function collectTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(collectTexts);
  return isRecord(value) ? Object.values(value).flatMap(collectTexts) : [];
}
