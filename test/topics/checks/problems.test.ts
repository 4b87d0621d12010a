import { describe, expect, it } from "vitest";
import type { FieldProblem } from "../../../src/core/problem.ts";
import { type Checked, checkDocument } from "../../../src/topics/checks/check.ts";
import { BROKEN, type Broken } from "./problems.ts";

describe("what is wrong with a topic is said, and nothing else", () => {
  it("of more than a hundred kinds", () => {
    expect(BROKEN.length).toBeGreaterThan(100);
    expect(new Set(BROKEN.map(({ what }) => what)).size).toBe(BROKEN.length);
  });

  it.each(BROKEN)("$severity: $what", (broken) => {
    const { document, places } = together([broken]);
    const { topic, errors, warnings } = checkDocument(document);
    expect(broken.severity === "error" ? errors : warnings).toEqual([saying(broken, places)]);
    expect(broken.severity === "error" ? warnings : errors).toEqual([]);
    expect(topic === null).toBe(broken.severity === "error");
  });

  it("all in one answer", () => {
    const shared = BROKEN.filter(({ alone }) => alone !== true);
    const { document, places } = together(shared);
    const checked = checkDocument(document);
    expect(pointersOf(checked.errors)).toEqual(expectedIn(shared, "error", places));
    expect(pointersOf(checked.warnings)).toEqual(expectedIn(shared, "warning", places));
    for (const broken of shared) {
      const found = broken.severity === "error" ? checked.errors : checked.warnings;
      expect(found).toContainEqual(saying(broken, places));
    }
    expect(shared.length).toBeGreaterThan(90);
  });
});

interface Together {
  readonly document: object;
  /** Where each case's own pointer is now. */
  readonly places: ReadonlyMap<Broken, string>;
}

/** One document with all of the cases; before each a question, so that people come to it, and not in haste. */
function together(cases: readonly Broken[]): Together {
  const keywords: unknown[] = [];
  const steps: unknown[] = [{ kind: "confirm", id: "first", text: "Shall we begin?" }];
  const places = new Map<Broken, string>();
  for (const [index, broken] of cases.entries()) {
    if (broken.steps !== undefined)
      steps.push({ kind: "confirm", id: `before-${index}`, text: "Go on?", no: `after-${index}` });
    const moved = broken.at
      .replace(/^\/steps\/(\d+)/u, (_, step) => `/steps/${Number(step) + steps.length}`)
      .replace(/^\/keywords\/(\d+)/u, (_, keyword) => `/keywords/${Number(keyword) + keywords.length}`);
    places.set(broken, moved);
    keywords.push(...(broken.keywords ?? []));
    steps.push(...(broken.steps ?? []));
    if (broken.steps !== undefined) steps.push({ kind: "confirm", id: `after-${index}`, text: "Go on?" });
  }
  const head = Object.assign({}, ...cases.map((each) => each.head ?? {})) as object;
  return { document: JSON.parse(JSON.stringify({ title: "Broken", keywords, steps, ...head })) as object, places };
}

function saying(broken: Broken, places: Together["places"]) {
  return { pointer: places.get(broken), detail: expect.stringContaining(broken.says) };
}

function expectedIn(cases: readonly Broken[], severity: Broken["severity"], places: Together["places"]) {
  return cases
    .filter((each) => each.severity === severity)
    .map((each) => places.get(each) ?? "")
    .toSorted();
}

function pointersOf(problems: Checked["errors"]): readonly string[] {
  return problems.map(({ pointer }: FieldProblem) => pointer).toSorted();
}
