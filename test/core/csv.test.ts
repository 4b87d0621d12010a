import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { parseCsv, parseCsvRecords, writeCsv } from "../../src/core/csv.ts";

const COLUMNS = ["phone", "status", "proof"];
const field = fc.string({ unit: fc.constantFrom(..."ab1 ,;\"'\n\r\té+=-@".split("")), maxLength: 8 });
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }));

describe("a CSV file", () => {
  it("reads files of another writer unchanged", () => {
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, newline) => {
        // A first line without commas does not reveal the separator.
        const named = [rows[0]?.map(() => "x") ?? [], ...rows];
        const text = Papa.unparse(named, { newline });
        const read = parseCsvRecords(`${text}${newline}`);
        expect(read.every(({ isBroken }) => !isBroken)).toBe(true);
        expect(read.map(({ fields }) => fields)).toEqual(named.filter((row) => row.some((cell) => cell.trim() !== "")));
      }),
      { numRuns: Number(process.env["CSV_RUNS"] ?? 500) },
    );
  });

  it("writes files that another reader reads, without formulas for a spreadsheet", () => {
    fc.assert(
      fc.property(table, (rows) => {
        const named = [rows[0]?.map(() => "x") ?? [], ...rows];
        const { data } = Papa.parse<string[]>(writeCsv(named), { delimiter: "," });
        const cells = data.slice(0, -1);
        expect(cells.map((row) => row.map((cell) => cell.replace(/^'(?=[=@\t\r+-])/u, "")))).toEqual(
          named.map((row) => row.map((cell) => cell.replace(/^'(?=[=@\t\r+-])/u, ""))),
        );
        for (const cell of cells.flat()) expect(cell).not.toMatch(/^[=@\t\r]|^[+-](?!\d+$)/u);
      }),
      { numRuns: Number(process.env["CSV_RUNS"] ?? 500) },
    );
  });

  it.each([
    ["commas", "phone,proof\n+12025550140,form\n"],
    ["semicolons", "phone;proof\r\n+12025550140;form"],
    ["tabs, in another order, after a byte order mark", "\uFEFFProof\tPHONE\nform\t+12025550140\n\n"],
  ])("accepts %s", (_, text) => {
    const rows = [{ row: 2, fields: { phone: "+12025550140", proof: "form" } }];
    expect(parseCsv(text, COLUMNS, 5)).toEqual({ ok: true, value: { rows, problems: [] } });
  });

  it("reads the other rows if one is invalid", () => {
    const text = 'phone,proof\n1,"open\n2,"a" b\n3,fine\n4,too,many\n5,"two\nlines"\n6,"he said ""yes"""\n';
    const read = parseCsv(text, COLUMNS, 9);
    if (!read.ok) throw new Error(read.failure);
    expect(read.value.problems).toEqual([
      { row: 2, detail: expect.stringContaining("quote") as string },
      { row: 3, detail: expect.stringContaining("quote") as string },
      { row: 5, detail: "The row has 3 fields, but the file has 2 columns." },
    ]);
    expect(read.value.rows.map(({ row, fields }) => [row, fields["proof"]])).toEqual([
      [4, "fine"],
      [6, "two\nlines"],
      [7, 'he said "yes"'],
    ]);
  });

  it.each([
    ["phone,shoe\n1,2", 'The column "shoe" is unknown. Use only these names in the first line: phone, status, proof.'],
    ["status\non", 'The column "phone" is missing.'],
    ["", 'The column "phone" is missing.'],
    ["phone,phone\n1,2", "twice"],
    ["phone\n1\n2\n3", "The file has 3 rows. Import at most 2 at a time."],
  ])("rejects %j as a whole", (text, detail) => {
    const read = parseCsv(text, COLUMNS, 2);
    expect(read.ok ? "" : read.failure).toContain(detail);
  });
});
