import { type CsvRecord, findRecordProblem, parseCsvRecords } from "../core/csv.ts";
import { PERSONS_PER_IMPORT } from "../core/limits/identity.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { type PersonBody, personId, personSchema } from "../identity/person-schema.ts";
import { NameGuesses } from "../schema/name-guesses.ts";
import { checkValue } from "./http.ts";

/** What is wrong with a row, as a person counts them: the names of the columns are row 1. */
interface RowError {
  readonly row: number;
  /** The name of the column; null: the row as a whole. */
  readonly column: string | null;
  readonly detail: string;
}

interface PersonImport {
  readonly rows: readonly { readonly id: string; readonly person: PersonBody }[];
  readonly errors: readonly RowError[];
}

const COLUMNS = ["id", "name", "phones", "pin", "languages"] as const;
const ATTRIBUTE = /^attributes\.(.+)$/u;

/**
 * Reads persons as CSV: columns by their names, several phones or languages with spaces between them, `attributes.NAME` for each attribute.
 * An empty PIN leaves the person's as it was.
 * @returns what can be saved and what is wrong, row by row; or why nothing can be read
 */
export function parsePersonImport(written: string): Result<PersonImport, string> {
  const [head, ...rows] = parseCsvRecords(written);
  const columns = (head?.fields ?? []).map((cell) => cell.trim());
  const wrong = headProblem(columns);
  if (wrong !== null) return fail(wrong);
  if (rows.length > PERSONS_PER_IMPORT)
    return fail(`There are ${rows.length} persons; ${PERSONS_PER_IMPORT} at most can be imported at once.`);
  const seen = new Map<string, number>();
  const read = rows.map((record) => readRow(columns, record, seen));
  return succeed({
    rows: read.flatMap(({ row }) => row ?? []),
    errors: read.flatMap(({ errors }) => errors),
  });
}

function headProblem(columns: readonly string[]): string | null {
  const unknown = columns.find((name) => !COLUMNS.some((known) => known === name) && !ATTRIBUTE.test(name));
  if (unknown !== undefined)
    return `There is no column "${unknown.slice(0, 50)}".${new NameGuesses(COLUMNS).formatHint(unknown) || ` The columns are ${COLUMNS.join(", ")}, attributes.NAME.`}`;
  const missing = ["id", "name", "phones"].find((name) => !columns.includes(name));
  if (missing !== undefined) return `The column "${missing}" is missing.`;
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  return twice === undefined ? null : `The column "${twice}" stands there twice.`;
}

interface ReadRow {
  readonly row: PersonImport["rows"][number] | null;
  readonly errors: readonly RowError[];
}

function readRow(columns: readonly string[], record: CsvRecord, seen: Map<string, number>): ReadRow {
  const { row, fields } = record;
  const problem = findRecordProblem(record, columns.length);
  if (problem !== null) return failed(row, null, problem);
  const cell = (name: string): string => fields[columns.indexOf(name)]?.trim() ?? "";
  const id = checkValue(personId, cell("id"), 422, "");
  if (!id.ok) return failed(row, "id", id.failure.errors?.[0]?.detail ?? "");
  const before = seen.get(id.value);
  if (before !== undefined) return failed(row, "id", `Row ${before} has the same id.`);
  seen.set(id.value, row);
  const person = checkValue(personSchema, documentOf(columns, cell), 422, "");
  if (person.ok) return { row: { id: id.value, person: person.value }, errors: [] };
  const errors = (person.failure.errors ?? []).map(({ pointer, detail }) => ({
    row,
    column: columnOf(pointer),
    detail,
  }));
  return { row: null, errors };
}

function failed(row: number, column: string | null, detail: string): ReadRow {
  return { row: null, errors: [{ row, column, detail }] };
}

function documentOf(columns: readonly string[], cell: (name: string) => string): object {
  const attributes = columns.flatMap((column) => {
    const name = ATTRIBUTE.exec(column)?.[1];
    return name === undefined || cell(column) === "" ? [] : [[name, cell(column)] as const];
  });
  return {
    name: cell("name"),
    phones: listIn(cell("phones"), /[;,|\n]+|\s+(?=\+)/u),
    languages: listIn(cell("languages"), /[\s;,|]+/u),
    attributes: Object.fromEntries(attributes),
    ...(cell("pin") === "" ? {} : { pin: cell("pin") }),
  };
}

function listIn(text: string, between: RegExp): readonly string[] {
  return text
    .split(between)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** The problem's own pointer, as the file calls it: `/phones/1` is "phones". */
function columnOf(pointer: string): string | null {
  const [, field = "", name] = pointer.split("/");
  if (field === "attributes" && name !== undefined) return `attributes.${name}`;
  return field === "" ? null : field;
}
