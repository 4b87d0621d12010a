import { type DocumentPath, getValueByPath, replaceByPath } from "../../schema/document-path.ts";
import { explainIssues, type SchemaMismatch } from "../../schema/issue-texts.ts";
import { findStepSchema, type Step } from "../steps/catalog.ts";

/** A step of the document, repaired so that the other checks can read it. */
export interface MendedStep {
  /** Null if the step cannot be repaired. */
  readonly step: Step | null;
  readonly mismatches: readonly SchemaMismatch[];
  /** The fields that were replaced or removed; no other check reports them. */
  readonly broken: readonly DocumentPath[];
}

/**
 * Stand-ins, by field name, for wrong or missing values, so that the rest of the step can be checked in the same
 * answer.
 */
const STAND_INS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    "id next yes no failed none otherwise topic list ask save text label retry result value"
      .split(" ")
      .map((name) => [name, "x"]),
  ),
  when: "true",
  url: "https://example.com/",
  image: "https://example.com/",
  link: "https://example.com/",
  after: 60,
  seconds: 60,
  options: [{ label: "x" }],
  cases: [{ when: "true", next: "x" }],
  values: { x: "x" },
  request: { url: "https://example.com/" },
};

/** The maximum number of repairs. One round may reveal new problems: first the fields, then what they mean together. */
const MENDING_ROUNDS = 6;

/**
 * Repairs a step until it matches the schema of its kind.
 * @param kind one of the existing kinds
 */
export function mendStep(kind: string, source: unknown): MendedStep {
  const schema = findStepSchema(kind);
  const mismatches: SchemaMismatch[] = [];
  const broken: DocumentPath[] = [];
  if (schema === null) return { step: null, mismatches, broken };
  let mended = source;
  for (let round = 0; round < MENDING_ROUNDS; round += 1) {
    const parsed = schema.safeParse(mended);
    if (parsed.success) return { step: parsed.data, mismatches, broken };
    const found = explainIssues(parsed.error.issues, schema, mended);
    mismatches.push(...found.filter(({ path }) => !broken.some((other) => isNestedPath(path, other))));
    for (const mismatch of found) mended = mendField(mended, mismatch, broken);
    broken.push(...found.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => path));
  }
  return { step: null, mismatches, broken };
}

/**
 * Replaces a field by its stand-in; if there is none, or it did not help, removes the field, and then the object around
 * it.
 */
function mendField(source: unknown, { path, remedy }: SchemaMismatch, broken: readonly DocumentPath[]): unknown {
  const value = getValueByPath(source, path);
  const last = path.at(-1);
  if (last === undefined) return source;
  if (remedy.kind === "cut")
    return replaceByPath(source, path, Array.isArray(value) ? value.slice(0, remedy.to) : undefined);
  if (typeof last === "number") return replaceByPath(source, path, findStandInEntry(path));
  const tries = broken.filter((other) => isSamePath(other, path)).length;
  const hasStandIn = remedy.kind === "replace" && Object.hasOwn(STAND_INS, last);
  if (hasStandIn && tries === 0) return replaceByPath(source, path, STAND_INS[last]);
  const outer = path.slice(0, path.length - (hasStandIn ? tries - 1 : tries));
  return outer.length === 0 ? source : replaceByPath(source, outer, undefined);
}

function findStandInEntry(path: DocumentPath): unknown {
  const entries = STAND_INS[String(path.at(-2))];
  return Array.isArray(entries) ? entries[0] : null;
}

function isSamePath(one: DocumentPath, other: DocumentPath): boolean {
  return one.length === other.length && isNestedPath(one, other);
}

/** Tests whether one path is inside the other, or the same. */
function isNestedPath(one: DocumentPath, other: DocumentPath): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((key, index) => key === other[index]);
}
