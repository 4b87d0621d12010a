import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type { AssistantContext, AssistantMemory } from "../../../src/contract/assistant.ts";
import { isRecord } from "../../../src/core/json.ts";
import { OPTIONS_PER_CHOICE, PROBLEMS_PER_ANSWER, STEPS_PER_TOPIC } from "../../../src/core/limits/topics.ts";
import { checkApplicationTopics } from "../../../src/topics/checks/application-topics.ts";
import { checkDocument, type TopicCheckResult } from "../../../src/topics/checks/check-topic.ts";
import { type NamedTopic, topicSchema } from "../../../src/topics/definition.ts";
import { createTopicsAssistant } from "../../../src/topics/engine.ts";
import { STEP_KIND_NAMES } from "../../../src/topics/steps/catalog.ts";
import { anyTopics, clean } from "../../support/any-topics.ts";
import { readRunCount } from "../../support/extent.ts";
import { WHOLE } from "./whole.ts";

const RUNS = readRunCount("TOPIC_RUNS", { short: 100, full: 400 });

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 });

describe("any document", () => {
  it("is answered in sentences", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (document) => {
        expectSentences(checkDocument(document), document);
        expectSentences(
          checkDocument({ title: "x", steps: [document, { kind: "say", id: "a", text: document }] }),
          document,
        );
      }),
      { numRuns: RUNS },
    );
  });

  it("is answered in sentences if any part of a topic is changed", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), anyPiece, (where, field, piece) => {
        const document = changed({ title: "x", keywords: ["a"], steps: Object.values(WHOLE) }, where, field, piece);
        expectSentences(checkDocument(document), document);
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it("has a maximum depth", () => {
    const deep = (levels: number) => JSON.parse(`${'{"a":['.repeat(levels)}${"]}".repeat(levels)}`) as unknown;
    const call = { ...WHOLE["call"], request: { url: "https://crm.example.com/", body: deep(50_000) } };
    const { errors } = checkDocument({ title: "x", steps: [call] });
    expect(errors.map(({ detail }) => detail)).toContain("This is nested too deeply. At most 32 levels are allowed.");
    expect(checkDocument(deep(50_000)).topic).toBeNull();
  });
});

describe("a problem in one field hides no problem in the others", () => {
  it.each(STEP_KIND_NAMES)("of %s", (kind) => {
    const whole = WHOLE[kind] ?? {};
    expect(checkDocument({ title: "x", steps: stepsWith(whole) }).errors).toEqual([]);
    const planted = Object.keys(PLANTED).filter((name) => name === "extra" || Object.hasOwn(whole, name));
    const wrong = { ...whole, ...Object.fromEntries(planted.map((name) => [name, PLANTED[name]])) };
    for (const field of Object.keys(whole).filter((name) => name !== "kind")) {
      for (const value of [true, undefined, { q: [] }, "{{ a }} B", 0]) {
        const { errors } = checkDocument(clean({ title: "x", steps: stepsWith({ ...wrong, [field]: value }) }));
        const pointers = errors.map(({ pointer }) => pointer);
        for (const name of planted.filter((each) => each !== field)) expect(pointers).toContain(`/steps/1/${name}`);
      }
    }
  });
});

describe("cycles and long paths", () => {
  it("if none is reported, no turn takes too many steps", () => {
    let quiet = 0;
    fc.assert(
      fc.property(
        anyTopics,
        fc.array(fc.constantFrom("one", "two", "three", "1", "yes", "no", "x"), { maxLength: 12 }),
        (topics, texts) => {
          const said = [
            ...topics.flatMap((topic) => problemsIn(checkDocument(documentOf(topic)))),
            ...checkApplicationTopics(topics),
          ];
          if (said.some(({ detail }) => /may repeat|forever|follow each other/u.test(detail))) return;
          quiet += 1;
          expect(() => live(topics, texts)).not.toThrow(/steps without waiting/u);
        },
      ),
      { numRuns: RUNS * 3 },
    );
    expect(quiet).toBeGreaterThan(RUNS / 10);
  });

  it("a cycle that is reported as endless is endless", () => {
    let seen = 0;
    fc.assert(
      fc.property(anyTopics, ([topic]) => {
        if (topic === undefined) return;
        const rounds = checkDocument(documentOf(topic)).errors.filter(({ detail }) => detail.includes("forever"));
        const asks = topic.steps.some((step) => "request" in step || ("from" in step && step.from !== undefined));
        for (const { pointer } of asks ? [] : rounds) {
          seen += 1;
          const first = Number(/\d+/u.exec(pointer)?.[0]);
          const begins = {
            ...topic,
            steps: [
              { kind: "branch", id: "begin", cases: [{ when: "true", next: topic.steps[first]?.id ?? "" }] },
              ...topic.steps,
            ],
          } as NamedTopic;
          expect(() => live([begins], ["one"])).toThrow(/steps without waiting/u);
        }
      }),
      { numRuns: RUNS * 5 },
    );
    expect(seen).toBeGreaterThan(0);
  });
});

describe("the largest documents", () => {
  it.each([
    ["right", (index: number) => `Option ${index}`],
    ["wrong everywhere", (index: number) => `{{ option_${index} | upcas`],
  ])("of %s steps are answered, within the limit", (_, label) => {
    const steps = Array.from({ length: STEPS_PER_TOPIC }, (__, index) => ({
      kind: "choice",
      id: `step-${index}`,
      text: `Which? {{ answer_${index} }}`,
      save: `answer_${index}`,
      options: Array.from({ length: OPTIONS_PER_CHOICE }, (___, option) => ({
        label: label(option),
        next: `step-${(index * 7 + option) % STEPS_PER_TOPIC}`,
      })),
    }));
    const { errors, warnings } = checkDocument({ title: "Large", steps });
    expect(warnings).toEqual([]);
    expect(errors.length).toBe(label(0).includes("{{") ? PROBLEMS_PER_ANSWER + 1 : 0);
    if (errors.length > 0)
      expect(errors.at(-1)).toEqual({ pointer: "", detail: `And ${20_000 - PROBLEMS_PER_ANSWER} more.` });
  });

  it("with a thousand missing targets and variables are answered", () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => ({
      kind: "say",
      id: `s${index}`,
      text: `{{ v${index}x }}`,
      next: `t${index * 31}`,
    }));
    const { errors, warnings } = checkDocument({ title: "Large", steps });
    expect([errors.length, warnings.length]).toEqual([PROBLEMS_PER_ANSWER + 1, PROBLEMS_PER_ANSWER + 1]);
  });

  it("in many languages are answered", () => {
    const text = (from: number) =>
      Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [
          `x${((from + index) % 600)
            .toString(26)
            .replaceAll(/\d/gu, (digit) => "klmnopqrst"[Number(digit)] ?? "k")
            .slice(0, 2)}`.padEnd(2, "a"),
          "Hello",
        ]),
      );
    const steps = Array.from({ length: 100 }, (_, index) => ({ kind: "say", id: `s${index}`, text: text(index * 3) }));
    expect(checkDocument({ title: "Large", steps }).errors.length).toBe(PROBLEMS_PER_ANSWER + 1);
  });
});

/** Values that are valid somewhere, put at any place. */
const anyPiece = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    "{{ x",
    "{% if x %}",
    "{% for a in b %}{{ a }}{% endfor %}",
    "next",
    "say",
    "a~b/c",
    "__proto__",
    "constructor",
    "\ud800",
    "😀".repeat(100),
    "2",
    "http://",
    Number.MAX_VALUE,
    -0,
    [[]],
    {},
  ),
);

/** @returns the document with one field or entry replaced, removed or added */
function changed(document: unknown, where: number, field: number, piece: unknown): unknown {
  const copy = clean(document);
  const places: [object, string][] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, each] of Object.entries(value)) {
      places.push([value, key]);
      walk(each);
    }
  };
  walk(copy);
  const [holder, key] = places[where % places.length] ?? [{}, ""];
  const keys = [key, "next", "text", "save", "a/b"];
  if (field % 3 === 0) Reflect.deleteProperty(holder, key);
  else
    Object.defineProperty(holder, field % 3 === 1 ? key : (keys[field % keys.length] ?? key), {
      value: piece,
      enumerable: true,
      configurable: true,
    });
  return JSON.parse(JSON.stringify(copy)) as unknown;
}

/** Words that must not appear in a sentence: JavaScript's, Zod's, a stack trace. */
const FOREIGN = /undefined|\[object|Invalid input|\bNaN\b|Error\b|\bat \w+ \(|\.ts:|node_modules|zod/u;

function expectSentences(checked: TopicCheckResult, document: unknown): void {
  const { topic, errors } = checked;
  expect(topic === null).toBe(errors.length > 0);
  const written = JSON.stringify(document) ?? "";
  for (const { pointer, detail } of problemsIn(checked)) {
    expect(pointer).toMatch(/^(?:\/(?:[^~]|~[01])*)?$/u);
    expect(detail).toMatch(/^["\p{Lu}][^]{8,}[.?]$/u);
    const said = FOREIGN.exec(detail)?.[0];
    if (said !== undefined) expect(written).toContain(said);
  }
}

function documentOf(topic: NamedTopic): object {
  return clean({ ...topic, id: undefined });
}

function problemsIn({ errors, warnings }: TopicCheckResult) {
  return [...errors, ...warnings];
}

/** The problems other than that of the field that is broken on purpose. */
const PLANTED: Readonly<Record<string, unknown>> = { extra: 1, retry: "{{ q", next: "nowhere", failed: "nowhere" };

/** The step, between others that it can go to. */
function stepsWith(step: object): readonly unknown[] {
  return [{ kind: "confirm", id: "x", text: "Well?", yes: "end" }, step, { kind: "end", id: "end" }];
}

const SETTING: AssistantContext = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "1",
  turn: "12025550140-SM",
  origin: "https://parley.example",
  now: Date.UTC(2026, 2, 2, 17, 59),
  application: { id: "sample", name: "Sample" },
  language: "en",
  zone: "UTC",
  message: createMessages({ name: "Sample", language: "en", messages: {} }),
};

/** @throws the errors of the assistant */
function live(topics: readonly NamedTopic[], texts: readonly string[]): void {
  const assistant = createTopicsAssistant(topics);
  let memory: AssistantMemory | null = null;
  for (const text of texts) {
    let reply = assistant.handleEvent({ kind: "text", text, media: [], opening: memory === null }, memory, SETTING);
    for (
      let answers = 0;
      answers < 20 && (reply.awaits.kind === "request" || reply.awaits.kind === "pause");
      answers += 1
    ) {
      const outcome = { kind: "failed", reason: "timeout" } as const;
      const event =
        reply.awaits.kind === "pause" ? ({ kind: "paused" } as const) : ({ kind: "answered", outcome } as const);
      reply = assistant.handleEvent(event, reply.memory, SETTING);
    }
    memory = reply.awaits.kind === "text" ? reply.memory : null;
  }
}

it("the schema accepts exactly the documents that can be parsed", () => {
  for (const step of Object.values(WHOLE)) {
    expect(isRecord(step)).toBe(true);
    expect(topicSchema.safeParse({ title: "x", steps: [step] }).success).toBe(true);
  }
  expect(Object.keys(WHOLE).toSorted()).toEqual([...STEP_KIND_NAMES].toSorted());
});
