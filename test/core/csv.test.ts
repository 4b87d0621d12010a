import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { readCsv } from "../../src/core/csv.ts";

const cells = (written: string) => readCsv(written).map((record) => record.cells);

describe("CSV", () => {
  it("is read as another library writes it", () => {
    const cell = fc.string({
      unit: fc.constantFrom("a", "B", '"', ",", ";", " ", "\n", "\r\n", "é", "+1"),
      maxLength: 6,
    });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, fc.constantFrom("\n", "\r\n"), (rows, newline) => {
        const full = [["id", "name"], ...rows].filter((row) => row.some((each) => each.trim() !== ""));
        expect(cells(Papa.unparse(full, { newline }))).toEqual(full);
      }),
      { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 500) },
    );
  });

  it("semicolons, a byte order mark, empty lines and a last line without an end", () => {
    expect(cells("\uFEFFid;name\r\n\r\n1;a,b\r\n2;c")).toEqual([
      ["id", "name"],
      ["1", "a,b"],
      ["2", "c"],
    ]);
    expect(cells("")).toEqual([]);
  });

  it("a broken record is named, and the next is read", () => {
    const records = readCsv('id,name\n1,"a" b\n2,c\n3,"open\n4,d\n');
    expect(records.map(({ row, isBroken }) => [row, isBroken])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, true],
      [5, false],
    ]);
  });
});
