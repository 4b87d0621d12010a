import { exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetConfiguration } from "../../../src/configuration/store.ts";
import { forgetVersions } from "../../../src/configuration/versions/store.ts";
import {
  answerWithEcho,
  api,
  eventually,
  incoming,
  ONE,
  publish,
  put,
  reached,
  transcript,
  webhook,
} from "../../support/worker.ts";

const NUMBER = "+17025550100";
const PHONES = Array.from({ length: 10 }, (_, index) => `+170255501${String(50 + index)}`);
const MODEL = "https://model.example.com/v1";

const asking = (question: string) => ({
  title: "Parcel",
  steps: [
    { kind: "ask", id: "which", text: question, save: "parcel" },
    { kind: "end", id: "done", text: `${question} {{ parcel }}.` },
  ],
});

const application = (...topics: readonly string[]) => ({
  name: "Model",
  assistant: { kind: "openai", url: MODEL, apikey: "model", model: "small", topics },
});

let phone = "";
let used = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/secrets/model", { value: "sk-secret", hosts: ["model.example.com"] });
  await put("/v1/topics/parcel", asking("One?"));
  modelAnswers();
  await put("/v1/applications/model", application("parcel"));
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "model", type: "long-code" });
});

beforeEach(() => {
  phone = PHONES[used] ?? "";
  used += 1;
  modelAnswers();
});

afterEach(() => void vi.restoreAllMocks());

interface Sent {
  readonly authorization: string | null;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** The model begins the topic at "parcel", and otherwise repeats what it received. */
function modelAnswers(): readonly Sent[] {
  vi.restoreAllMocks();
  const real = globalThis.fetch;
  const seen: Sent[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (!url.startsWith(MODEL)) return await real(input, init);
    const { messages } = await new Request(url, init).json<Sent>();
    seen.push({ authorization: new Headers(init?.headers).get("authorization"), messages });
    const last = messages.at(-1);
    const call = { id: "call_1", type: "function", function: { name: "parcel", arguments: "{}" } };
    const message =
      last?.role === "user" && last.content === "parcel"
        ? { content: null, tool_calls: [call] }
        : { content: `The model heard: ${last?.content ?? ""}` };
    return Response.json({
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    });
  });
  return seen;
}

async function text(body: string): Promise<void> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body });
  expect((await exports.default.fetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

async function got(count: number): Promise<readonly string[]> {
  return await eventually(
    () => reached(phone, NUMBER),
    (all) => all.length >= count,
  );
}

interface Problem {
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

async function refused(path: string, body: unknown, method = "PUT"): Promise<Problem & { readonly status: number }> {
  const response = await api(method, path, body);
  return { status: response.status, ...((await response.json()) as Problem) };
}

describe("topics that an application names for a model", () => {
  it("must be there", async () => {
    const { status, errors } = await refused("/v1/applications/model", application("parcel", "nowhere"));
    expect(status).toBe(422);
    expect(errors).toEqual([{ pointer: "/assistant/topics/1", detail: 'Topic "nowhere" does not exist.' }]);
  });

  it("go only to one another", async () => {
    await put("/v1/topics/goes", { title: "Goes", steps: [{ kind: "topic", id: "go", topic: "echo" }] });
    const { status, errors } = await refused("/v1/applications/model", application("goes"));
    expect(status).toBe(422);
    expect(errors).toMatchObject([{ pointer: "/assistant/topics" }]);
  });

  it("cannot be deleted", async () => {
    expect((await refused("/v1/topics/parcel", undefined, "DELETE")).status).toBe(409);
  });

  it("are run in the same conversation, and the model goes on", async () => {
    const seen = modelAnswers();
    await text("parcel");
    expect(await got(1)).toEqual(["One?"]);
    await text("7001");
    const [, said, after = ""] = await got(3);
    expect(said).toBe("One? 7001.");
    expect(after).toContain("The model heard: The topic is over.");
    expect(after).toContain("Person: 7001");
    await text("thanks");
    expect((await got(4)).at(-1)).toBe("The model heard: thanks");
    expect(new Set(seen.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer sk-secret"]));
    const messages = await transcript(phone, NUMBER);
    expect(JSON.stringify(messages)).not.toContain("sk-secret");
  });

  it("stay as they were when the conversation began", async () => {
    const early = phone;
    await text("hi");
    await got(1);
    await publish("parcel", asking("Two?"));
    forgetConfiguration();
    forgetVersions();
    await text("parcel");
    expect((await got(2)).at(-1)).toBe("One?");
    phone = PHONES[used] ?? "";
    used += 1;
    await text("parcel");
    expect(await got(1)).toEqual(["Two?"]);
    phone = early;
    await text("7002");
    expect((await got(3))[2]).toBe("One? 7002.");
  });

  it("can be tried as drafts", async () => {
    await put("/v1/topics/parcel", asking("Three?"));
    await put(`/v1/topics/parcel/trials/${phone}`, {});
    forgetConfiguration();
    await text("parcel");
    expect(await got(1)).toEqual(["Three?"]);
  });
});
