import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetConfiguration } from "../../src/configuration/store.ts";
import type { OpenConversation, SenderState } from "../../src/sender/model/state.ts";
import type { Message } from "../../src/sender/records/transcript.ts";
import {
  answerWithEcho,
  api,
  eventually,
  incoming,
  ONE,
  publish,
  put,
  transcript,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+13035550100";
const PHONES = Array.from({ length: 50 }, (_, index) => `+130355501${String(50 + index).padStart(2, "0")}`);

/** A topic that names itself in all of its messages. */
const talk = (name: string) => ({
  title: "Talk",
  keywords: ["go"],
  steps: [
    { kind: "ask", id: "ask", text: `${name} asks`, save: "said", silence: { after: 600, text: `${name} waits` } },
    { kind: "ask", id: "echo", text: `${name} hears {{ said }}`, save: "said", next: "echo" },
  ],
});

const application = (name: string, ...topics: readonly string[]) => ({
  name,
  assistant: { kind: "topics", topics },
  messages: { notUnderstood: `${name}: sorry?`, goodbye: `${name}: bye.` },
});

let used = 0;

/** Each test uses different phones. */
function nextPhone(): string {
  used += 1;
  return PHONES[used - 1] ?? "";
}

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/topics/talk", talk("one"));
  await put("/v1/topics/other", { ...talk("other"), keywords: ["elsewhere"] });
});

beforeEach(async () => {
  forgetConfiguration();
  await publish("talk", talk("one"));
  await put("/v1/applications/echo", application("App one", "talk"));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Sends a text. @returns the answers */
async function say(phone: string, body: string): Promise<string | undefined> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body });
  const response = await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
  expect(response.status).toBe(200);
  return (await outs(phone)).at(-1)?.text;
}

async function outs(phone: string): Promise<readonly Message[]> {
  return (await transcript(phone, NUMBER)).filter(({ direction }) => direction === "out");
}

async function lastNotes(phone: string): Promise<readonly string[]> {
  return (await transcript(phone, NUMBER)).findLast(({ direction }) => direction === "in")?.notes ?? [];
}

const sender = (phone: string) => env.SENDER.getByName(phone);

async function conversation(phone: string): Promise<OpenConversation> {
  return await runInDurableObject(sender(phone), (_, state) => {
    const [row] = state.storage.sql.exec<{ state: string }>("SELECT state FROM sender").toArray();
    return (JSON.parse(row?.state ?? "{}") as SenderState).lines[NUMBER]?.conversation as OpenConversation;
  });
}

/** Restarts the object in an isolate with empty caches. */
async function moveElsewhere(phone: string): Promise<void> {
  await eventually(
    () => outs(phone),
    (all) => all.every(({ sid }) => sid !== null),
  );
  await evictDurableObject(sender(phone));
  forgetConfiguration();
}

/** Records all D1 queries from now on. */
function countQueries(): () => number {
  const methods = ["prepare", "batch", "exec", "withSession"] as const;
  const spies = methods.map((method) => vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, method));
  return () => spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
}

/** Lets D1 fail, or never answer. */
function silenceDatabase(how: "fails" | "hangs"): void {
  const statement = Object.getPrototypeOf(env.DB.prepare("SELECT 1")) as D1PreparedStatement;
  const end = () => (how === "fails" ? Promise.reject(new Error("D1_ERROR")) : new Promise<never>(() => undefined));
  for (const method of ["all", "raw", "run", "first"] as const) vi.spyOn(statement, method).mockImplementation(end);
  vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch").mockImplementation(end);
}

/** Stands in for a private network. @returns the requests to it */
function answerPrivately(origin: string): readonly string[] {
  const real = globalThis.fetch;
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const { url } = new Request(input, init);
    if (!url.startsWith(origin)) return await real(input, init);
    asked.push(url);
    return Response.json({});
  });
  return asked;
}

async function warm(): Promise<void> {
  await say(nextPhone(), "hello");
}

describe("a running conversation", () => {
  it("stays on the version that opened it; later ones open with the new one", async () => {
    const [running, later] = [nextPhone(), nextPhone()];
    expect(await say(running, "go")).toBe("one asks");
    await put("/v1/topics/talk", talk("two"));
    expect(await say(later, "go")).toBe("one asks");
    await publish("talk", talk("two"));
    expect(await say(running, "a")).toBe("one hears a");
    expect(await say(later, "b")).toBe("one hears b");
    expect(await say(nextPhone(), "go")).toBe("two asks");
    expect(await say(running, "EXIT")).toBe("App one: bye.");
    expect(await say(running, "go")).toBe("two asks");
  });

  it("stays through a rollback; the next one opens with the restored version", async () => {
    await publish("talk", talk("two"));
    const running = nextPhone();
    expect(await say(running, "go")).toBe("two asks");
    const { items } = await (await api("GET", "/v1/topics/talk/publications")).json<{ items: { version: number }[] }>();
    const version = (items[0]?.version ?? 0) - 1;
    expect((await api("POST", "/v1/topics/talk/publications", { version })).status).toBe(201);
    expect(await say(nextPhone(), "go")).toBe("one asks");
    expect(await say(running, "a")).toBe("two hears a");
  });

  it("stays on its application with the topics of that version, through several publications", async () => {
    const first = nextPhone();
    await say(first, "hello");
    await put("/v1/applications/echo", application("App two", "talk", "other"));
    const second = nextPhone();
    await say(second, "hello");
    await publish("talk", talk("two"));
    await put("/v1/applications/echo", application("App three", "other"));
    expect(await say(first, "elsewhere")).toBe("App one: sorry?");
    expect(await say(first, "go")).toBe("one asks");
    expect(await say(second, "nothing")).toBe("App two: sorry?");
    expect(await say(second, "elsewhere")).toBe("other asks");
    await say(second, "EXIT");
    expect(await say(second, "go")).toBe("App three: sorry?");
    expect(await say(nextPhone(), "go")).toBe("App three: sorry?");
  });

  it("stays if its topic and even its application is deleted", async () => {
    await put("/v1/topics/brief", { ...talk("brief"), keywords: ["brief"] });
    await put("/v1/applications/brief", application("Brief", "brief"));
    const number = { account: ONE.sid, type: "long-code" };
    await put(`/v1/numbers/${NUMBER}`, { ...number, application: "brief" });
    const running = nextPhone();
    expect(await say(running, "brief")).toBe("brief asks");
    await put(`/v1/numbers/${NUMBER}`, { ...number, application: "echo" });
    expect((await api("DELETE", "/v1/applications/brief")).status).toBe(204);
    expect((await api("DELETE", "/v1/topics/brief")).status).toBe(204);
    expect(await say(running, "a")).toBe("brief hears a");
    expect(await say(nextPhone(), "brief")).toBe("App one: sorry?");
    await put("/v1/topics/brief", { ...talk("new"), keywords: ["brief"] });
    await put("/v1/applications/brief", application("New", "brief"));
    expect(await say(running, "b")).toBe("brief hears b");
  });

  it("stays when its object moves to another isolate, and in silence", async () => {
    const running = nextPhone();
    expect(await say(running, "go")).toBe("one asks");
    await publish("talk", talk("two"));
    await moveElsewhere(running);
    vi.useFakeTimers({ now: Date.now() + 601_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender(running));
    expect((await outs(running)).at(-1)?.text).toBe("one waits");
    await moveElsewhere(running);
    expect(await say(running, "a")).toBe("one hears a");
    expect(await lastNotes(running)).toEqual([]);
  });

  it("stays when a request ends", async () => {
    const calling = (name: string) => ({
      title: "Call",
      keywords: ["call"],
      steps: [
        { kind: "ask", id: "ask", text: `${name} asks`, save: "said" },
        { kind: "call", id: "call", request: { method: "GET", url: "https://127.0.0.1/" }, failed: "failed" },
        { kind: "say", id: "failed", text: `${name} failed` },
      ],
    });
    await put("/v1/topics/call", calling("one"));
    await put("/v1/applications/echo", application("App one", "call"));
    const running = nextPhone();
    expect(await say(running, "call")).toBe("one asks");
    await publish("call", calling("two"));
    await say(running, "x");
    const all = await eventually(
      () => outs(running),
      (messages) => messages.length === 2,
    );
    expect(all.at(-1)?.text).toBe("one failed");
  });

  it.each([
    ["is withdrawn", ["crm.internal"], [], "one failed", 0],
    ["is allowed later", [], ["crm.internal"], "one called", 1],
  ])("reaches a private host only as its application allows now: it %s", async (_, before, after, expected, count) => {
    const asked = answerPrivately("https://crm.internal/");
    const calling = (name: string) => ({
      title: "Call",
      keywords: ["private"],
      steps: [
        { kind: "ask", id: "ask", text: `${name} asks`, save: "said" },
        { kind: "call", id: "call", request: { url: "https://crm.internal/{{ said }}" }, failed: "failed" },
        { kind: "end", id: "called", text: `${name} called` },
        { kind: "end", id: "failed", text: `${name} failed` },
      ],
    });
    await put("/v1/topics/private", calling("one"));
    await publish("private", calling("one"));
    await put("/v1/applications/echo", { ...application("App one", "private"), allowedHosts: before });
    const running = nextPhone();
    expect(await say(running, "private")).toBe("one asks");
    await publish("private", calling("two"));
    await put("/v1/applications/echo", { ...application("App two", "private"), allowedHosts: after });
    await say(running, "x");
    const all = await eventually(
      () => outs(running),
      (messages) => messages.length === 2,
    );
    expect(all.at(-1)?.text).toBe(expected);
    expect(asked).toHaveLength(count);
  });

  it("reaches no private host after its application is deleted", async () => {
    const asked = answerPrivately("https://crm.internal/");
    const call = { kind: "call", id: "call", request: { url: "https://crm.internal/" }, failed: "failed" };
    const steps = [{ kind: "ask", id: "a", text: "asks", save: "said" }, call];
    const failed = { kind: "end", id: "failed", text: "failed" };
    await put("/v1/topics/gone", { title: "Gone", keywords: ["gone"], steps: [...steps, failed] });
    await put("/v1/applications/gone", { ...application("Gone", "gone"), allowedHosts: ["crm.internal"] });
    const number = { account: ONE.sid, type: "long-code" };
    await put(`/v1/numbers/${NUMBER}`, { ...number, application: "gone" });
    const running = nextPhone();
    expect(await say(running, "gone")).toBe("asks");
    await put(`/v1/numbers/${NUMBER}`, { ...number, application: "echo" });
    expect((await api("DELETE", "/v1/applications/gone")).status).toBe(204);
    await say(running, "x");
    const all = await eventually(
      () => outs(running),
      (messages) => messages.length === 2,
    );
    expect(all.at(-1)?.text).toBe("failed");
    expect(asked).toEqual([]);
  });

  it("stays on its newer version if the isolate knows only an older configuration", async () => {
    const phone = nextPhone();
    await warm();
    const load = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch");
    // Another isolate publishes, and the conversation opens there. This isolate does not know the publication.
    const highest = await highestPublication();
    await env.DB.prepare(
      `INSERT INTO publications (noun, name, version, document, "at", "by") SELECT noun, name, version + 1, ?, 0, 'x'
       FROM publications WHERE name = 'talk' ORDER BY version DESC LIMIT 1`,
    )
      .bind(JSON.stringify(talk("two")))
      .run();
    await say(phone, "go");
    await runInDurableObject(sender(phone), (_, state) => {
      const path = `$.lines."${NUMBER}".conversation.publication`;
      state.storage.sql.exec("UPDATE sender SET state = json_set(state, ?, ?)", path, highest + 1);
    });
    await evictDurableObject(sender(phone));
    expect(await say(phone, "a")).toBe("two hears a");
    expect(load).not.toHaveBeenCalled();
  });
});

async function highestPublication(): Promise<number> {
  return (await env.DB.prepare("SELECT max(id) AS id FROM publications").first<{ id: number }>())?.id ?? 0;
}

describe("what versions cost", () => {
  it("is nothing on the published version, also after later publications", async () => {
    const running = nextPhone();
    await say(running, "go");
    await publish("other", { ...talk("other two"), keywords: ["elsewhere"] });
    await warm();
    const queries = countQueries();
    await say(running, "a");
    expect(queries()).toBe(0);
    await publish("other", { ...talk("other"), keywords: ["elsewhere"] });
  });

  it("is one query on an older one, for all conversations on it in the isolate", async () => {
    const [first, second] = [nextPhone(), nextPhone()];
    await say(first, "go");
    await put("/v1/applications/unrelated", application("Unrelated", "other"));
    await say(second, "go");
    await publish("talk", talk("two"));
    await warm();
    const queries = countQueries();
    await say(first, "a");
    await say(second, "b");
    await say(first, "c");
    await say(second, "d");
    // The second isolate knows a later publication of another resource, and needs one query to find the same version.
    expect(queries()).toBe(2);
    vi.restoreAllMocks();
    expect((await outs(first)).map(({ text }) => text)).toEqual(["one asks", "one hears a", "one hears c"]);
    expect((await outs(second)).map(({ text }) => text)).toEqual(["one asks", "one hears b", "one hears d"]);
  });
});

describe("while D1 does not answer", () => {
  it.each(["fails", "hangs"] as const)("(it %s) a conversation continues with the published version", async (how) => {
    const running = nextPhone();
    expect(await say(running, "go")).toBe("one asks");
    await publish("talk", talk("two"));
    await warm();
    silenceDatabase(how);
    const begun = Date.now();
    expect(await say(running, "a")).toBe("two hears a");
    expect(await lastNotes(running)).toEqual([
      "Continued with the published version: the version that opened the conversation is not available.",
    ]);
    expect(await say(running, "b")).toBe("two hears b");
    expect(await lastNotes(running)).toEqual([]);
    expect(Date.now() - begun).toBeLessThan(5_000);
    vi.restoreAllMocks();
    expect(await say(running, "c")).toBe("two hears c");
  });

  it("one wait in vain counts for all texts, and texts stay in order", async () => {
    const phones = [nextPhone(), nextPhone()];
    for (const phone of phones) await say(phone, "go");
    await publish("talk", talk("two"));
    await warm();
    silenceDatabase("hangs");
    const waits = vi.spyOn(globalThis, "setTimeout");
    const [first = "", second = ""] = phones;
    await Promise.all([say(first, "a"), scheduler.wait(20).then(() => say(first, "b"))]);
    expect((await outs(first)).map(({ text }) => text)).toEqual(["one asks", "two hears a", "two hears b"]);
    const before = waits.mock.calls.filter(([, milliseconds]) => milliseconds === 1_500).length;
    expect(await say(second, "c")).toBe("two hears c");
    expect(waits.mock.calls.filter(([, milliseconds]) => milliseconds === 1_500)).toHaveLength(before);
    expect(before).toBe(1);
  });
});

describe("an incomplete version", () => {
  it.each([
    ["is not kept any more", "DELETE FROM publications WHERE name = 'talk' AND id < ?"],
    ["does not fit the schema any more", "UPDATE publications SET document = '{}' WHERE name = 'talk' AND id < ?"],
  ])("is replaced by the published one if its topic %s", async (_, sql) => {
    const running = nextPhone();
    await say(running, "go");
    await publish("talk", talk("two"));
    await env.DB.prepare(sql)
      .bind(await highestPublication())
      .run();
    forgetConfiguration();
    expect(await say(running, "a")).toBe("two hears a");
    expect(await lastNotes(running)).toHaveLength(1);
    const queries = countQueries();
    expect(await say(running, "b")).toBe("two hears b");
    expect(queries()).toBe(0);
    expect(await lastNotes(running)).toEqual([]);
  });

  it("is reported by health if it is the published one", async () => {
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE publications SET document = '{}' WHERE id = (SELECT max(id) FROM publications WHERE name = 'talk')",
      ),
      env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
    ]);
    forgetConfiguration();
    const health = await exports.default.fetch(new Request("http://127.0.0.1:9/health"));
    expect(await health.json()).toMatchObject({
      problems: ['The topic "talk" does not fit its schema. Save it again.'],
    });
  });

  it("of a release without publications is replaced by the published one", async () => {
    const running = nextPhone();
    await say(running, "go");
    await runInDurableObject(sender(running), (_, state) => {
      const path = `$.lines."${NUMBER}".conversation.publication`;
      state.storage.sql.exec("UPDATE sender SET state = json_set(state, ?, 0)", path);
    });
    await evictDurableObject(sender(running));
    await publish("talk", talk("two"));
    await warm();
    const queries = countQueries();
    expect(await say(running, "a")).toBe("two hears a");
    expect(queries()).toBe(0);
    vi.restoreAllMocks();
    await publish("talk", talk("three"));
    expect(await say(running, "b")).toBe("two hears b");
  });
});

describe("a tester", () => {
  const trial = (phone: string, topic = "talk") => `/v1/topics/${topic}/trials/${phone}`;

  it("gets the present draft, while other contacts get the published version", async () => {
    const [trying, other] = [nextPhone(), nextPhone()];
    await put("/v1/applications/echo", application("App one", "talk", "other"));
    await put("/v1/topics/talk", talk("draft"));
    await put(trial(trying), {});
    expect(await say(trying, "go")).toBe("draft asks");
    expect(await say(other, "go")).toBe("one asks");
    await put("/v1/topics/talk", talk("second draft"));
    expect(await say(trying, "a")).toBe("second draft hears a");
    expect(await say(other, "b")).toBe("one hears b");
    expect((await conversation(trying)).publication).toBe(null);
    await publish("other", { ...talk("other two"), keywords: ["elsewhere"] });
    await moveElsewhere(trying);
    expect(await say(trying, "c")).toBe("second draft hears c");
    await publish("other", { ...talk("other"), keywords: ["elsewhere"] });
  });

  it("gets the draft only in later conversations", async () => {
    const phone = nextPhone();
    await say(phone, "go");
    await put("/v1/topics/talk", talk("draft"));
    await put(trial(phone), {});
    expect(await say(phone, "a")).toBe("one hears a");
    await say(phone, "EXIT");
    expect(await say(phone, "go")).toBe("draft asks");
  });

  it("continues, with a note, if the draft loses the step where the conversation waits", async () => {
    const phone = nextPhone();
    await put(trial(phone), {});
    await say(phone, "go");
    await put("/v1/topics/talk", { ...talk("x"), steps: [{ kind: "ask", id: "begin", text: "begin?", save: "said" }] });
    expect(await say(phone, "a")).toBe("App one: sorry?");
    expect(await lastNotes(phone)).toEqual(['Step "ask" of topic "talk" no longer exists.']);
    expect(await say(phone, "go")).toBe("begin?");
  });

  it("who is removed continues on the published version, and stays there", async () => {
    const phone = nextPhone();
    await put("/v1/topics/talk", talk("draft"));
    await put(trial(phone), {});
    expect(await say(phone, "go")).toBe("draft asks");
    await api("DELETE", trial(phone));
    expect(await say(phone, "a")).toBe("one hears a");
    await publish("talk", talk("two"));
    expect(await say(phone, "b")).toBe("one hears b");
  });

  it("whose time is over gets the published version without a D1 query", async () => {
    const phone = nextPhone();
    await put("/v1/topics/talk", talk("draft"));
    await put(trial(phone), {});
    await env.DB.prepare("UPDATE trials SET expires_at = ? WHERE phone = ?")
      .bind(Date.now() + 5_000, phone)
      .run();
    expect(await say(phone, "go")).toBe("draft asks");
    const queries = countQueries();
    vi.useFakeTimers({ now: Date.now() + 6_000, toFake: ["Date"] });
    expect(await say(phone, "a")).toBe("one hears a");
    expect(queries()).toBe(0);
  });

  it("of a topic that the application does not have gets the published version", async () => {
    const phone = nextPhone();
    await put(trial(phone, "other"), {});
    expect(await say(phone, "go")).toBe("one asks");
    expect((await conversation(phone)).publication).toBe(await highestPublication());
  });

  it("costs no query in a warm turn", async () => {
    const phone = nextPhone();
    await put("/v1/topics/talk", talk("draft"));
    await put(trial(phone), {});
    await say(phone, "go");
    const queries = countQueries();
    expect(await say(phone, "a")).toBe("draft hears a");
    expect(queries()).toBe(0);
  });
});
