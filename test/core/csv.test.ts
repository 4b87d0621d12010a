import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine, parseCsv } from "../../src/core/csv.ts";

describe("CSV", () => {
  it.each([
    [
      "a,b\nc,d",
      [
        [1, "a", "b"],
        [2, "c", "d"],
      ],
    ],
    [
      "a,b\r\n\r\nc,d\r\n",
      [
        [1, "a", "b"],
        [3, "c", "d"],
      ],
    ],
    ['"a,1","say ""hi"""', [[1, "a,1", 'say "hi"']]],
    [
      '"two\nlines",b\nc,d',
      [
        [1, "two\nlines", "b"],
        [3, "c", "d"],
      ],
    ],
    ["\uFEFFa,", [[1, "a", ""]]],
    [
      'id;name\n1;"a;b, c"',
      [
        [1, "id", "name"],
        [2, "1", "a;b, c"],
      ],
    ],
    ["", []],
  ])("%j is read", (text, rows) => {
    const parsed = parseCsv(text);
    expect(parsed.ok && parsed.value.map(({ line, fields }) => [line, ...fields])).toEqual(rows);
  });

  it("whose quote is never closed says where it was opened", () => {
    expect(parseCsv('a,b\nc,"d\n')).toEqual({ ok: false, failure: "Line 2: a quote is opened and never closed." });
  });

  it("is read as it was written", () => {
    const field = fc.string().map((text) => text.replaceAll("\r", ""));
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (rows) => {
        const parsed = parseCsv(rows.map(csvLine).join(""));
        const read = parsed.ok ? parsed.value.map(({ fields }) => fields) : [];
        expect(read).toEqual(
          rows.map((fields) => fields.map((each) => (/^[=@\t-]|^\+(?!\d+$)/u.test(each) ? `'${each}` : each))),
        );
      }),
    );
  });

  it("holds no formula, and phone numbers as they are", () => {
    expect(csvLine(["=1+1", "+12025550140", "-5", "@x", "+1 202"])).toBe("'=1+1,+12025550140,'-5,'@x,'+1 202\r\n");
  });
});
