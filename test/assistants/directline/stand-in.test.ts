import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bindAssistant, createConnectorSet } from "../../../src/assistants/catalog.ts";
import { directlineSettings } from "../../../src/assistants/directline/settings.ts";
import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type {
  Assistant,
  AssistantAnswer,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  AssistantRequest,
  RequestOutcome,
} from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { sendRequest } from "../../../src/outbound/client.ts";
import { startDirectline } from "../../support/bots/directline.ts";
import { type Fault, PICTURE, type StandIn, WELCOME } from "../../support/bots/stand-in.ts";

/** Tests the connector against the stand-in, which Microsoft's own client accepts, over HTTP and in real time. */

const FAILURE = "We're sorry, but we can't respond to your message.";

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startDirectline();
});

afterEach(async () => await standIn.close());

/** A contact's conversation with the stand-in. */
class Person {
  readonly #assistant: Assistant;
  #memory: AssistantMemory | null = null;
  #turns = 0;
  reply: AssistantReply | null = null;
  /** The requests, in order. */
  readonly asked: AssistantRequest[] = [];

  constructor(more: Readonly<Record<string, JsonValue>> = {}) {
    this.#assistant = bindAssistant(directlineSettings.parse({ ...standIn.assistant, ...more }), new Map());
  }

  get memory(): string {
    return JSON.stringify(this.#memory);
  }

  /** @returns the texts that the contact gets */
  async text(text: string): Promise<readonly string[]> {
    this.#turns += 1;
    let reply = this.#hear({ kind: "text", text, media: [], opening: this.#memory === null });
    while (reply.awaits.kind === "request") {
      this.asked.push(reply.awaits.request);
      reply = this.#hear({ kind: "answered", outcome: await perform(reply.awaits.request) });
    }
    this.reply = reply;
    return reply.answers.map(words);
  }

  #hear(event: AssistantEvent): AssistantReply {
    const reply = this.#assistant.handleEvent(event, this.#memory, {
      sender: "+12025550140",
      person: null,
      number: "+12025550100",
      conversation: "1",
      turn: `12025550140-SM${String(this.#turns).padStart(32, "0")}`,
      origin: "https://parley.example",
      now: Date.now(),
      application: { id: "shop", name: "Shop" },
      language: "en",
      zone: "UTC",
      message: createMessages({ name: "Shop", language: "en", messages: {} }),
    });
    this.#memory = JSON.parse(JSON.stringify(reply.memory)) as AssistantMemory;
    return reply;
  }
}

async function perform(wanted: AssistantRequest): Promise<RequestOutcome> {
  const { method, url, headers, body, timeoutSeconds = 10, delaySeconds = 0 } = wanted;
  await wait(delaySeconds * 1_000);
  const answer = await sendRequest(
    { method, url, headers, expect: "json", idempotencyKey: "k", ...(body === null ? {} : { body }) },
    {
      allowedHosts: [new URL(standIn.origin).host],
      secrets: new Map(Object.entries(standIn.secrets)),
      timeoutMilliseconds: timeoutSeconds * 1_000,
    },
  );
  if (answer.kind === "failed") return { kind: "failed", reason: `${answer.reason} (${answer.where})` };
  return {
    kind: "answered",
    status: answer.status,
    json: answer.content.kind === "json" ? answer.content.value : null,
  };
}

function words(answer: AssistantAnswer): string {
  return answer.kind === "text" ? answer.text : `${answer.url} ${answer.kind === "media" ? answer.text : answer.label}`;
}

const ACCESSES = [
  { kind: "secret", secret: "directline" },
  { kind: "generated-token", secret: "directline" },
  { kind: "token-endpoint", url: "" },
] as const;

/** The stand-in's own endpoint, as Copilot Studio has one for each agent. */
function here(access: (typeof ACCESSES)[number]): JsonValue {
  return access.kind === "token-endpoint" ? { ...access, url: `${standIn.origin}/copilot/token` } : access;
}

describe.each(ACCESSES)("with access by $kind", (access) => {
  it("sends everything in order and reads a number as an option", async () => {
    const person = new Person({ access: here(access) });
    expect(await person.text("Hi")).toEqual(WELCOME);
    expect(await person.text("2")).toEqual(["You said Car."]);
    expect(standIn.heard.map(({ text }) => text)).toEqual(["Hi", "Car"]);
    expect(new Set(standIn.heard.map(({ turn }) => turn)).size).toBe(2);
  });

  it("starts one new conversation if the old one has ended", async () => {
    const person = new Person({ access: here(access) });
    await person.text("Hi");
    standIn.fault = "expired";
    expect(await person.text("Hello")).toEqual(["You said Hello."]);
    expect(person.reply?.notes).toEqual(["New conversation begun: the bot's previous one had ended."]);
    expect(standIn.heard.map(({ text }) => text)).toEqual(["Hi", "Hello"]);
  });

  it("passes its probe, and reports failures", async () => {
    const settings = directlineSettings.parse({ ...standIn.assistant, access: here(access) });
    const [{ probe } = { probe: null }] = createConnectorSet(settings).probes(0);
    const judged = async () => (probe === null ? "none" : probe.judge(await perform(probe.request)));
    expect(await judged()).toBeNull();
    standIn.fault = "error";
    expect(await judged()).toMatch(
      /could be (?:obtained|started): Direct Line itself failed \(HTTP 500, ServiceError\)\.$/u,
    );
    standIn.fault = "rubbish";
    expect(await judged()).toMatch(/the answer has no `(?:token|conversationId)`/u);
  });
});

it("shows the picture, and offers fifty options ten at a time", async () => {
  const person = new Person();
  expect((await person.text("Hi"))[1]).toBe(`${PICTURE} The pier`);
  expect((await person.text("Fifty"))[0]?.split("\n").slice(0, 2)).toEqual(["Which seat?", "1. Seat 101"]);
  await person.text("11");
  expect(await person.text("2")).toEqual(["You said Seat 112."]);
});

it("hands over with the context", async () => {
  const person = new Person();
  expect(await person.text("Person")).toEqual(["I will ask a colleague.", "Somebody will text you."]);
  expect(person.reply?.handover).toEqual({ to: null, context: { topic: "boats" } });
});

it("puts neither the phone number nor the key where servers log", async () => {
  const person = new Person();
  await person.text("Hi");
  const sent = JSON.stringify(person.asked.map(({ url, headers, body }) => ({ url, headers, body })));
  expect(sent).not.toContain(standIn.secrets["directline"]);
  expect(person.memory).not.toContain(standIn.secrets["directline"]);
  const activity = person.asked.find(({ url }) => url.endsWith("/activities"))?.body as {
    readonly [name: string]: JsonValue;
  };
  const { parley, ...channelData } = activity["channelData"] as { readonly [name: string]: JsonValue };
  const { private: own, ...open } = parley as { readonly [name: string]: JsonValue };
  expect(own).toMatchObject({ phone: "+12025550140" });
  expect(JSON.stringify({ ...activity, channelData: { ...channelData, open } })).not.toContain("2025550140");
});

describe.each<readonly [Fault, string]>([
  ["error", "Direct Line itself failed (HTTP 500, ServiceError)"],
  ["reset", "connection"],
  ["rubbish", "its response has no conversation id"],
  ["wrong-key", "it refused the key or token"],
  ["empty", "its answer was empty"],
  ["huge", "too large"],
  ["slow", "nothing more arrived within 2 seconds"],
])("while the service is %s", (fault, reason) => {
  it("sends the failure message and answers the next text", async () => {
    const person = new Person();
    standIn.fault = fault;
    expect(await person.text("Hi")).toEqual([FAILURE]);
    expect(person.reply?.failed).toContain(reason);
    standIn.fault = null;
    expect(await person.text("Hello")).toEqual(["You said Hello."]);
  });
});

it("sends a repeated answer once", async () => {
  const person = new Person();
  standIn.fault = "twice";
  expect(await person.text("Hi")).toEqual(WELCOME);
  expect(await person.text("2")).toEqual(["You said Car."]);
});

it("ignores an answer after the turn", async () => {
  const person = new Person();
  standIn.fault = "slow";
  expect(await person.text("Late")).toEqual([FAILURE]);
  await wait(2_500);
  standIn.fault = null;
  expect(await person.text("Hello")).toEqual(["You said Hello."]);
  expect(person.reply?.notes).toEqual(["Late message ignored: the bot sent it after its turn had ended."]);
});
