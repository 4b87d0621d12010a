import { describe, expect, it } from "vitest";
import { billOfMillion, totalOf } from "./bill.ts";

const NOTHING = {
  requests: 0,
  objectRequests: 0,
  rowsWritten: 0,
  rowsRead: 0,
  cpuMilliseconds: 0,
  objectMilliseconds: 0,
  storedBytes: 0,
};

/** What a million turns cost that use this and nothing else; the dollars are worked out by hand from the price lists. */
const CASES: readonly (readonly [usage: Partial<typeof NOTHING>, dollars: number])[] = [
  [{}, 0],
  [{ requests: 1 }, 0.3],
  [{ objectRequests: 2 }, 0.3],
  [{ rowsWritten: 4 }, 4],
  [{ rowsRead: 10 }, 0.01],
  [{ cpuMilliseconds: 1.5 }, 0.03],
  // A tenth of a second at 0.128 GB, a million times: 12 800 GB-s.
  [{ objectMilliseconds: 100 }, 0.16],
  // 500 bytes a million times are half a gigabyte.
  [{ storedBytes: 500 }, 0.1],
];

describe("the bill of a million turns", () => {
  it.each(CASES)("of %o is $%d", (usage, dollars) => {
    expect(totalOf(billOfMillion({ ...NOTHING, ...usage }))).toBeCloseTo(dollars, 10);
  });

  it("adds up", () => {
    const all = Object.assign({ ...NOTHING }, ...CASES.map(([usage]) => usage)) as typeof NOTHING;
    const dollars = CASES.reduce((sum, [, each]) => sum + each, 0);
    expect(totalOf(billOfMillion(all))).toBeCloseTo(dollars, 10);
  });
});
