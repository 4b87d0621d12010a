import { explain, type Misfit } from "../../schema/explain.ts";
import { type Path, replaced, valueAt } from "../../schema/path.ts";
import { type Step, schemaOf } from "../steps/catalog.ts";

/** A step of the document, made fit for being looked into. */
export interface Mended {
  /** Null where it cannot be made fit. */
  readonly step: Step | null;
  readonly misfits: readonly Misfit[];
  /** What was replaced, or taken out: nothing more is said of it. */
  readonly broken: readonly Path[];
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
const ROUNDS = 6;

/** @param kind one of the kinds that there are */
export function mend(kind: string, written: unknown): Mended {
  const schema = schemaOf(kind);
  const misfits: Misfit[] = [];
  const broken: Path[] = [];
  if (schema === null) return { step: null, misfits, broken };
  let mended = written;
  for (let round = 0; round < ROUNDS; round += 1) {
    const parsed = schema.safeParse(mended);
    if (parsed.success) return { step: parsed.data, misfits, broken };
    const found = explain(parsed.error.issues, schema, mended);
    misfits.push(...found.filter(({ path }) => !broken.some((other) => touches(path, other))));
    for (const misfit of found) mended = mendAt(mended, misfit, broken);
    broken.push(...found.filter(({ remedy }) => remedy.kind !== "cut").map(({ path }) => path));
  }
  return { step: null, misfits, broken };
}

/** A stand-in first; where that did not help, or there is none, the field is left out, and then what it stands in. */
function mendAt(written: unknown, { path, remedy }: Misfit, broken: readonly Path[]): unknown {
  const value = valueAt(written, path);
  const last = path.at(-1);
  if (last === undefined) return written;
  if (remedy.kind === "cut")
    return replaced(written, path, Array.isArray(value) ? value.slice(0, remedy.to) : undefined);
  if (typeof last === "number") return replaced(written, path, entryFor(path));
  const tries = broken.filter((other) => samePath(other, path)).length;
  const hasStandIn = remedy.kind === "replace" && Object.hasOwn(STAND_INS, last);
  if (hasStandIn && tries === 0) return replaced(written, path, STAND_INS[last]);
  const outer = path.slice(0, path.length - (hasStandIn ? tries - 1 : tries));
  return outer.length === 0 ? written : replaced(written, outer, undefined);
}

function entryFor(path: Path): unknown {
  const entries = STAND_INS[String(path.at(-2))];
  return Array.isArray(entries) ? entries[0] : null;
}

function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && touches(one, other);
}

/** Is one of the places within the other, or the same? */
function touches(one: Path, other: Path): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((key, index) => key === other[index]);
}
