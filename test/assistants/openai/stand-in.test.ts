import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createConnectorSet } from "../../../src/assistants/catalog.ts";
import { openaiSettings } from "../../../src/assistants/openai/settings.ts";
import type { AssistantRequest, RequestOutcome } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { sendRequest } from "../../../src/outbound/client.ts";
import { MODELS, startOpenai } from "../../support/bots/openai.ts";
import { type Fault, PICTURE, WELCOME } from "../../support/bots/stand-in.ts";
import { ModelTalk, topic } from "../../support/model-talk.ts";

const FAILURE = "We're sorry, but we can't respond to your message.";

let server: Awaited<ReturnType<typeof startOpenai>>;
let client: OpenAI;

beforeAll(async () => {
  server = await startOpenai();
  client = clientWith(server.secrets["openai"] ?? "");
});

afterEach(() => {
  server.fault = null;
});

afterAll(async () => await server.close());

function clientWith(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${server.origin}/v1`, maxRetries: 0 });
}

type Create = OpenAI.ChatCompletionCreateParamsNonStreaming;
type Message = OpenAI.ChatCompletionMessageParam;

function create(messages: readonly Message[], more: Partial<Create> = {}) {
  return client.chat.completions.create({ model: MODELS[0], messages: [...messages], ...more });
}

const CHOICES: OpenAI.ChatCompletionTool = {
  type: "function",
  function: { name: "offer_choices", parameters: { type: "object", properties: {} } },
};

const CALL: Message = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "a", type: "function", function: { name: "offer_choices", arguments: "{}" } }],
};

describe("the vendor's own client", () => {
  it("gets a completion", async () => {
    const { object, choices } = await create([{ role: "user", content: "Hello?" }]);
    expect(object).toBe("chat.completion");
    expect(choices[0]).toMatchObject({
      finish_reason: "stop",
      message: { content: "You said Hello?.", refusal: null },
    });
  });

  it("gets calls, and gives what they have answered", async () => {
    const asked: Message = { role: "user", content: "Hi" };
    const { choices } = await create([asked], { tools: [CHOICES] });
    const { message, finish_reason: reason } = choices[0] ?? { message: null };
    if (message === null) throw new Error("no choice");
    expect(reason).toBe("tool_calls");
    const [call] = message.tool_calls ?? [];
    if (call?.type !== "function") throw new Error("no call");
    expect(JSON.parse(call.function.arguments)).toMatchObject({ options: ["Boat", "Car", "House"] });
    const told = await create([asked, message, { role: "tool", tool_call_id: call.id, content: "Shown." }]);
    expect(told.choices[0]?.message.content).toBe("What else can I do?");
  });

  it("lists the models, and finds one", async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toEqual([...MODELS]);
    expect(await client.models.retrieve(MODELS[1])).toMatchObject({ object: "model" });
  });

  it.each<readonly [string, () => Promise<unknown>, abstract new (...args: never[]) => Error, object]>([
    ["key", () => clientWith("sk-wrong").models.list(), OpenAI.AuthenticationError, { code: "invalid_api_key" }],
    [
      "model",
      () => create([{ role: "user", content: "Hi" }], { model: "x" }),
      OpenAI.NotFoundError,
      { code: "model_not_found" },
    ],
    [
      "parameter",
      () => create([{ role: "user", content: "Hi" }], { model: MODELS[1], max_tokens: 9 }),
      OpenAI.BadRequestError,
      { param: "max_tokens", code: "unsupported_parameter" },
    ],
    [
      "answer to no call",
      () => create([{ role: "tool", tool_call_id: "a", content: "" }]),
      OpenAI.BadRequestError,
      { type: "invalid_request_error" },
    ],
    [
      "call without an answer",
      () => create([CALL, { role: "user", content: "Hi" }]),
      OpenAI.BadRequestError,
      { param: "messages" },
    ],
    [
      "role",
      () => create([{ role: "robot", content: "Hi" } as never]),
      OpenAI.BadRequestError,
      { code: "invalid_value" },
    ],
  ])("is told of a wrong %s", async (_, ask, kind, what) => {
    const error: unknown = await ask().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject(what);
  });

  it.each<readonly [Fault, abstract new (...args: never[]) => Error]>([
    ["error", OpenAI.InternalServerError],
    ["wrong-key", OpenAI.AuthenticationError],
  ])("is told of the fault %s", async (fault, kind) => {
    server.fault = fault;
    await expect(create([{ role: "user", content: "Hi" }])).rejects.toBeInstanceOf(kind);
  });

  it("loses the connection in the middle of an answer", async () => {
    server.fault = "reset";
    await expect(create([{ role: "user", content: "Hi" }])).rejects.toThrow();
  });
});

/** Sends a request as Parley does, to a local server. */
async function outcomeOf(wanted: AssistantRequest): Promise<RequestOutcome> {
  const { method, url, headers, body, timeoutSeconds = 1 } = wanted;
  const answer = await sendRequest(
    { method, url, headers, expect: "json", body, idempotencyKey: "SM1-1" },
    {
      allowedHosts: [new URL(server.origin).host],
      secrets: new Map(Object.entries(server.secrets)),
      timeoutMilliseconds: timeoutSeconds * 1_000,
    },
  );
  if (answer.kind === "failed") return { kind: "failed", reason: answer.reason };
  return {
    kind: "answered",
    status: answer.status,
    json: answer.content.kind === "json" ? answer.content.value : null,
  };
}

const PARCEL = topic("parcel", { kind: "ask", id: "ask", text: "Which parcel?", save: "parcel" });

function talkWith(more: Readonly<Record<string, JsonValue>> = {}): ModelTalk {
  return new ModelTalk({ ...server.assistant, timeoutSeconds: 1, ...more }, [PARCEL]);
}

/**
 * The contact texts, and all requests that follow are made.
 * @returns the texts that the contact gets
 */
async function text(talk: ModelTalk, words: string): Promise<readonly string[]> {
  const said = [...talk.text(words)];
  while (talk.request !== null) said.push(...talk.end(await outcomeOf(talk.request)));
  return said;
}

describe("our connector", () => {
  it("says text, picture and options, and 2 chooses the second", async () => {
    const talk = talkWith();
    expect(await text(talk, "Hi")).toEqual(WELCOME);
    expect(await text(talk, "2")).toEqual(["You said Car."]);
    expect(server.heard.slice(-2).map((heard) => heard.text)).toEqual(["Hi", "Car"]);
  });

  it("hands over", async () => {
    const talk = talkWith();
    expect(await text(talk, "Person")).toEqual(["I will ask a colleague.", "Somebody will text you."]);
    expect(talk.reply?.handover).toMatchObject({ to: "desk" });
  });

  it("shows fifty options ten at a time", async () => {
    const talk = talkWith();
    const [first = ""] = await text(talk, "Fifty");
    expect(first.split("\n")).toHaveLength(12);
    await text(talk, "11");
    expect(await text(talk, "2")).toEqual(["You said Seat 112."]);
  });

  it("makes texts of what a model writes that has no functions", async () => {
    const talk = talkWith({ tools: { choices: false } });
    const said = (await text(talk, "Hi")).join("\n");
    expect(said).toMatch(/^Welcome aboard\.\n\n.*The pier\n\nHow do you travel\?\n\n- Boat\n- Car\n- House$/u);
    expect(said).not.toContain("*");
    expect(said).not.toContain(PICTURE);
  });

  it("lets the model begin a topic, and go on after it", async () => {
    const talk = talkWith({ topics: ["parcel"] });
    expect(await text(talk, "parcel")).toEqual(["Which parcel?"]);
    expect(await text(talk, "7001")).toEqual(["What else can I do?"]);
    expect(await text(talk, "Nothing")).toEqual(["You said Nothing."]);
  });

  it("finds the name that the limit of tokens has", async () => {
    const talk = talkWith({ model: MODELS[1] });
    expect(await text(talk, "Yes")).toEqual(["You said Yes."]);
    expect(server.requests.at(-1)).toMatchObject({ max_completion_tokens: 1_000 });
  });

  it.each<readonly [Fault, string]>([
    ["slow", "timeout"],
    ["error", "HTTP 500"],
    ["reset", "connection"],
    ["rubbish", "not a chat completion"],
    ["wrong-key", "key"],
    ["empty", "its answer was empty"],
    ["huge", "too large"],
  ])("sends one failure message on the fault %s and recovers", async (fault, reason) => {
    const talk = talkWith();
    server.fault = fault;
    expect(await text(talk, "Hi")).toEqual([FAILURE]);
    expect(talk.reply?.failed).toContain(reason);
    server.fault = null;
    expect(await text(talk, "Hi")).toEqual(WELCOME);
  });

  it.each<Fault>(["twice", "expired"])("does not mind %s", async (fault) => {
    server.fault = fault;
    expect(await text(talkWith(), "Hi")).toEqual(WELCOME);
  });
});

/** @returns the result of the probe for the settings */
async function probed(more: Readonly<Record<string, JsonValue>> = {}): Promise<readonly (string | null)[]> {
  const settings = openaiSettings.parse({ ...server.assistant, timeoutSeconds: 1, ...more });
  const probes = createConnectorSet(settings).probes(0);
  return await Promise.all(probes.map(async ({ probe }) => probe.judge(await outcomeOf(probe.request))));
}

describe("the probe when settings are saved", () => {
  it("passes, and contains no contact's text", async () => {
    const before = server.heard.length;
    expect(await probed({ second: { url: `${server.origin}/v1/`, model: MODELS[1] } })).toEqual([null, null]);
    expect(server.heard).toHaveLength(before);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, Fault | null, string]>([
    ["key", {}, "wrong-key", "refused the key (HTTP 401). Is the secret"],
    ["model", { model: "large" }, null, 'does not know the model "large" (HTTP 404). `url`'],
    ["path", { url: "/v2" }, null, "no chat completions at this URL (HTTP 404). `url`"],
    ["server", {}, "rubbish", "is not a chat completion"],
    ["moment", {}, "error", "HTTP 500"],
    ["patience", {}, "slow", "could not be reached: timeout"],
  ])("says what is wrong with the %s", async (_, more, fault, wanted) => {
    server.fault = fault;
    const url = more["url"] === undefined ? {} : { url: `${server.origin}${more["url"]}` };
    const [said] = await probed({ ...more, ...url });
    expect(said).toContain(wanted);
  });
});
