import { describe, expect, it } from "vitest";
import { bindAssistant } from "../../src/assistants/catalog.ts";
import { webhookSettings } from "../../src/assistants/webhook/settings.ts";
import { createMessages } from "../../src/configuration/automated-messages.ts";
import type {
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  RequestOutcome,
} from "../../src/contract/assistant.ts";
import type { JsonValue } from "../../src/core/json.ts";

const FAILURE = "We're sorry, but we can't respond to your message.";

const setting: AssistantContext = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "1",
  turn: `12025550140-SM${"0".repeat(32)}`,
  origin: "https://parley.example",
  now: Date.UTC(2026, 2, 2),
  application: { id: "shop", name: "Shop" },
  language: "en",
  zone: "UTC",
  message: createMessages({ name: "Shop", language: "en", messages: {} }),
};

/** A conversation with a bot behind a webhook, event by event; the test supplies the bot's answers. */
class Dialogue {
  readonly #assistant;
  #memory: AssistantMemory | null = null;
  reply: AssistantReply | null = null;

  constructor(more: Readonly<Record<string, JsonValue>> = {}) {
    const settings = { kind: "webhook", url: "https://bot.example.com/1", signature: "bot", ...more };
    this.#assistant = bindAssistant(webhookSettings.parse(settings), new Map());
  }

  /** @returns the texts that the contact gets */
  text(text: string): readonly string[] {
    return this.hear({ kind: "text", text, media: [], opening: this.#memory === null });
  }

  answer(json: JsonValue, status = 200): readonly string[] {
    return this.end({ kind: "answered", status, json });
  }

  end(outcome: RequestOutcome): readonly string[] {
    return this.hear({ kind: "answered", outcome });
  }

  hear(event: AssistantEvent): readonly string[] {
    this.reply = this.#assistant.handleEvent(event, this.#memory, setting);
    this.#memory = JSON.parse(JSON.stringify(this.reply.memory)) as AssistantMemory;
    return this.reply.answers.map((answer) => (answer.kind === "text" ? answer.text : `${answer.kind} ${answer.url}`));
  }

  /** The pending request to the bot: its payload's data and its URL. */
  get asked(): { readonly url: string; readonly data: Record<string, JsonValue> } | null {
    const awaits = this.reply?.awaits;
    if (awaits?.kind !== "request") return null;
    const { url, body } = awaits.request;
    return { url, data: (body as { data: Record<string, JsonValue> }).data };
  }
}

const RIDES: JsonValue = {
  answers: ["Hello.", { kind: "options", text: "Which?", options: ["Boat", { label: "Car", value: { id: 7 } }] }],
};

describe("an assistant behind a connector", () => {
  it("turns options into numbers, and a number into the option's value", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(dialogue.answer(RIDES)).toEqual(["Hello.", "Which?\n1. Boat\n2. Car"]);
    dialogue.text("2");
    expect(dialogue.asked?.data).toMatchObject({ text: "2", choice: { label: "Car", value: { id: 7 } } });
  });

  it("reads a number as an option only while options are offered", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    dialogue.answer(RIDES);
    dialogue.text("1");
    dialogue.answer({ answers: ["How many seats?"] });
    dialogue.text("2");
    expect(dialogue.asked?.data).toMatchObject({ text: "2", choice: null });
  });

  it("uses the operator's option prefix", () => {
    const dialogue = new Dialogue({ optionPrefix: "Enter %s for " });
    dialogue.text("hi");
    expect(dialogue.answer(RIDES)).toContain("Which?\nEnter 1 for Boat\nEnter 2 for Car");
  });

  it("shows fifty options ten at a time", () => {
    const dialogue = new Dialogue();
    const options = Array.from({ length: 50 }, (_, index) => `Seat ${index + 101}`);
    dialogue.text("hi");
    const [first = ""] = dialogue.answer({ answers: [{ kind: "options", text: "Seat?", options }] });
    expect(first.split("\n")).toHaveLength(12);
    const [second = ""] = dialogue.text("11");
    expect(second.split("\n")[0]).toBe("1. Seat 111");
    dialogue.text("2");
    expect(dialogue.asked?.data["choice"]).toEqual({ label: "Seat 112", value: "Seat 112" });
  });

  it("keeps variables and sends them with the next text", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    dialogue.answer({ answers: ["Hello."], variables: { cart: 2, coupon: "X" } });
    dialogue.text("more");
    dialogue.answer({ answers: ["Fine."], variables: { coupon: null } });
    dialogue.text("and more");
    expect(dialogue.asked?.data["variables"]).toEqual({ cart: 2 });
  });

  it("requests a handover and adds a note", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(
      dialogue.answer({ answers: ["Somebody will text you."], handover: { to: "sales", context: 1 } }),
    ).toHaveLength(1);
    expect(dialogue.reply?.handover).toEqual({ to: "sales", context: 1 });
    expect(dialogue.reply?.notes[0]).toContain('"sales"');
  });

  it("ends the conversation", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    dialogue.answer({ answers: ["Bye."], end: true });
    expect(dialogue.reply?.awaits).toEqual({ kind: "end" });
  });

  it("waits for answers after 202", () => {
    const dialogue = new Dialogue({ laterSeconds: 60 });
    dialogue.text("hi");
    expect(dialogue.answer(null, 202)).toEqual([]);
    expect(dialogue.reply?.awaits).toEqual({ kind: "callback", seconds: 60 });
    expect(dialogue.answer({ answers: ["At last."] })).toEqual(["At last."]);
  });

  it.each<readonly [string, RequestOutcome]>([
    ["does not answer", { kind: "failed", reason: "timeout" }],
    ["answers with HTTP 500", { kind: "answered", status: 500, json: null }],
    ["answers with something else", { kind: "answered", status: 200, json: { anwsers: ["Hi"] } }],
    ["answers with an unknown kind", { kind: "answered", status: 200, json: { answers: [{ kind: "dance" }] } }],
    ["says nothing", { kind: "answered", status: 200, json: { answers: [] } }],
    ["offers nothing", { kind: "answered", status: 200, json: { answers: [{ kind: "options", options: [] }] } }],
    ["says what a text cannot show", { kind: "answered", status: 200, json: { answers: [" "] } }],
  ])("sends the failure message if the bot %s", (_, outcome) => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(dialogue.end(outcome)).toEqual([FAILURE]);
    expect(dialogue.reply?.failed).toBeDefined();
    expect(dialogue.reply?.awaits.kind).toBe("text");
  });

  it("asks the second location before it gives up", () => {
    const dialogue = new Dialogue({ second: { url: "https://bot.example.com/2" } });
    dialogue.text("hi");
    expect(dialogue.asked?.url).toBe("https://bot.example.com/1");
    const { data } = dialogue.asked ?? {};
    expect(dialogue.answer(null, 503)).toEqual([]);
    expect(dialogue.reply?.failed).toContain("503");
    expect(dialogue.asked).toEqual({ url: "https://bot.example.com/2", data });
    expect(dialogue.answer({ answers: ["Hello from the second."] })).toEqual(["Hello from the second."]);
    dialogue.text("again");
    expect(dialogue.asked?.url).toBe("https://bot.example.com/1");
    dialogue.answer(null, 503);
    expect(dialogue.answer(null, 500)).toEqual([FAILURE]);
  });

  it("ignores an answer between turns", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    dialogue.answer({ answers: ["Hello."] });
    expect(dialogue.answer({ answers: ["Hello again."] })).toEqual([]);
  });
});
