import { describe, expect, it } from "vitest";
import { checkTopic, topicSchema } from "../../src/topics/definition.ts";
import { missingTargets } from "../../src/topics/targets.ts";
import { topic } from "../support/chat.ts";

const SAY = { kind: "say", id: "a", text: "Hello" };

describe("checkTopic", () => {
  it.each([
    ["an unknown step", [{ ...SAY, next: "nowhere" }], "/steps/0/next"],
    [
      "an unknown step behind an option",
      [{ kind: "choice", id: "a", text: "?", options: [{ label: "x", next: "nowhere" }] }],
      "/steps/0/options/0/next",
    ],
    [
      "an unknown step behind a case",
      [{ kind: "branch", id: "a", cases: [{ when: "x", next: "nowhere" }] }],
      "/steps/0/cases/0/next",
    ],
    ["an id that stands twice", [SAY, SAY], "/steps/1/id"],
    ["a template that does not parse", [{ ...SAY, text: "{{ x" }], "/steps/0/text"],
    ["a filter that is not there", [{ ...SAY, text: "{{ x | shout }}" }], "/steps/0/text"],
    ["a tag that reads other files", [{ ...SAY, text: "{% include 'secrets' %}" }], "/steps/0/text"],
    ["a value that does not parse", [{ kind: "set", id: "a", values: { x: "{% if %}" } }], "/steps/0/values/x"],
    [
      "a condition in braces",
      [{ kind: "branch", id: "a", cases: [{ when: "{{ x }}", next: "a" }] }],
      "/steps/0/cases/0/when",
    ],
    [
      "a condition that breaks out",
      [{ kind: "branch", id: "a", cases: [{ when: "x %}y{% if z", next: "a" }] }],
      "/steps/0/cases/0/when",
    ],
  ])("finds %s", (_, steps, pointer) => {
    expect(checkTopic(topic("main", { steps })).map((each) => each.pointer)).toEqual([pointer]);
  });

  it("names everything that is wrong at once", () => {
    const wrong = checkTopic(
      topic("main", {
        steps: [
          { ...SAY, next: "x" },
          { ...SAY, text: "{{", next: "y" },
        ],
      }),
    );
    expect(wrong.map(({ pointer }) => pointer)).toEqual([
      "/steps/1/id",
      "/steps/0/next",
      "/steps/1/next",
      "/steps/1/text",
    ]);
  });
});

describe("topicSchema", () => {
  it.each([
    ["no steps", { title: "x", steps: [] }],
    ["a kind of step that is not there", { title: "x", steps: [{ kind: "dance", id: "a" }] }],
    ["an unknown field in a step", { title: "x", steps: [{ ...SAY, loud: true }] }],
    ["a say that says nothing", { title: "x", steps: [{ kind: "say", id: "a" }] }],
    ["a variable that hides one of ours", { title: "x", steps: [{ kind: "ask", id: "a", text: "?", save: "sender" }] }],
    ["a keyword without a letter", { title: "x", keywords: ["?!"], steps: [SAY] }],
    ["a choice without options", { title: "x", steps: [{ kind: "choice", id: "a", text: "?", options: [] }] }],
  ])("refuses %s", (_, document) => {
    expect(topicSchema.safeParse(document).success).toBe(false);
  });
});

it("missingTargets finds the topics that an application does not have", () => {
  const going = topic("main", { steps: [SAY, { kind: "topic", id: "b", topic: "other" }] });
  expect(missingTargets(going, new Set(["main"])).map(({ pointer }) => pointer)).toEqual(["/steps/1/topic"]);
  expect(missingTargets(going, new Set(["main", "other"]))).toEqual([]);
});
