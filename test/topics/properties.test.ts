import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { Assistant, Event, Memory, Reply, Setting } from "../../src/assistants/contract.ts";
import { messagesOf } from "../../src/configuration/messages.ts";
import type { NamedTopic } from "../../src/topics/definition.ts";
import { topicsAssistant } from "../../src/topics/engine.ts";
import { anyTopics, clean } from "../support/any-topics.ts";

/** Lives of some ten events each; a million events are `TOPIC_RUNS=100000`. */
const RUNS = Number(process.env["TOPIC_RUNS"] ?? 400);

/** Events that were heard and looked at. */
let cases = 0;

afterAll(() => console.info(`${cases} events in ${3 * RUNS} lives`));

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 });

const setting: Setting = {
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
  message: messagesOf({ name: "Sample", language: "en", messages: {} }),
};

const FILE = { url: "https://api.twilio.com/m", contentType: "image/png" };

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
    weight: 2,
    arbitrary: fc.constantFrom<Event>(
      { kind: "text", text: "", media: [FILE], opening: false },
      { kind: "text", text: "", media: [{ ...FILE, copy: "waiting" }], opening: false },
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }).map((times): Event => ({ kind: "silent", times })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Event>(
      { kind: "paused" },
      { kind: "file", index: 0, text: "", media: [{ ...FILE, copy: "waiting" }] },
      { kind: "file", index: 0, text: "", media: [{ ...FILE, copy: "kept" }] },
      { kind: "file", index: 0, text: "", media: [{ ...FILE, copy: "too-large" }] },
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
  let waits: Reply["awaits"]["kind"] = "text";
  for (const event of events) {
    if (!isAwaited(event, waits)) continue;
    const reply = hear(assistant, event, memory);
    cases += 1;
    if (reply === null) continue;
    check(assistant, memory, reply, event);
    memory = reply.awaits.kind === "end" ? null : clean(reply.memory);
    waits = reply.awaits.kind === "end" ? "text" : reply.awaits.kind;
  }
}

function isAwaited(event: Event, waits: Reply["awaits"]["kind"]): boolean {
  if (event.kind === "answered") return waits === "request";
  if (event.kind === "paused") return waits === "pause";
  if (event.kind === "file") return waits === "file";
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
          expect(["text", "request", "file", "pause", "end"]).toContain(reply.awaits.kind);
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
        live(topics, events, (assistant, _, { awaits, memory }) => {
          if (awaits.kind !== "text") return;
          const say = (text: string) =>
            hear(assistant, { kind: "text", text, media: [], opening: false }, clean(memory));
          expect(say("exit")?.awaits).toEqual({ kind: "end" });
          const help = say("help");
          expect(help?.answers.length).toBeGreaterThan(0);
          expect(help?.awaits.kind).toBe("text");
        });
      }),
      { numRuns: RUNS },
    );
  });
});
