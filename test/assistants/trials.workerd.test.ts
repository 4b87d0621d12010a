import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import { PICTURE } from "../support/bots/stand-in.ts";
import { assistantOf, BOTS, FAILURE, heardBy, saveSecrets, setFault } from "../support/talking.ts";
import { api, migrateDatabase, put, reached } from "../support/worker.ts";

const [SYSTEM] = inject("outbound");
const NOBODY = "+12025550199";

interface Turn {
  readonly text: string;
  readonly messages: readonly {
    readonly text: string;
    readonly media: readonly string[];
    readonly segments: unknown;
  }[];
  readonly notes: readonly string[];
  readonly awaits: { readonly kind: string };
}

async function tried(application: string, body: object): Promise<readonly Turn[]> {
  const response = await api("POST", `/v1/applications/${application}/dry-runs`, body);
  expect(response.status).toBe(200);
  return (await response.json<{ turns: Turn[] }>()).turns;
}

const textsOf = (turns: readonly Turn[]) => turns.map(({ messages }) => messages.map(({ text }) => text));

/** Kinds that answer at once; a dry run does not wait for promised answers. */
const PROMPT = BOTS.filter((kind) => kind !== "webhook-later");

beforeAll(async () => {
  await migrateDatabase();
  for (const kind of BOTS) {
    await saveSecrets(kind);
    await put(`/v1/applications/${kind}`, { name: "Bots", ...assistantOf(kind), messages: { greeting: "Hello!" } });
  }
  const call = { kind: "call", id: "call", request: { url: `${SYSTEM}/answer?body=%7B%22is%22%3A%22sunny%22%7D` } };
  await put("/v1/topics/weather", {
    title: "Weather",
    keywords: ["weather"],
    steps: [
      { ...call, save: "found", failed: "sorry" },
      { kind: "wait", id: "wait", seconds: 120 },
      { kind: "say", id: "say", text: "“{{ found.is }}”" },
      { kind: "ask", id: "more", text: "More?", save: "more", silence: { after: 60, text: "Well?" } },
      { kind: "end", id: "sorry", text: "Bye, {{ more }}." },
    ],
  });
  await put("/v1/applications/topics", {
    name: "Topics",
    assistant: { kind: "topics", topics: ["weather"] },
    allowedHosts: [new URL(SYSTEM).host],
    hours: { zone: "UTC", week: {} },
  });
});

describe("a dry run of an application", () => {
  it.each(PROMPT)(
    "%s: shows a conversation of several texts, message by message with what each costs",
    async (kind) => {
      const turns = await tried(kind, { texts: ["Hi", "2"] });
      expect(textsOf(turns)).toEqual([
        ["Hello!", "Welcome aboard.", "The pier", "How do you travel?\n1. Boat\n2. Car\n3. House"],
        ["You said Car."],
      ]);
      expect(turns.map(({ text }) => text)).toEqual(["Hi", "2"]);
      expect(turns[0]?.messages[1]?.segments).toEqual({ encoding: "GSM-7", segments: 1, units: 15 });
      expect(turns[0]?.messages[2]).toEqual({ text: "The pier", media: [PICTURE], segments: null });
      expect(turns[1]?.awaits).toEqual({ kind: "text", silentAfterSeconds: null });
      expect((await heardBy(kind)).at(-1)?.text).toBe("Car");
    },
  );

  it.each(PROMPT)("%s: shows the failure message, and why", async (kind) => {
    await setFault(kind, "error");
    const [turn] = await tried(kind, { texts: ["Hi"] });
    await setFault(kind, null);
    expect(turn?.messages.map(({ text }) => text)).toEqual(["Hello!", FAILURE]);
    expect(turn?.notes.join()).toContain("The assistant could not answer");
  });

  it("does not wait for answers that are promised for later", async () => {
    const turns = await tried("webhook-later", { texts: ["Hi", "2"] });
    expect(turns).toHaveLength(1);
    expect(turns[0]?.awaits).toEqual({ kind: "answers", seconds: 1 });
    expect(turns[0]?.notes.join()).toContain("promised");
  });

  it("makes the calls of topics, skips their pauses, and does not mind the hours", async () => {
    const turns = await tried("topics", { texts: ["weather", "no"] });
    expect(textsOf(turns)).toEqual([["“sunny”", "More?"], ["Bye, no."]]);
    expect(turns[0]?.messages[0]?.segments).toEqual({ encoding: "UCS-2", segments: 1, units: 7 });
    expect(turns[0]?.notes).toEqual([expect.stringContaining("Outside opening hours"), "Skipped a pause of 120 s."]);
    expect(turns.map(({ awaits }) => awaits)).toEqual([{ kind: "text", silentAfterSeconds: 60 }, { kind: "nothing" }]);
  });

  it("asks as often as it is told, each time for another turn", async () => {
    const before = (await heardBy("webhook")).length;
    await tried("webhook", { texts: ["Same", "Same"] });
    await tried("webhook", { texts: ["Same"], phone: "+12025550142" });
    const turns = (await heardBy("webhook")).slice(before).map(({ turn }) => turn);
    expect(new Set(turns).size).toBe(3);
    expect(turns.at(-1)).toMatch(/^12025550142-/u);
  });

  it("sends nothing and stores nothing", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    await tried("webhook", { texts: ["Hi"] });
    const hosts = fetched.mock.calls.map(([to]) => new URL(to instanceof Request ? to.url : to.toString()).host);
    fetched.mockRestore();
    expect(new Set(hosts)).toEqual(new Set(assistantOf("webhook").allowedHosts));
    expect(await reached(NOBODY, "+12025550100").catch(() => [])).toEqual([]);
    expect(await env.SENDER.getByName(NOBODY).wake()).toBeNull();
  });

  it.each<readonly [string, object, string]>([
    ["no texts", { texts: [] }, "/texts"],
    ["too many texts", { texts: Array.from({ length: 11 }, () => "x") }, "/texts"],
    ["a text that no message can be", { texts: ["x".repeat(1_601)] }, "/texts/0"],
    ["no phone", { texts: ["Hi"], phone: "me" }, "/phone"],
    ["another field", { texts: ["Hi"], state: {} }, "/state"],
  ])("refuses %s", async (_, body, pointer) => {
    const response = await api("POST", "/v1/applications/webhook/dry-runs", body);
    expect(response.status).toBe(422);
    const { errors } = await response.json<{ errors: { pointer: string }[] }>();
    expect(errors.map((each) => each.pointer)).toEqual([pointer]);
  });

  it("needs an application, and the key", async () => {
    expect((await api("POST", "/v1/applications/none/dry-runs", { texts: ["Hi"] })).status).toBe(404);
    const without = { authorization: "Bearer wrong" };
    expect((await api("POST", "/v1/applications/webhook/dry-runs", { texts: ["Hi"] }, without)).status).toBe(401);
  });

  it("is still at its former path, which is deprecated", async () => {
    const response = await api("POST", "/v1/applications/webhook/trials", { texts: ["Hi"] });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ turns: [{ text: "Hi" }] });
  });
});
