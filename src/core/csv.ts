/** A record of a CSV file: what a spreadsheet shows as a row. */
export interface CsvRecord {
  /** As a person counts: the first is row 1. */
  readonly row: number;
  readonly cells: readonly string[];
  /** A quotation mark in it is not closed, or something stands behind one. */
  readonly isBroken: boolean;
}

/**
 * Reads CSV (RFC 4180), with semicolons where the first line has more of them than commas, as spreadsheets write it in many countries. After a
 * record that is broken the next begins with the next line.
 * @returns all records but those that are empty, the header first
 */
export function readCsv(written: string): readonly CsvRecord[] {
  const text = written.replace(/^\uFEFF/u, "");
  const [head = ""] = text.split(/\r?\n/u, 1);
  const separator = head.split(";").length > head.split(",").length ? ";" : ",";
  const cell = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n]?[^${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`,
    "uy",
  );
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  for (let row = 1; cell.lastIndex < text.length || cells.length > 0; ) {
    const begin = cell.lastIndex;
    const [, quoted, plain = "", end] = text[begin] === '"' ? (quotedCell(text, cell) ?? []) : (cell.exec(text) ?? []);
    const isBroken = end === undefined;
    if (isBroken) cell.lastIndex = nextLine(text, begin);
    else cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === separator) continue;
    if (isBroken || cells.some((each) => each.trim() !== "")) records.push({ row, cells, isBroken });
    cells = [];
    row += 1;
  }
  return records;
}

/** Where a quotation mark opens, nothing but its own end will do. */
function quotedCell(text: string, cell: RegExp): RegExpExecArray | null {
  const match = cell.exec(text);
  return match?.[1] === undefined ? null : match;
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end + 1;
}
