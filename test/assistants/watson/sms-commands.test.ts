import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/core/json.ts";
import { begun, type Dialogue } from "./dialogue.ts";

const HELLO = { response_type: "text", text: "Hello." };
const RIDES = {
  response_type: "option",
  title: "Which?",
  options: [
    { label: "Boat", value: { input: { text: "boat" } } },
    { label: "Car", value: { input: { text: "car" } } },
  ],
};
const MEANT = {
  response_type: "suggestion",
  title: "Did you mean?",
  suggestions: [{ label: "I'd like to order a drink.", value: { input: { text: "drink", suggestion_id: "x" } } }],
};

/** The state one turn later. */
function next(dialogue: Dialogue, generic: readonly JsonValue[], sets: Readonly<Record<string, JsonValue>> = {}) {
  dialogue.text("next");
  return dialogue.says(generic, sets);
}

describe("where a command may stand", () => {
  const command = { command: "terminateSession" };

  it.each<readonly [where: string, message: JsonValue]>([
    ["in a dialog's context", { output: { generic: [] }, context: inSkill("main skill", "user_defined", command) }],
    [
      "in an action's variables",
      { output: { generic: [] }, context: inSkill("actions skill", "skill_variables", command) },
    ],
    [
      "in a list, as a sequence",
      { output: { generic: [] }, context: inSkill("main skill", "user_defined", [command]) },
    ],
    ["in a dialog's output, as the API brings it", { output: { generic: [], user_defined: { smsAction: command } } }],
    ["in a dialog's output, as it is written", { output: { generic: [], smsAction: command } }],
    ["in a response", { output: { generic: [{ response_type: "user_defined", user_defined: command }] } }],
    [
      "in a response, by its name",
      { output: { generic: [{ response_type: "user_defined", user_defined: { smsAction: command } }] } },
    ],
  ])("is %s", (_, message) => {
    const dialogue = begun();
    dialogue.answer(message);
    expect(dialogue.reply?.awaits).toEqual({ kind: "end" });
    expect(dialogue.reply?.notes).toEqual([]);
  });

  it("is ignored in a response for another channel", () => {
    const dialogue = begun();
    dialogue.says([HELLO, { response_type: "user_defined", user_defined: command, channels: [{ channel: "chat" }] }]);
    expect(dialogue.reply?.awaits.kind).toBe("text");
  });

  it("is noted if Parley does not know it", () => {
    const dialogue = begun();
    expect(dialogue.says([HELLO], { smsAction: { command: "vgwActHangup" } })).toEqual(["Hello."]);
    expect(dialogue.reply?.notes).toEqual([`Command "vgwActHangup" ignored: Parley does not know it.`]);
  });

  function inSkill(skill: string, variables: string, smsAction: JsonValue): JsonValue {
    return { skills: { [skill]: { [variables]: { smsAction } } } };
  }
});

describe("terminateSession", () => {
  it("ends the conversation after the messages", () => {
    const dialogue = begun();
    expect(
      dialogue.says([{ response_type: "text", text: "Bye." }], { smsAction: { command: "terminateSession" } }),
    ).toEqual(["Bye."]);
    expect(dialogue.reply?.awaits).toEqual({ kind: "end" });
  });

  it("works without a message", () => {
    const dialogue = begun();
    expect(dialogue.says([], { smsAction: { command: "terminateSession" } })).toEqual([]);
    expect(dialogue.reply?.failed).toBeUndefined();
  });
});

describe("smsActSendMedia", () => {
  it("sends each file once, after the messages", () => {
    const dialogue = begun();
    const mediaURL = ["https://example.com/1.png", "https://example.com/2.png", "https://example.com/1.png"];
    const smsAction = [
      { command: "smsActSendMedia", parameters: { mediaURL } },
      { command: "smsActSendMedia", parameters: { mediaURL: "https://example.com/3.png" } },
    ];
    expect(dialogue.says([HELLO], { smsAction })).toEqual([
      "Hello.",
      "https://example.com/1.png",
      "https://example.com/2.png",
      "https://example.com/3.png",
    ]);
  });

  it("sends ten at most", () => {
    const mediaURL = Array.from({ length: 12 }, (_, index) => `https://example.com/${index}.png`);
    const dialogue = begun();
    expect(dialogue.says([], { smsAction: { command: "smsActSendMedia", parameters: { mediaURL } } })).toHaveLength(10);
  });
});

describe("the numbers before options", () => {
  const set = (command: string, prefixText: string) => ({ smsAction: { command, parameters: { prefixText } } });

  it.each([
    ["%s.", "Which?\n1.Boat\n2.Car"],
    ["Enter %s for ", "Which?\nEnter 1 for Boat\nEnter 2 for Car"],
  ])("follow smsActSetOptionsConfig: %s", (prefix, text) => {
    const dialogue = begun();
    expect(dialogue.says([RIDES], set("smsActSetOptionsConfig", prefix))).toEqual([text]);
    expect(next(dialogue, [RIDES])).toEqual([text]);
    dialogue.text("2");
    expect(dialogue.input).toMatchObject({ text: "car" });
  });

  it.each([
    ["%s.", "Did you mean?\n1. I'd like to order a drink."],
    ["Enter %s for:", "Did you mean?\nEnter 1 for: I'd like to order a drink."],
    ["Enter %s for ", "Did you mean?\nEnter 1 for I'd like to order a drink."],
  ])("follow smsActSetDisambiguationConfig for suggestions: %s", (prefix, text) => {
    const dialogue = begun();
    dialogue.says([HELLO], set("smsActSetDisambiguationConfig", prefix));
    expect(next(dialogue, [MEANT])).toEqual([text]);
    expect(next(dialogue, [RIDES])).toEqual(["Which?\n1. Boat\n2. Car"]);
  });

  it("for options do not apply to suggestions", () => {
    const dialogue = begun({ optionPrefix: "[%s] " });
    expect(dialogue.says([RIDES], set("smsActSetOptionsConfig", "%s) "))).toEqual(["Which?\n1) Boat\n2) Car"]);
    expect(next(dialogue, [MEANT])).toEqual(["Did you mean?\n[1] I'd like to order a drink."]);
    expect(next(dialogue, [RIDES])).toEqual(["Which?\n1) Boat\n2) Car"]);
  });

  it.each(["Press it", "%s".padEnd(41)])("are as before where the prefix cannot be used", (prefix) => {
    const dialogue = begun();
    expect(dialogue.says([RIDES], set("smsActSetOptionsConfig", prefix))).toEqual(["Which?\n1. Boat\n2. Car"]);
    expect(dialogue.reply?.notes[0]).toContain("prefixText");
  });
});

describe("smsActForceNoInputTurn", () => {
  const force = { smsAction: { command: "smsActForceNoInputTurn" } };
  const media = [{ url: "https://parley.example/m/1", contentType: "image/png" }];

  it("gives Watson another turn at once, and joins both answers", () => {
    const dialogue = begun();
    expect(dialogue.says([HELLO], force)).toEqual([]);
    expect(dialogue.path).toBe("a1/sessions/s1/message?version=2024-08-25");
    expect(dialogue.input).toEqual({ message_type: "text", text: "smsNoInputTurn", options: { return_context: true } });
    expect(dialogue.says([RIDES])).toEqual(["Hello.", "Which?\n1. Boat\n2. Car"]);
    dialogue.text("1");
    expect(dialogue.input).toMatchObject({ text: "boat" });
  });

  it("does not send the contact's files again", () => {
    const dialogue = begun();
    dialogue.says([HELLO]);
    dialogue.text("look", { media });
    expect(dialogue.variables).toMatchObject({ smsMedia: [{ mediaURL: media[0]?.url }] });
    dialogue.says([HELLO], force);
    expect(dialogue.variables).toMatchObject({ smsMedia: [] });
    expect(dialogue.input).not.toHaveProperty("attachments");
  });

  it("works three times at most", () => {
    const dialogue = begun();
    for (let turn = 0; turn < 3; turn += 1) expect(dialogue.says([HELLO], force)).toEqual([]);
    expect(dialogue.says([HELLO], force)).toEqual(["Hello.", "Hello.", "Hello.", "Hello."]);
  });

  it("is ignored if the messages to store are too long", () => {
    const dialogue = begun();
    expect(dialogue.says([{ response_type: "text", text: "x".repeat(21_000) }], force)).toHaveLength(1);
  });

  it("is ignored after the end", () => {
    const dialogue = begun();
    const smsAction = [{ command: "smsActForceNoInputTurn" }, { command: "terminateSession" }];
    expect(dialogue.says([HELLO], { smsAction })).toEqual(["Hello."]);
    expect(dialogue.reply?.awaits).toEqual({ kind: "end" });
  });

  it("is ignored after a handover", () => {
    const dialogue = begun();
    expect(dialogue.says([HELLO, { response_type: "connect_to_agent" }], force)).toEqual(["Hello."]);
    expect(dialogue.reply?.handover).toBeDefined();
  });

  it("that fails keeps the earlier messages", () => {
    const dialogue = begun();
    dialogue.says([HELLO], force);
    expect(dialogue.answer(null, 500)).toEqual(["Hello."]);
    expect(dialogue.reply?.notes.join()).toContain("HTTP 500");
    expect(dialogue.reply?.failed).toBeUndefined();
  });
});

describe("smsConversationResponseTimeout", () => {
  it.each<readonly [set: JsonValue, seconds: number]>([
    [5_000, 5],
    ["2500", 3],
    [10, 1],
    [600_000, 60],
    [0, 12],
    [-1, 12],
    ["soon", 12],
    [{ ms: 1 }, 12],
    [null, 12],
  ])("%j lets the next requests take %i s", (set, seconds) => {
    const dialogue = begun({ timeoutSeconds: 12 });
    expect(dialogue.request.timeoutSeconds).toBe(12);
    dialogue.says([HELLO], { smsConversationResponseTimeout: set });
    dialogue.text("next");
    expect(dialogue.request.timeoutSeconds).toBe(seconds);
  });
});
