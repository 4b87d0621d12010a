import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import type { RequestOutcome } from "../../src/contract/assistant.ts";
import { PARTS_PER_TURN } from "../../src/core/limits/sender.ts";
import { nextDueEvent } from "../../src/sender/events/timeouts.ts";
import type { MediaCopy } from "../../src/sender/model/state.ts";
import { anyTopics } from "../support/any-topics.ts";
import { readRunCount } from "../support/extent.ts";
import { type Chance, Running, type Ways } from "../support/running.ts";

/** The number of runs for each property, with about fifteen events each. `TOPIC_RUNS=20000` makes more than a million events. */
const RUNS = readRunCount("TOPIC_RUNS", { short: 100, full: 400 });

/** The number of events, by property. */
const cases: Record<string, number> = {};

afterAll(() => {
  const all = Object.values(cases).reduce((sum, count) => sum + count, 0);
  console.info(`${all} events: ${JSON.stringify(cases)}`);
});

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 });

const WORDS =
  "one|two|three|1|2|11|small|yes|no|a||7 pm|again|more|back|menu|agent|help|exit|en-us-ny|es|x@example.com";
const ODD = ["{{ name }}", "{% if %}", "3 May 2027", "(202) 555-0143", "👩‍👩‍👧", "\u202Eabc", "٢"];
const anyText = fc.constantFrom(...WORDS.split("|"), ...ODD);

const anyOutcome = fc.constantFrom<RequestOutcome>(
  { kind: "failed", reason: "timeout" },
  { kind: "answered", status: 200, json: [{ label: "x", id: 7 }, { label: "y" }] },
  { kind: "answered", status: 200, json: [] },
  { kind: "answered", status: 500, json: null },
  { kind: "answered", status: 200, json: { text: "x".repeat(60_000) } },
  { kind: "answered", status: 200, json: Array.from({ length: 120 }, (_, id) => ({ label: `Day ${id}`, id })) },
);

const anyCopy = fc.constantFrom<MediaCopy>(
  { status: "kept", at: 0, key: "k", contentType: "image/png", size: 1 },
  { status: "refused", at: 0, because: "size", reason: "too large" },
  { status: "lost", at: 0, reason: "gone" },
);

const anyChance: fc.Arbitrary<Chance> = fc.record({
  text: anyText,
  hasPicture: fc.boolean(),
  outcome: anyOutcome,
  copy: anyCopy,
  seconds: fc.option(fc.constantFrom(1, 10, 60, 700, 4_000), { nil: null, freq: 3 }),
});

const anyLife = fc.tuple(anyTopics, fc.array(anyChance, { minLength: 5, maxLength: 20 }));

/**
 * Plays many conversations.
 * @param look is called after each event with the conversation and its input
 */
function property(
  name: string,
  look: (running: Running, chances: readonly Chance[]) => void,
  after: (running: Running, topics: Parameters<typeof lived>[0], chances: readonly Chance[]) => void = () => undefined,
): void {
  it(name, () => {
    fc.assert(
      fc.property(anyLife, ([topics, chances]) => {
        const running = lived(topics, chances, {}, (now) => look(now, chances));
        cases[name] = (cases[name] ?? 0) + running.events;
        after(running, topics, chances);
      }),
      { numRuns: RUNS },
    );
  });
}

function lived(
  topics: ConstructorParameters<typeof Running>[0],
  chances: readonly Chance[],
  ways: Ways,
  look: (running: Running) => void = () => undefined,
): Running {
  const running = new Running(topics, ways);
  for (const chance of chances) {
    running.live(chance);
    look(running);
  }
  return running;
}

/** Compares the final states. */
function expectSame(one: Running, other: Running): void {
  if (isDeepStrictEqual(one.state, other.state) && isDeepStrictEqual(one.turns, other.turns)) return;
  expect([other.state, other.turns]).toEqual([one.state, one.turns]);
}

describe("any topics and any events", () => {
  property("the conversation ends or waits, within its limits", (running) => {
    const { conversation, state, now } = running;
    if (state === null) return;
    if (conversation.status === "none") throw new Error("a text without a conversation");
    if (nextDueEvent(state, now) !== null) throw new Error("something is due, and never over");
    if (running.most > PARTS_PER_TURN) throw new Error(`${running.most} messages at once`);
  });

  property(
    "saving and loading it at any point changes nothing",
    () => undefined,
    (running, topics, chances) => expectSame(running, lived(topics, chances, { stores: true })),
  );

  property(
    "the same event twice changes nothing the second time",
    () => undefined,
    (running, topics, chances) => expectSame(running, lived(topics, chances, { repeats: true })),
  );

  property("help and exit are within reach at every step", (running) => {
    const { conversation } = running;
    if (conversation.status !== "open" || conversation.rest.kind === "request" || conversation.rest.kind === "file")
      return;
    const [helped, left] = [running.fork(), running.fork()];
    const before = running.said.length;
    helped.text("help");
    if (helped.conversation.status !== "open" || helped.said.length <= before) throw new Error("no help");
    if (helped.conversation.rest.kind !== conversation.rest.kind) throw new Error("help has changed something");
    left.text("exit");
    if (left.conversation.status !== "closed" || left.said.length <= before) throw new Error("no exit");
  });

  property(
    "no placeholder is left in what is said, but what the person has typed",
    () => undefined,
    (running, _, chances) => {
      if (chances.some(({ text }) => /[{}]/u.test(text))) return;
      for (const text of running.said) {
        if (/\{\{|\}\}|\{%|%\}|undefined|\[object|\bNaN\b|\uFFFD/u.test(text)) throw new Error(text);
        if (text.trim() === "") throw new Error("an empty text");
      }
    },
  );
});
