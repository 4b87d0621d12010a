import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type { Assistant, AssistantContext, AssistantMemory, AssistantReply } from "../../../src/contract/assistant.ts";
import { checkDocument } from "../../../src/topics/checks/check-topic.ts";
import type { NamedTopic } from "../../../src/topics/definition.ts";
import { createTopicsAssistant } from "../../../src/topics/engine.ts";
import { type Hearing, stored } from "./turns.ts";

export const SETTING: AssistantContext = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "1",
  turn: `12025550140-SM${"0".repeat(32)}`,
  origin: "https://parley.example",
  now: Date.UTC(2026, 2, 2, 17, 59),
  application: { id: "long", name: "Long" },
  language: "en",
  zone: "UTC",
  message: createMessages({ name: "Long", language: "en", messages: {} }),
};

/** Ten steps, among them four questions. Groups differ in their words, and save into the same variables: memories are of one size. */
function group(name: string, following: string): readonly object[] {
  const id = (step: string): string => `${name}-${step}`;
  return [
    { kind: "say", id: id("say"), text: `Part ${name}, for {{ sender | phone }}.` },
    { kind: "ask", id: id("name"), text: `Who comes to ${name}?`, save: "name" },
    { kind: "ask", id: id("count"), text: `How many are you in ${name}, {{ name }}?`, answer: NUMBER, save: "count" },
    { kind: "set", id: id("set"), values: { price: `{{ count | times: 8.5 }}` } },
    { kind: "branch", id: id("branch"), cases: [{ when: "count > 3", next: id("many") }], next: id("choice") },
    { kind: "say", id: id("many"), text: `That is a large table in ${name}.` },
    {
      kind: "choice",
      id: id("choice"),
      text: `{{ name }}, when in ${name}?`,
      save: "time",
      options: ["Tuesday 2 pm", "Tuesday 4 pm", "Friday 2 pm"].map((label) => ({ label: `${label}, ${name}` })),
    },
    { kind: "confirm", id: id("sure"), text: `{{ count }} for {{ price | currency: "USD" }}?`, no: id("name") },
    { kind: "say", id: id("done"), text: `{% if time contains "Friday" %}Until Friday!{% else %}See you!{% endif %}` },
    { kind: "say", id: id("on"), text: `{{ time }} it is.`, next: following },
  ];
}

const NUMBER = { is: "number", minimum: 1, maximum: 20, whole: true, units: ["people"] };
const STEPS_IN_A_GROUP = 10;

/** What a person says in each group, where the second text is no answer. */
export const TEXTS = ["Someone New", "a few", "4 people", "friday 2pm", "yep"];

/**
 * @param steps how many, a multiple of ten; after the last group comes the first again
 * @param first the number of its first group: groups of other numbers have other words
 */
export function longTopic(steps: number, first = 0): NamedTopic {
  const groups = Array.from({ length: steps / STEPS_IN_A_GROUP }, (_, index) => `g${first + index}`);
  const document = {
    title: "Long",
    keywords: ["go"],
    steps: groups.flatMap((name, index) => group(name, `${groups[(index + 1) % groups.length]}-say`)),
  };
  const { topic, errors } = checkDocument(document);
  if (topic === null) throw new Error(JSON.stringify(errors));
  return { ...topic, id: "long" };
}

/** @returns topics of so many steps, none of whose words are another's */
export function longTopics(count: number, steps: number): readonly NamedTopic[] {
  return Array.from({ length: count }, (_, index) => longTopic(steps, (index * steps) / STEPS_IN_A_GROUP));
}

/**
 * @param turns so many turns with each topic, of a person who answers every question, from the first group to the last and again
 * @returns what the assistants over them hear, each over one
 */
export function longHearings(topics: readonly NamedTopic[], turns: number): readonly Hearing[] {
  return topics.flatMap((topic) => hearingsOf(createTopicsAssistant([topic]), turns));
}

function hearingsOf(assistant: Assistant, turns: number): readonly Hearing[] {
  const hearings: Hearing[] = [];
  const hear = (text: string, memory: AssistantMemory | null): AssistantReply => {
    const hearing: Hearing = {
      assistant,
      event: { kind: "text", text, media: [], opening: memory === null },
      memory: stored(memory),
      setting: SETTING,
    };
    hearings.push(hearing);
    return assistant.handleEvent(hearing.event, hearing.memory, SETTING);
  };
  let { memory } = hear("go", null);
  for (let turn = 1; turn < turns; turn += 1) ({ memory } = hear(TEXTS[(turn - 1) % TEXTS.length] ?? "", memory));
  return hearings;
}
