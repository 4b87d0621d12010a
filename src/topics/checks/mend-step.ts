import { type DocumentPath, getValueByPath, replaceByPath } from "../../schema/document-path.ts";
import { explainIssues, type SchemaMismatch } from "../../schema/issue-texts.ts";
import { findStepSchema, type Step } from "../steps/catalog.ts";

/** A step of the document, made fit for being looked into. */
export interface MendedStep {
  /** Null where it cannot be made fit. */
  readonly step: Step | null;
  readonly misfits: readonly SchemaMismatch[];
  /** What was replaced, or taken out: nothing more is said of it. */
  readonly broken: readonly DocumentPath[];
}

/** What stands, by the name of the field, for what is wrong or missing, so that the rest of the step can be checked in the same answer. */
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

/** One round finds what another has hidden: fields in one, what they mean together in the next. */
const MENDING_ROUNDS = 6;

/** @param kind one of the kinds that there are */
export function mendStep(kind: string, written: unknown): MendedStep {
  const schema = findStepSchema(kind);
  const misfits: SchemaMismatch[] = [];
  const broken: DocumentPath[] = [];
  if (schema === null) return { step: null, misfits, broken };
  let mended = written;
  for (let round = 0; round < MENDING_ROUNDS; round += 1) {
    const parsed = schema.safeParse(mended);
    if (parsed.success) return { step: parsed.data, misfits, broken };
    const found = explainIssues(parsed.error.issues, schema, mended);
    misfits.push(...found.filter(({ path }) => !broken.some((other) => isNestedPath(path, other))));
    for (const misfit of found) mended = mendField(mended, misfit, broken);
    broken.push(...found.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => path));
  }
  return { step: null, misfits, broken };
}

/** A stand-in first; where that did not help, or there is none, the field is left out, and then what it stands in. */
function mendField(written: unknown, { path, remedy }: SchemaMismatch, broken: readonly DocumentPath[]): unknown {
  const value = getValueByPath(written, path);
  const last = path.at(-1);
  if (last === undefined) return written;
  if (remedy.kind === "cut")
    return replaceByPath(written, path, Array.isArray(value) ? value.slice(0, remedy.to) : undefined);
  if (typeof last === "number") return replaceByPath(written, path, findStandInEntry(path));
  const tries = broken.filter((other) => isSamePath(other, path)).length;
  const hasStandIn = remedy.kind === "replace" && Object.hasOwn(STAND_INS, last);
  if (hasStandIn && tries === 0) return replaceByPath(written, path, STAND_INS[last]);
  const outer = path.slice(0, path.length - (hasStandIn ? tries - 1 : tries));
  return outer.length === 0 ? written : replaceByPath(written, outer, undefined);
}

function findStandInEntry(path: DocumentPath): unknown {
  const entries = STAND_INS[String(path.at(-2))];
  return Array.isArray(entries) ? entries[0] : null;
}

function isSamePath(one: DocumentPath, other: DocumentPath): boolean {
  return one.length === other.length && isNestedPath(one, other);
}

/** Is one of the places within the other, or the same? */
function isNestedPath(one: DocumentPath, other: DocumentPath): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((key, index) => key === other[index]);
}
