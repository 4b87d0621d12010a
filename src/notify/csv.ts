import Papa from "papaparse";
import { fail, type Result, succeed } from "../core/result.ts";

/** A row of a file, by the names in its first line. */
export interface CsvRow {
  /** As a person counts: the line of names is row 1. */
  readonly row: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** What is wrong with a row, and what would be right. */
export interface RowProblem {
  readonly row: number;
  readonly detail: string;
}

export interface Csv {
  readonly rows: readonly CsvRow[];
  /** Rows that cannot be read. */
  readonly problems: readonly RowProblem[];
}

/**
 * Reads a CSV file (RFC 4180) whose first line has names; commas, semicolons or tabs stand between fields. Rows of nothing are left out.
 * @param columns names that may be there, in any order and case; the first must be
 */
export function readCsv(text: string, columns: readonly string[], limit: number): Result<Csv, string> {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/u, ""), { delimitersToGuess: [",", ";", "\t"] });
  const [header = [], ...lines] = data;
  const names = header.map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined)
    return fail(`The first line names the columns, of which there are ${columns.join(", ")}; "${unknown}" is none.`);
  const [first = ""] = columns;
  if (!names.includes(first)) return fail(`The first line must name the columns, "${first}" among them.`);
  if (new Set(names).size < names.length) return fail("The first line names a column twice.");
  const rows = lines.flatMap((line, index): readonly CsvRow[] =>
    line.every((field) => field.trim() === "") ? [] : [{ row: index + 2, fields: fieldsOf(names, line) }],
  );
  if (rows.length > limit) return fail(`There are ${rows.length} rows; ${limit} can be imported at a time.`);
  const broken = new Map(
    errors.flatMap(({ row, type }) => (type === "Quotes" ? [[(row ?? 0) + 1, QUOTES] as const] : [])),
  );
  const wide = lines.flatMap((line, index) =>
    line.length > names.length
      ? [[index + 2, `It has ${line.length} fields, and there are ${names.length} columns.`] as const]
      : [],
  );
  const problems = new Map([...wide, ...broken]);
  return succeed({
    rows: rows.filter(({ row }) => !problems.has(row)),
    problems: [...problems].map(([row, detail]) => ({ row, detail })).toSorted((a, b) => a.row - b.row),
  });
}

const QUOTES = 'A quote (") is open or misplaced: a field in quotes writes a quote twice.';

function fieldsOf(names: readonly string[], line: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name, index) => [name, (line[index] ?? "").trim()]));
}

/** What a spreadsheet would run as a formula; a phone number's plus is none. */
const FORMULA = /^[=@\t\r]|^[+-](?!\d+$)/u;

/** @returns rows as CSV, with CRLF behind each; nothing in them is a formula to a spreadsheet */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  const safe = rows.map((row) => row.map((field) => (FORMULA.test(field) ? `'${field}` : field)));
  return `${Papa.unparse(safe, { newline: "\r\n" })}\r\n`;
}
