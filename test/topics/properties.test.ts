import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Assistant, Event, Memory, Reply, Setting } from "../../src/assistants/contract.ts";
import { messagesOf } from "../../src/configuration/messages.ts";
import { checkTopic, type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { topicsAssistant } from "../../src/topics/engine.ts";

/** Lives of some ten events each; a million events are `TOPIC_RUNS=100000`. */
const RUNS = Number(process.env["TOPIC_RUNS"] ?? 400);

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 });

const setting: Setting = {
  sender: "+12025550140",
  number: "+12025550100",
  now: Date.UTC(2026, 2, 2, 17, 59),
  application: { id: "sample", name: "Sample" },
  language: "en",
  zone: "UTC",
  message: messagesOf({ name: "Sample", language: "en", messages: {} }),
};

const TOPICS = ["one", "two", "three"];
const LABELS = ["Red", "Green", "Small", "Small with cheese", "7 pm", "Nothing"];
const step = (count: number) => fc.nat({ max: count - 1 }).map((index) => `s${index}`);

const wording = fc.constantFrom<string | Record<string, string>>(
  "Hello.",
  "You said {{ text }}.",
  "{{ name | upcase }}, {{ other.deep }} and {{ count | plus: 1 }}",
  "{% if name %}I know you, {{ name }}.{% else %}Who?{% endif %}",
  { en: "Hello {{ sender | phone }}", es: "Hola {{ name }}", de: "{{ now | local_date: 'long' }}" },
);
const silence = fc.option(
  fc.record({ after: fc.constantFrom(60, 600), giveUp: fc.option(fc.constant({ after: 60 }), { nil: undefined }) }),
  { nil: undefined },
);
const request = fc.constantFrom(
  { url: "https://crm.example.com/{{ name }}?q={{ text }}" },
  { url: "https://crm.example.com", method: "POST", body: { a: ["{{ text }}"] } },
);
const variable = fc.constantFrom("name", "other", "count", "language");

/** The step at an index of so many. */
function anyStep(index: number, count: number): fc.Arbitrary<object> {
  const to = step(count);
  const next = fc.option(to, { nil: undefined });
  const base = { id: fc.constant(`s${index}`), next };
  const options = fc
    .uniqueArray(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 6 })
    .chain((labels) => fc.tuple(...labels.map((label) => fc.record({ label: fc.constant(label), next }))));
  return fc.oneof(
    fc.record({ ...base, kind: fc.constant("say"), text: wording }),
    fc.record({ ...base, kind: fc.constant("ask"), text: wording, save: variable, silence }),
    fc.record({ ...base, kind: fc.constant("choice"), text: wording, options, save: variable, silence }),
    fc.record({ id: base.id, kind: fc.constant("confirm"), text: wording, yes: next, no: next, silence }),
    fc.record({ ...base, kind: fc.constant("upload"), text: wording, save: variable }),
    fc.record({
      ...base,
      kind: fc.constant("set"),
      values: fc.dictionary(variable, fc.constantFrom("{{ text }}", "es", "x")),
    }),
    fc.record({
      ...base,
      kind: fc.constant("branch"),
      cases: fc.tuple(fc.record({ when: fc.constantFrom("name", "count > 1", 'text == "a"'), next: to })),
    }),
    fc.record({ ...base, kind: fc.constant("call"), request, save: variable, failed: to }),
    fc.record({ ...base, kind: fc.constant("search"), request, result: wording, failed: to }),
    fc.record({ ...base, kind: fc.constant("wait"), seconds: fc.constant(10) }),
    fc.record({ id: base.id, kind: fc.constant("topic"), topic: fc.constantFrom(...TOPICS), returns: fc.boolean() }),
    fc.record({ id: base.id, kind: fc.constant("end"), text: fc.option(wording, { nil: undefined }) }),
  );
}

const anyTopics: fc.Arbitrary<readonly NamedTopic[]> = fc
  .tuple(
    ...TOPICS.map((id) =>
      fc
        .integer({ min: 1, max: 7 })
        .chain((count) =>
          fc.tuple(fc.constant(id), fc.tuple(...Array.from({ length: count }, (_, index) => anyStep(index, count)))),
        ),
    ),
  )
  .map((topics) =>
    topics.map(([id, steps]) => ({ ...topicSchema.parse({ title: id, keywords: [id], steps: clean(steps) }), id })),
  )
  .filter((topics) => topics.every((topic) => checkTopic(topic).length === 0));

function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        "one",
        "two",
        "three",
        "1",
        "2",
        "small",
        "yes",
        "no",
        "a",
        "",
        "7",
        "back",
        "menu",
        "agent",
        "{{ name }}",
        "{% if %}",
        "more",
      )
      .map((text): Event => ({ kind: "text", text, media: [], opening: false })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Event>({
      kind: "text",
      text: "",
      media: [{ url: "https://api.twilio.com/m", contentType: "image/png" }],
      opening: false,
    }),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }).map((times): Event => ({ kind: "silent", times })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Event>(
      { kind: "paused" },
      { kind: "answered", outcome: { kind: "failed", reason: "timeout" } },
      { kind: "answered", outcome: { kind: "answered", status: 200, json: [{ label: "x" }] } },
    ),
  },
);

/** Null: it went in circles and was stopped, which the Sender answers with the failure message. */
function hear(assistant: Assistant, event: Event, memory: Memory | null): Reply | null {
  try {
    return assistant.hear(event, memory, setting);
  } catch (error) {
    if (error instanceof RangeError && /steps without waiting|deep into one another/u.test(error.message)) return null;
    throw error;
  }
}

/** Lives a conversation; whatever comes, comes only when it is waited for. */
function live(
  topics: readonly NamedTopic[],
  events: readonly Event[],
  check: (assistant: Assistant, memory: Memory | null, reply: Reply, event: Event) => void,
): void {
  const assistant = topicsAssistant(topics);
  let memory: Memory | null = null;
  let waits: Reply["then"]["kind"] = "text";
  for (const event of events) {
    if (!isAwaited(event, waits)) continue;
    const reply = hear(assistant, event, memory);
    if (reply === null) continue;
    check(assistant, memory, reply, event);
    memory = reply.then.kind === "end" ? null : clean(reply.memory);
    waits = reply.then.kind === "end" ? "text" : reply.then.kind;
  }
}

function isAwaited(event: Event, waits: Reply["then"]["kind"]): boolean {
  if (event.kind === "answered") return waits === "request";
  if (event.kind === "paused") return waits === "pause";
  return waits === "text";
}

const anyLife = fc.tuple(anyTopics, fc.array(anyEvent, { maxLength: 25 }));

describe("whatever the topics and whatever is said", () => {
  it("an event ends or waits; the same event in the same memory gives the same reply; storage changes nothing", () => {
    fc.assert(
      fc.property(anyLife, ([topics, events]) => {
        live(topics, events, (assistant, memory, reply, event) => {
          expect(hear(assistant, event, memory)).toEqual(reply);
          expect(hear(topicsAssistant(topics), event, clean(memory))).toEqual(reply);
          expect(["text", "request", "pause", "end"]).toContain(reply.then.kind);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("no placeholder is left, but what the person has typed", () => {
    fc.assert(
      fc.property(anyLife, ([topics, events]) => {
        const said = events.some((event) => event.kind === "text" && /[{}]/u.test(event.text));
        if (said) return;
        live(topics, events, (_, __, { answers }) => {
          for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(/\{\{|\}\}|\{%|undefined|\[object/u);
        });
      }),
      { numRuns: RUNS },
    );
  });

  it("help and exit are within reach", () => {
    fc.assert(
      fc.property(anyLife, ([topics, events]) => {
        live(topics, events, (assistant, _, { then, memory }) => {
          if (then.kind !== "text") return;
          const say = (text: string) =>
            hear(assistant, { kind: "text", text, media: [], opening: false }, clean(memory));
          expect(say("exit")?.then).toEqual({ kind: "end" });
          const help = say("help");
          expect(help?.answers.length).toBeGreaterThan(0);
          expect(help?.then.kind).toBe("text");
        });
      }),
      { numRuns: RUNS },
    );
  });
});
