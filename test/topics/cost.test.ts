import { expect, it } from "vitest";
import type { AssistantMemory } from "../../src/contract/assistant.ts";
import { createTopicsAssistant } from "../../src/topics/engine.ts";
import type { Step } from "../../src/topics/steps/catalog.ts";
import { longTopic, SETTING, TEXTS } from "../bench/engine/long-topic.ts";

/** Enough groups to pass the shorter topic twice. */
const GROUPS = 10;

/** @returns the number of reads of the topic's list of steps in each turn of a conversation */
function looks(steps: number): readonly number[] {
  const topic = longTopic(steps);
  let count = 0;
  const watched = new Proxy<Step[]>([...topic.steps], {
    get: (list, key) => {
      count += 1;
      return Reflect.get(list, key) as unknown;
    },
  });
  const assistant = createTopicsAssistant([{ ...topic, steps: watched }]);
  let memory: AssistantMemory | null = null;
  return ["go", ...Array.from({ length: GROUPS }, () => TEXTS).flat()].map((text) => {
    count = 0;
    const event = { kind: "text", text, media: [], opening: memory === null } as const;
    memory = assistant.handleEvent(event, memory, SETTING).memory;
    return count;
  });
}

it("a turn in a topic of 1,000 steps reads as many of them as in a topic of 50", () => {
  const few = looks(50);
  expect(looks(1_000)).toEqual(few);
  expect(Math.max(...few)).toBeGreaterThan(0);
  expect(Math.max(...few)).toBeLessThan(50);
});
