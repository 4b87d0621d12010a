import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/core/json.ts";
import { begun, FAILURE } from "./dialogue.ts";

const HELLO = { response_type: "text", text: "Hello." };

/** Watson's responses, and what the contact gets. */
const TABLE: readonly (readonly [what: string, generic: readonly JsonValue[], read: readonly string[]])[] = [
  ["a text", [HELLO], ["Hello."]],
  [
    "several texts, in order",
    [HELLO, { response_type: "text", text: "How are you?" }, { response_type: "text", text: "Well?" }],
    ["Hello.", "How are you?", "Well?"],
  ],
  [
    "HTML as plain text",
    [{ response_type: "text", text: 'Hi <b>you</b>!<br/>See <a href="https://example.com/a">this</a> &amp; that.' }],
    ["Hi you!\nSee this (https://example.com/a) & that."],
  ],
  [
    "a list in HTML",
    [{ response_type: "text", text: "<p>We have</p>\n<ul>\n<li>tea</li>\n<li>coffee</li>\n</ul>" }],
    ["We have\n\n- tea\n- coffee"],
  ],
  ["line breaks", [{ response_type: "text", text: "One\nTwo\n\nThree" }], ["One\nTwo\n\nThree"]],
  [
    "Markdown as plain text",
    [{ response_type: "text", text: "It is **open** [here](https://example.com)." }],
    ["It is open here (https://example.com)."],
  ],
  ["an empty text as nothing", [{ response_type: "text", text: "" }, HELLO], ["Hello."]],
  [
    "options by number, under their title and without the description",
    [
      {
        response_type: "option",
        title: "What do you want to <i>insure</i>?",
        description: "Insurance types.",
        preference: "button",
        options: [
          { label: "Boat", value: { input: { text: "I want to buy boat insurance." } } },
          { label: "Car &amp; bike", value: { input: { text: "I want to buy car insurance." } } },
        ],
      },
    ],
    ["What do you want to insure?\n1. Boat\n2. Car & bike"],
  ],
  [
    "the description if options have no title",
    [{ response_type: "option", title: "", description: "Which?", options: [{ label: "A", value: {} }] }],
    ["Which?\n1. A"],
  ],
  [
    "suggestions by number",
    [
      {
        response_type: "suggestion",
        title: "Did you mean?",
        suggestions: [
          { label: "I'd like to order a drink.", value: { input: { text: "drink", suggestion_id: "x1" } } },
          { label: "None of these", value: { input: { text: "none", suggestion_id: "x2" } } },
        ],
      },
    ],
    ["Did you mean?\n1. I'd like to order a drink.\n2. None of these"],
  ],
  [
    "an image with its title and description",
    [
      {
        response_type: "image",
        source: "https://example.com/pier.jpg",
        title: "The <b>pier</b>",
        description: "At dawn",
        alt_text: "A pier",
      },
    ],
    ["https://example.com/pier.jpg The pier\nAt dawn"],
  ],
  [
    "an audio clip",
    [{ response_type: "audio", source: "https://example.com/a.mp3", title: "Listen" }],
    ["https://example.com/a.mp3 Listen"],
  ],
  ["a video", [{ response_type: "video", source: "https://example.com/v.mp4" }], ["https://example.com/v.mp4"]],
  [
    "a video on a page with a player as its address",
    [{ response_type: "video", source: "https://www.youtube.com/watch?v=1", title: "Watch" }],
    ["Watch\nhttps://www.youtube.com/watch?v=1"],
  ],
  [
    "what was found: the introduction and the body of the first",
    [
      {
        response_type: "search",
        header: "I found this:",
        primary_results: [
          { id: "1", title: "Opening hours", body: "We open <em>at nine</em>.", url: "https://example.com/1" },
          { id: "2", title: "Prices", body: "Ask us." },
        ],
        additional_results: [{ id: "3", body: "More." }],
      },
    ],
    ["I found this:", "We open at nine."],
  ],
  [
    "the title of what was found without a body",
    [{ response_type: "search", header: "", primary_results: [{ title: "Opening hours" }] }],
    ["Opening hours"],
  ],
  [
    "what was found by a model",
    [{ response_type: "conversational_search", text: "We open **at nine**.", citations: [{ title: "Hours" }] }],
    ["We open at nine."],
  ],
  [
    "a transfer to a web chat as a message with its address",
    [
      {
        response_type: "channel_transfer",
        message_to_user: "Go on at our website.",
        transfer_info: { target: { chat: { url: "https://example.com/chat" } } },
      },
    ],
    ["Go on at our website.\nhttps://example.com/chat"],
  ],
  [
    "nothing for a pause",
    [HELLO, { response_type: "pause", time: 5_000, typing: true }, { response_type: "text", text: "Still here." }],
    ["Hello.", "Still here."],
  ],
  [
    "responses that name SMS among their channels",
    [
      { ...HELLO, channels: [{ channel: "slack" }, { channel: "text_messaging" }] },
      { response_type: "text", text: "For the web.", channels: [{ channel: "chat" }] },
      { response_type: "text", text: "For all.", channels: [] },
    ],
    ["Hello.", "For all."],
  ],
  ["nothing that is for other channels alone", [{ ...HELLO, channels: [{ channel: "chat" }] }], [FAILURE]],
  ["an empty answer as a failure", [], [FAILURE]],
  ["options that are none as a failure", [{ response_type: "option", title: "", options: [] }], [FAILURE]],
];

describe("Watson's responses", () => {
  it.each(TABLE)("say %s", (_, generic, texts) => {
    expect(begun().says(generic)).toEqual(texts);
  });

  it.each(["iframe", "date", "dtmf", "end_session", "table", "user_defined"])(
    "of type %s are dropped with a note",
    (type) => {
      const dialogue = begun();
      expect(dialogue.says([HELLO, { response_type: type, user_defined: { card: 1 } }])).toEqual(["Hello."]);
      expect(dialogue.reply?.notes.join()).toContain(`"${type}"`);
    },
  );

  it.each(["> ", "- > "])("are sent unchanged if Markdown is nested too deeply: %j", (mark) => {
    const [said = ""] = begun().says([{ response_type: "text", text: `${mark.repeat(5_000)}Hello.` }]);
    expect(said.startsWith(mark.repeat(3))).toBe(true);
  });

  it("leave no note of a pause", () => {
    const dialogue = begun();
    dialogue.says([HELLO, { response_type: "pause", time: 1 }]);
    expect(dialogue.reply?.notes).toEqual([]);
  });

  it("that name no type are noted without their words", () => {
    const dialogue = begun();
    dialogue.says([HELLO, { response_type: "my phone is\n+12025550140" }]);
    expect(dialogue.reply?.notes).toEqual([
      'Not sent, because a text cannot show it: a response of Watson\'s of the type "?".',
    ]);
  });

  it("request a handover with context and send the contact's message", () => {
    const dialogue = begun();
    const said = dialogue.says([
      {
        response_type: "connect_to_agent",
        message_to_human_agent: "Wants a refund.",
        agent_available: { message: "One <b>moment</b>." },
        agent_unavailable: { message: "Nobody is here." },
        topic: "Refunds",
        transfer_info: { target: { zendesk: { department: "Payments department" } } },
      },
    ]);
    expect(said).toEqual(["One moment."]);
    expect(dialogue.reply?.handover).toEqual({
      to: "Payments department",
      context: {
        message: "Wants a refund.",
        topic: "Refunds",
        transfer: { target: { zendesk: { department: "Payments department" } } },
      },
    });
  });

  it("request a handover to any agent without a message", () => {
    const dialogue = begun();
    expect(dialogue.says([{ response_type: "connect_to_agent" }])).toEqual([]);
    expect(dialogue.reply?.handover?.to).toBeNull();
    expect(dialogue.reply?.failed).toBeUndefined();
  });
});

describe("the contact's choice", () => {
  const chosen = (label: string, value: JsonValue, text: string) => {
    const dialogue = begun();
    const other = { label: "Other", value: { input: { text: "other" } } };
    dialogue.says([{ response_type: "option", title: "?", options: [other, { label, value }] }]);
    dialogue.text(text);
    return dialogue.input;
  };
  const options = { return_context: true };

  it.each<readonly [what: string, value: JsonValue, input: JsonValue]>([
    ["the option's text", { input: { text: "Buy a boat" } }, { message_type: "text", text: "Buy a boat", options }],
    ["the label of an option without one", {}, { message_type: "text", text: "Boat", options }],
    [
      "the whole input, with Watson's own options",
      { input: { text: "x", intents: [{ intent: "buy", confidence: 1 }], options: { suggestion_only: true } } },
      {
        message_type: "text",
        text: "x",
        intents: [{ intent: "buy", confidence: 1 }],
        options: { suggestion_only: true, return_context: true },
      },
    ],
    [
      "an input of another type",
      { input: { message_type: "search", text: "boats" } },
      { message_type: "search", text: "boats", options },
    ],
    [
      "only the text of an input that is too long to be kept",
      { input: { text: "boats", entities: [{ value: "x".repeat(5_000) }] } },
      { message_type: "text", text: "boats", options },
    ],
  ])("goes to Watson as %s", (_, value, input) => {
    expect(chosen("Boat", value, "2")).toEqual(input);
    expect(chosen("Boat", value, "boat")).toEqual(input);
  });

  it("of suggestions goes with its suggestion_id", () => {
    const dialogue = begun();
    const suggestion = (id: string) => ({
      label: `Label ${id}`,
      value: { input: { text: `text ${id}`, suggestion_id: id, intents: [{ intent: id, confidence: 0.5 }] } },
      output: { generic: [{ response_type: "text", text: "x".repeat(9_000) }] },
    });
    dialogue.says([
      { response_type: "suggestion", title: "Did you mean?", suggestions: ["a", "b"].map((id) => suggestion(id)) },
    ]);
    expect(dialogue.size).toBeLessThan(1_200);
    dialogue.text("2");
    expect(dialogue.input).toEqual({
      message_type: "text",
      text: "text b",
      suggestion_id: "b",
      intents: [{ intent: "b", confidence: 0.5 }],
      options,
    });
  });

  it("that matches no option goes to Watson as text", () => {
    expect(chosen("Boat", { input: { text: "x" } }, "How much is it?")).toMatchObject({ text: "How much is it?" });
    expect(chosen("Boat", { input: { text: "x" } }, "7")).toMatchObject({ text: "7" });
  });
});
