import * as z from "zod/mini";
import { isRecord } from "../../core/json.ts";
import { STEPS_PER_TOPIC, TOPIC_DEPTH } from "../../core/limits/topics.ts";
import { type FieldProblem, pointerTo } from "../../core/problem.ts";
import { capital, explain, nounOf, quoted } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import { pruned } from "../../schema/path.ts";
import { topicSchema } from "../definition.ts";
import { KIND_NAMES, kindOf, type Step } from "../steps/catalog.ts";
import type { References } from "../steps/kind.ts";
import { mend } from "./mend.ts";

/** What a check has found. */
export interface Finding extends FieldProblem {
  readonly severity: "error" | "warning";
}

/** A document as well as it could be read, whatever it is. */
export interface Draft {
  readonly document: unknown;
  readonly keywords: readonly string[];
  readonly steps: readonly DraftStep[];
  /** What does not fit the schema. */
  readonly misfits: readonly Finding[];
  /** Pointers to what nothing more is to be said of. */
  readonly broken: ReadonlySet<string>;
}

export interface DraftStep {
  readonly index: number;
  /** Null where it has none, or a wrong one. */
  readonly id: string | null;
  /** How sentences call it: `Step "where"`. */
  readonly name: string;
  readonly read: { readonly step: Step; readonly references: References } | null;
  /** Was all of it right? Otherwise it may lead, and save, more than `read` says. */
  readonly isWhole: boolean;
  readonly written: unknown;
}

/** Steps that come with another part of Parley, and what they will do. */
const NOT_YET: Readonly<Record<string, string>> = {
  handoff: "hands the conversation over to a live agent, which belongs to the agents' desk",
};

const headSchema = z.extend(topicSchema, {
  steps: z.array(z.unknown()).check(z.minLength(1), z.maxLength(STEPS_PER_TOPIC)),
});

export function readDraft(written: unknown): Draft {
  const { value: document, cut } = pruned(written, TOPIC_DEPTH);
  const deep = cut.map((path) => errorAt(pointerTo(path), `This is nested too deeply: ${TOPIC_DEPTH} levels at most.`));
  if (!isRecord(document)) {
    const detail = `A topic must be an object with "title" and "steps", not ${nounOf(document)}.`;
    return { document, keywords: [], steps: [], misfits: [errorAt("", detail)], broken: new Set() };
  }
  const head = headSchema.safeParse(document);
  const wrong = head.success ? [] : explain(head.error.issues, headSchema, document);
  const keywords = Array.isArray(document["keywords"]) ? document["keywords"] : [];
  const listed = Array.isArray(document["steps"]) ? document["steps"] : [];
  const steps = listed.map(readStep);
  return {
    document,
    keywords: keywords.map((keyword) => (typeof keyword === "string" ? keyword : "")),
    steps: steps.map(({ step }) => step),
    misfits: [
      ...deep,
      ...wrong.map(({ path, detail }) => errorAt(pointerTo(path), capital(detail))),
      ...steps.flatMap(({ misfits }) => misfits),
    ],
    broken: new Set([
      ...cut.map(pointerTo),
      ...wrong.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => pointerTo(path)),
      ...steps.flatMap(({ broken }) => broken),
    ]),
  };
}

interface ReadStep {
  readonly step: DraftStep;
  readonly misfits: readonly Finding[];
  readonly broken: readonly string[];
}

function readStep(written: unknown, index: number): ReadStep {
  const id = isRecord(written) && typeof written["id"] === "string" && written["id"] !== "" ? written["id"] : null;
  const base = { index, id, name: id === null ? `Step ${index + 1}` : `Step ${quoted(id)}`, written };
  const pointer = `/steps/${index}`;
  const kind = isRecord(written) ? written["kind"] : null;
  const unread = kindProblem(written, kind);
  if (unread !== null) {
    const misfit = errorAt(`${pointer}${isRecord(written) ? "/kind" : ""}`, `${base.name}: ${unread}`);
    return { step: { ...base, read: null, isWhole: false }, misfits: [misfit], broken: [] };
  }
  const { step, misfits, broken } = mend(String(kind), written);
  const read = step === null ? null : { step, references: kindOf(step).references(step) };
  return {
    step: { ...base, read, isWhole: misfits.length === 0 },
    misfits: misfits.map(({ path, detail }) => errorAt(pointer + pointerTo(path), `${base.name}: ${detail}`)),
    broken: broken.map((path) => pointer + pointerTo(path)),
  };
}

function kindProblem(written: unknown, kind: unknown): string | null {
  if (!isRecord(written)) return `it must be an object with "kind" and "id", not ${nounOf(written)}.`;
  const kinds = `The kinds are ${KIND_NAMES.join(", ")}.`;
  if (kind === undefined) return `"kind" is missing. ${kinds}`;
  if (typeof kind !== "string") return `"kind" must be a text, not ${nounOf(kind)}. ${kinds}`;
  if (KIND_NAMES.includes(kind)) return null;
  if (Object.hasOwn(NOT_YET, kind)) {
    return `a ${quoted(kind)} step ${NOT_YET[kind]}. This release of Parley does not have that yet.`;
  }
  return `there is no kind of step ${quoted(kind)}.${new Guesses(KIND_NAMES).hint(kind) || ` ${kinds}`}`;
}

export function errorAt(pointer: string, detail: string): Finding {
  return { severity: "error", pointer, detail };
}

export function warningAt(pointer: string, detail: string): Finding {
  return { severity: "warning", pointer, detail };
}

/** @param pointer within the step @param detail what follows "Step …:" */
export function errorIn({ index, name }: DraftStep, pointer: string, detail: string): Finding {
  return errorAt(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** As `errorIn`. */
export function warningIn({ index, name }: DraftStep, pointer: string, detail: string): Finding {
  return warningAt(`/steps/${index}${pointer}`, `${name}: ${detail}`);
}

/** @returns every text within a value */
export function textsWithin(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsWithin);
  return isRecord(value) ? Object.values(value).flatMap(textsWithin) : [];
}
