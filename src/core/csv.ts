import { fail, type Result, succeed } from "./result.ts";

/** One row of a CSV file, and the line that it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads CSV as RFC 4180 has it, with either kind of line end; a byte order mark and empty lines do not count. Where the first line has more
 * semicolons than commas, those are what separates, as spreadsheets write it in many countries.
 * @returns the rows, or where a quote is never closed
 */
export function parseCsv(text: string): Result<readonly CsvRow[], string> {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let field = "";
  let [line, begun] = [1, 1];
  let isQuoted = false;
  const end = () => {
    fields.push(field);
    field = "";
    if (fields.length > 1 || fields[0] !== "") rows.push({ line: begun, fields });
    fields = [];
  };
  const source = text.replace(/^\uFEFF/u, "").replaceAll("\r\n", "\n");
  const [head = ""] = source.split("\n", 1);
  const separator = head.split(";").length > head.split(",").length ? ";" : ",";
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === "\n") line += 1;
    if (isQuoted && character === '"' && source.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (character === '"' && (isQuoted || field === "")) isQuoted = !isQuoted;
    else if (isQuoted) field += character;
    else if (character === separator) {
      fields.push(field);
      field = "";
    } else if (character === "\n") {
      end();
      begun = line;
    } else field += character;
  }
  if (isQuoted) return fail(`Line ${begun}: a quote is opened and never closed.`);
  end();
  return succeed(rows);
}

/** @returns a row with its line end. A field that a spreadsheet would take for a formula gets an apostrophe before it, unless it is a phone number */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(quoted).join(",")}\r\n`;
}

function quoted(field: string): string {
  const safe = /^[=@\t\r-]|^\+(?!\d+$)/u.test(field) ? `'${field}` : field;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
