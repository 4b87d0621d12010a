import { describe, expect, it } from "vitest";
import { checkApplicationTopics } from "../../../src/topics/checks/application-topics.ts";
import { topic } from "../../support/chat.ts";

const say = (id: string, more: object = {}) => ({ kind: "say", id, text: "Hello", ...more });
const ask = (id: string) => ({ kind: "ask", id, text: "Well?", save: "answer" });
const go = (id: string, to: string, returns = false) => ({ kind: "topic", id, topic: to, returns });

describe("topics together", () => {
  it("share a keyword", () => {
    const found = checkApplicationTopics([
      topic("soup", { keywords: ["lunch", "Soup!"], steps: [say("a")] }),
      topic("salad", { keywords: ["LUNCH", "salad"], steps: [say("a")] }),
    ]);
    expect(found.map(({ pointer, detail }) => [pointer, detail])).toEqual([
      ["/assistant/topics", expect.stringContaining('keyword "lunch" starts the topics "soup" and "salad"')],
    ]);
  });

  it.each([
    ["one after the other", [say("a"), go("b", "two")], [say("a"), go("b", "one")], ["one", "two"]],
    ["one that begins itself", [say("a"), go("b", "one")], [say("a")], ["one"]],
    ["coming back and beginning anew", [go("a", "two", true), go("b", "one")], [say("a")], ["one"]],
    ["one within the other", [go("a", "two", true), say("b")], [go("a", "one", true), say("b")], ["one", "two"]],
  ])("go round in haste: %s", (_, one, two, ids) => {
    const [found, ...others] = checkApplicationTopics([topic("one", { steps: one }), topic("two", { steps: two })]);
    expect([found?.severity, others]).toEqual(["warning", []]);
    expect(found?.detail).toContain(`may repeat ${ids.map((id) => `"${id}"`).join(" and ")} without waiting`);
  });

  it.each([
    ["the other asks something", [say("a"), go("b", "two")], [ask("a"), go("b", "one")]],
    ["the other asks something before it comes back", [go("a", "two", true), go("b", "one")], [ask("a")]],
    ["the other never comes back", [go("a", "two", true), go("b", "one")], [{ kind: "end", id: "a" }]],
    ["the other goes on elsewhere", [go("a", "two", true), go("b", "one")], [go("a", "three")]],
  ])("may go to one another where %s", (_, one, two) => {
    const three = topic("three", { steps: [say("a")] });
    expect(checkApplicationTopics([topic("one", { steps: one }), topic("two", { steps: two }), three])).toEqual([]);
  });
});
