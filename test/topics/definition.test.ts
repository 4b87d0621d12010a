import { describe, expect, it } from "vitest";
import { topicSchema } from "../../src/topics/definition.ts";
import { findMissingTargets } from "../../src/topics/targets.ts";
import { topic } from "../support/chat.ts";

const SAY = { kind: "say", id: "a", text: "Hello" };

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
  expect(findMissingTargets(going, new Set(["main"])).map(({ pointer }) => pointer)).toEqual(["/steps/1/topic"]);
  expect(findMissingTargets(going, new Set(["main", "other"]))).toEqual([]);
});
