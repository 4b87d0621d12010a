import { describe, expect, it } from "vitest";
import type { FieldProblem } from "../../../src/core/problem-document.ts";
import { checkDocument, type TopicCheckResult } from "../../../src/topics/checks/check-topic.ts";
import { BROKEN, type Broken } from "./problems.ts";

describe("checkDocument reports every problem of a topic, and nothing else", () => {
  it("for more than a hundred kinds of problems", () => {
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

describe("problems come in the order of the document", () => {
  const DOCUMENT = {
    steps: [
      { kind: "say", id: "hello", text: "{{ nme | upcas }}", next: "wher" },
      { id: "where", kind: "choice", text: "Where?", options: [{ label: "1" }, { next: "nowhere", label: "" }] },
      { kind: "ask", id: "where", text: "Again?", sav: "x" },
      ...Array.from({ length: 8 }, (_, index) => ({ kind: "confirm", id: `ok-${index}`, text: "OK?" })),
      { kind: "say", id: "last", text: 7 },
      { kind: "sya", id: "lost" },
    ],
    keywords: ["STOP", 3],
  };

  it("fields as they come, entries by their numbers, missing fields last", () => {
    expect(checkDocument(DOCUMENT).errors.map(({ pointer }) => pointer)).toEqual([
      "/steps/0/text",
      "/steps/0/next",
      "/steps/1/options/1/next",
      "/steps/1/options/1/label",
      "/steps/2/id",
      "/steps/2/sav",
      "/steps/2/save",
      "/steps/11/text",
      "/steps/12/kind",
      "/keywords/0",
      "/keywords/1",
      "/title",
    ]);
  });

  it("also if the document is reversed", () => {
    const { steps, keywords } = DOCUMENT;
    const reversed = { keywords: keywords.toReversed(), title: "", steps: steps.toReversed() };
    expect(checkDocument(reversed).errors.map(({ pointer }) => pointer)).toEqual([
      "/keywords/0",
      "/keywords/1",
      "/title",
      "/steps/0/kind",
      "/steps/1/text",
      "/steps/10/sav",
      "/steps/10/save",
      "/steps/11/id",
      "/steps/11/options/1/next",
      "/steps/11/options/1/label",
      "/steps/12/text",
      "/steps/12/next",
    ]);
  });

  it("the same document gives the same answer, also with all possible problems", () => {
    const { document } = together(BROKEN.filter(({ alone }) => alone !== true));
    const { errors, warnings } = checkDocument(document);
    const ranks = ranksIn(document);
    for (const found of [errors, warnings]) {
      const places = found.map(({ pointer }) => rankOf(pointer, ranks));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }
    expect(checkDocument(structuredClone(document))).toEqual({ topic: null, errors, warnings });
  });
});

describe("a missing target", () => {
  const QUESTIONS = ["where", "people", "here", "there", "step-1", "step-2"];
  const confirm = (id: string) => ({ kind: "confirm", id, text: "Well?" });

  it.each([
    ["wher", ' Did you mean "where"?'],
    ["wheer", ' Did you mean "where"?'],
    ["peple", ' Did you mean "people"?'],
    ["thers", ' Did you mean "there"?'],
    // As near to "here" as to "there", to "where" as to "here", and to "step-1" as to "step-2".
    ["tere", ""],
    ["hwere", ""],
    ["step-x", ""],
    ["pizza", ""],
  ])("%j: suggests the intended name, but never one of two", (next, hint) => {
    const steps = [{ kind: "say", id: "first", text: "Hello", next }, ...QUESTIONS.map(confirm)];
    const { errors } = checkDocument({ title: "Targets", steps });
    expect(errors).toContainEqual({
      pointer: "/steps/0/next",
      detail: `Step "first": there is no step "${next}" in this topic.${hint}`,
    });
  });

  it("does not make the steps that it may mean unreachable", () => {
    const end = (id: string) => ({ kind: "end", id, text: "Bye" });
    const steps = [{ ...confirm("first"), yes: "end-x", no: "end-1" }, end("end-1"), end("end-2"), end("end-3")];
    const pointers = checkDocument({ title: "Targets", steps }).errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(["/steps/0/yes"]);
  });
});

/** The rank of each pointer in reading order; with a star after it, the rank of the end of its value. */
function ranksIn(value: unknown, pointer = "", ranks = new Map<string, number>()): ReadonlyMap<string, number> {
  ranks.set(pointer, ranks.size);
  if (typeof value === "object" && value !== null)
    for (const [key, child] of Object.entries(value))
      ranksIn(child, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, ranks);
  ranks.set(`${pointer}*`, ranks.size);
  return ranks;
}

/** A missing field comes after the other fields of its object. */
function rankOf(pointer: string, ranks: ReadonlyMap<string, number>): number {
  const rank = ranks.get(pointer);
  if (rank !== undefined) return rank;
  const parent = pointer.slice(0, pointer.lastIndexOf("/"));
  return ranks.get(`${parent}*`) ?? rankOf(parent, ranks);
}

interface Together {
  readonly document: object;
  /** The pointer of each case in the combined document. */
  readonly places: ReadonlyMap<Broken, string>;
}

/** One document with all the cases; a question before each makes it reachable, and not part of a cycle. */
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

function pointersOf(problems: TopicCheckResult["errors"]): readonly string[] {
  return problems.map(({ pointer }: FieldProblem) => pointer).toSorted();
}
