import { beforeAll, describe, expect, it } from "vitest";
import { report } from "../bench/report.ts";
import { bench, type Figures, PROGRAMS } from "../bench/run.ts";
import { isMet, targetsOf } from "../bench/targets.ts";

const LINES = [
  "floor: one row",
  "barest turn",
  "Parley, accepted",
  "Parley, whole turn",
  "express + twilio",
  "and each status callback",
  "its first turns",
  "its turns up to 300",
  "object duration",
  "storage",
  "together",
];

describe("the bench", () => {
  let figures: Figures;

  beforeAll(async () => {
    figures = await bench({ rounds: 1, seconds: 0.2, turns: 300 });
  });

  it("times every program", () => {
    for (const program of PROGRAMS) {
      const [round] = figures.rounds[program];
      expect(round?.accepted50, program).toBeGreaterThan(0);
      expect(round?.perSecond, program).toBeGreaterThan(0);
      const replies = program !== "floor" && program !== "accepted";
      expect(Number.isNaN(round?.replied50), program).toBe(!replies);
    }
  });

  it("finds that a turn costs no more than it may", () => {
    const counted = targetsOf(figures).filter((target) => target.counted);
    expect(counted).toHaveLength(7);
    for (const target of counted) expect(isMet(target), `${target.name}: ${target.measured}`).toBe(true);
  });

  it("sees what the floor and the barest turn cost", () => {
    const nothing = { requests: 1, objectRequests: 1, subrequests: 0, queries: 0, rowsWritten: 1, rowsRead: 0 };
    expect(figures.costs.floor).toEqual(nothing);
    expect(figures.costs.barest).toMatchObject({ objectRequests: 1, subrequests: 1, rowsWritten: 2 });
    expect(figures.costs.callback).toMatchObject({ requests: 1, objectRequests: 1, subrequests: 0, rowsWritten: 1 });
  });

  it("says when a target is missed", () => {
    const { costs } = figures;
    const dear = { ...figures, costs: { ...costs, turn: { ...costs.turn, rowsWritten: 6 } } };
    const missed = (some: Figures) => targetsOf(some).filter((target) => target.counted && isMet(target) === false);
    expect(missed(figures)).toEqual([]);
    expect(missed(dear).map(({ name }) => name)).toEqual(["rows written"]);
    expect(report(dear)).toMatch(/rows written +≤ 5 +6 +MISSED/u);
  });

  it("prints all of it", () => {
    const text = report(figures);
    for (const line of LINES) expect(text).toContain(line);
    for (const { name } of targetsOf(figures)) expect(text).toContain(name);
    expect(text).not.toContain("undefined");
  });
});
