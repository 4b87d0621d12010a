import { type CsvRecord, findRecordProblem, parseCsvRecords } from "../../core/csv.ts";
import { PERSONS_PER_IMPORT } from "../../core/limits/identity.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { type PersonBody, personId, personSchema } from "../../identity/person-schema.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { checkValue } from "../http/check.ts";

/** A problem with a row. Row 1 holds the column names. */
interface PersonRowProblem {
  readonly row: number;
  /** The column's name; null: the whole row. */
  readonly column: string | null;
  readonly detail: string;
}

interface PersonFile {
  readonly rows: readonly { readonly id: string; readonly person: PersonBody }[];
  readonly errors: readonly PersonRowProblem[];
}

const COLUMNS = ["id", "name", "phones", "pin", "languages"] as const;
const ATTRIBUTE = /^attributes\.(.+)$/u;

/**
 * Reads persons from CSV with named columns: phones and languages are separated by spaces, and each attribute has a
 * column `attributes.NAME`. An empty PIN leaves the person's PIN as it is.
 * @returns the persons to save and the problems, row by row; or why the file cannot be read
 */
export function readPersons(written: string): Result<PersonFile, string> {
  const [head, ...rows] = parseCsvRecords(written);
  const columns = (head?.fields ?? []).map((cell) => cell.trim());
  const headerProblem = findHeaderProblem(columns);
  if (headerProblem !== null) return fail(headerProblem);
  if (rows.length > PERSONS_PER_IMPORT)
    return fail(`The file has ${rows.length} persons. Import at most ${PERSONS_PER_IMPORT} at a time.`);
  const seen = new Map<string, number>();
  const read = rows.map((record) => readRow(columns, record, seen));
  return succeed({
    rows: read.flatMap(({ row }) => row ?? []),
    errors: read.flatMap(({ errors }) => errors),
  });
}

function findHeaderProblem(columns: readonly string[]): string | null {
  const unknown = columns.find((name) => !COLUMNS.some((known) => known === name) && !ATTRIBUTE.test(name));
  if (unknown !== undefined)
    return `"${unknown.slice(0, 50)}" is not a known column.${new NameGuesses(COLUMNS).formatHint(unknown) || ` Columns: ${COLUMNS.join(", ")}, attributes.NAME.`}`;
  const missing = ["id", "name", "phones"].find((name) => !columns.includes(name));
  if (missing !== undefined) return `Column "${missing}" is missing. Add it.`;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  return twice === undefined ? null : `Column "${twice}" appears twice. Remove one of them.`;
}

interface ReadRow {
  readonly row: PersonFile["rows"][number] | null;
  readonly errors: readonly PersonRowProblem[];
}

function readRow(columns: readonly string[], record: CsvRecord, seen: Map<string, number>): ReadRow {
  const { row, fields } = record;
  const problem = findRecordProblem(record, columns.length);
  if (problem !== null) return failRow(row, null, problem);
  const cell = (name: string): string => fields[columns.indexOf(name)]?.trim() ?? "";
  const id = checkValue(personId, cell("id"), 422, "");
  if (!id.ok) return failRow(row, "id", id.failure.errors?.[0]?.detail ?? "");
  const before = seen.get(id.value);
  if (before !== undefined) return failRow(row, "id", `Id "${id.value}" is also in row ${before}. Remove one of them.`);
  seen.set(id.value, row);
  const person = checkValue(personSchema, toDocument(columns, cell), 422, "");
  if (person.ok) return { row: { id: id.value, person: person.value }, errors: [] };
  const errors = (person.failure.errors ?? []).map(({ pointer, detail }) => ({
    row,
    column: findColumn(pointer),
    detail,
  }));
  return { row: null, errors };
}

function failRow(row: number, column: string | null, detail: string): ReadRow {
  return { row: null, errors: [{ row, column, detail }] };
}

function toDocument(columns: readonly string[], cell: (name: string) => string): object {
  const attributes = columns.flatMap((column) => {
    const name = ATTRIBUTE.exec(column)?.[1];
    return name === undefined || cell(column) === "" ? [] : [[name, cell(column)] as const];
  });
  return {
    name: cell("name"),
    phones: splitCell(cell("phones"), /[;,|\n]+|\s+(?=\+)/u),
    languages: splitCell(cell("languages"), /[\s;,|]+/u),
    attributes: Object.fromEntries(attributes),
    ...(cell("pin") === "" ? {} : { pin: cell("pin") }),
  };
}

function splitCell(text: string, between: RegExp): readonly string[] {
  return text
    .split(between)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** Finds the column of a pointer: `/phones/1` is in "phones". */
function findColumn(pointer: string): string | null {
  const [, field = "", name] = pointer.split("/");
  if (field === "attributes" && name !== undefined) return `attributes.${name}`;
  return field === "" ? null : field;
}
