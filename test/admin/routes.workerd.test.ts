import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { messageResource } from "../../src/admin/senders/schema.ts";
import type { Message } from "../../src/sender/records/transcript.ts";
import { apiDocument } from "../support/contract.ts";
import {
  api,
  ECHO,
  emulate,
  emulator,
  eventually,
  exportsFetch,
  incoming,
  migrateDatabase,
  ONE,
  ORIGIN,
  publish,
  put,
  reached,
  type TestAccount,
  TWO,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+14255550149";

interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown; readonly errors?: readonly { pointer: string; detail: string }[] };
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await api(method, path, body, headers);
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

const pointers = ({ body }: Answer) => (body.errors ?? []).map(({ pointer }) => pointer);

const account = (change: object = {}) => ({
  name: "Ours",
  authToken: ONE.token,
  baseUrl: inject("emulator"),
  ...change,
});
const APPLICATION = { name: "Echo", assistant: { kind: "topics", topics: ["echo"] } };
const number = (change: object = {}) => ({ account: ONE.sid, application: "echo", type: "long-code", ...change });

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], []);
  await emulate(TWO, [], []);
  await put(`/v1/accounts/${ONE.sid}`, account());
  await put(`/v1/accounts/${TWO.sid}`, account({ authToken: TWO.token }));
  await put("/v1/topics/echo", ECHO);
  await put("/v1/applications/echo", APPLICATION);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the key", () => {
  it.each([
    ["no header", {}],
    ["another scheme", { authorization: "Basic dGVzdA==" }],
    ["another key", { authorization: "Bearer wrong" }],
    ["a beginning of the key", { authorization: "Bearer test-admin-ke" }],
    ["nothing", { authorization: "Bearer " }],
  ])("%s: 401", async (_, headers) => {
    const response = await exportsFetch(new Request(`${ORIGIN}/v1/accounts`, { headers }));
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  it("is not needed to read the OpenAPI document, or the health", async () => {
    expect((await exportsFetch(new Request(`${ORIGIN}/v1/openapi.json`))).status).toBe(200);
    expect((await exportsFetch(new Request(`${ORIGIN}/health`))).status).toBe(200);
  });
});

describe("an account", () => {
  it("is saved once Twilio knows it, and its tokens never come back", async () => {
    const saved = await call("PUT", `/v1/accounts/${ONE.sid}`, account({ nextAuthToken: "the-next-one" }));
    expect(saved).toMatchObject({ status: 200, body: { sid: ONE.sid, name: "Ours", hasNextAuthToken: true } });
    for (const path of [`/v1/accounts/${ONE.sid}`, "/v1/accounts"]) {
      const text = await (await api("GET", path)).text();
      expect(text).toContain("Ours");
      expect(text).not.toContain(ONE.token);
      expect(text).not.toContain("the-next-one");
      expect(text).not.toMatch(/v1\.[\w+/]/u);
    }
  });

  it("has its tokens sealed in D1, each for its own place", async () => {
    await put(`/v1/accounts/${ONE.sid}`, account({ nextAuthToken: ONE.token }));
    const row = await env.DB.prepare("SELECT * FROM accounts WHERE sid = ?")
      .bind(ONE.sid)
      .first<Record<string, string>>();
    expect(JSON.stringify(row)).not.toContain(ONE.token);
    expect(row?.["auth_token"]).not.toBe(row?.["next_auth_token"]);
    await env.DB.prepare("UPDATE accounts SET auth_token = next_auth_token WHERE sid = ?").bind(ONE.sid).run();
    await env.DB.prepare("UPDATE revisions SET revision = revision + 1").run();
    await put("/v1/applications/echo", APPLICATION);
    const form = incoming(ONE, { From: "+12025550170", To: NUMBER, Body: "hi" });
    expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(403);
    await put(`/v1/accounts/${ONE.sid}`, account());
  });

  it("may have credentials for its webhooks, whose password never comes back", async () => {
    const webhookCredentials = { username: "apikey", password: "Never-shown" };
    const saved = await call("PUT", `/v1/accounts/${ONE.sid}`, account({ webhookCredentials }));
    expect(saved.body).toMatchObject({ hasWebhookCredentials: true, webhookUsername: "apikey" });
    await put(`/v1/numbers/${NUMBER}`, number());
    const webhooks = {
      requestUrl: `${ORIGIN.replace("//", "//apikey:PASSWORD@")}/twilio/message#rc=5&rp=all`,
      fallbackUrl: `${ORIGIN.replace("//", "//apikey:PASSWORD@")}/twilio/fallback#rc=5&rp=all`,
    };
    expect((await call("PUT", `/v1/numbers/${NUMBER}`, number())).body["webhooks"]).toEqual(webhooks);
    for (const path of [`/v1/accounts/${ONE.sid}`, "/v1/accounts", `/v1/numbers/${NUMBER}`, "/v1/numbers"]) {
      const text = await (await api("GET", path)).text();
      expect(text).toContain("apikey");
      expect(text).not.toMatch(/Never-shown|v1\.[\w+/]/u);
    }
    expect(JSON.stringify(await env.DB.prepare("SELECT * FROM accounts").all())).not.toContain("Never-shown");
    expect((await call("PUT", `/v1/accounts/${ONE.sid}`, account())).body).toMatchObject({
      hasWebhookCredentials: false,
      webhookUsername: null,
    });
    await call("DELETE", `/v1/numbers/${NUMBER}`);
  });

  it("that Twilio refuses is not saved, and Twilio's words are passed on", async () => {
    const refused = await call("PUT", `/v1/accounts/${ONE.sid}`, account({ authToken: "wrong" }));
    expect(refused.status).toBe(422);
    expect(refused.body["detail"]).toMatch(/^Twilio refused: .*\(20003\)$/u);
    expect(pointers(refused)).toEqual(["/authToken"]);
    const unknown = await call("PUT", `/v1/accounts/AC${"9".repeat(32)}`, account());
    expect(unknown.status).toBe(422);
    expect((await call("GET", `/v1/accounts/AC${"9".repeat(32)}`)).status).toBe(404);
  });

  it("that is suspended at Twilio is not saved", async () => {
    const sid = `AC${"7".repeat(32)}`;
    await emulator("PUT", `/emulator/accounts/${sid}`, { friendlyName: "x", authToken: "t", status: "suspended" });
    const answer = await call("PUT", `/v1/accounts/${sid}`, account({ authToken: "t" }));
    expect(answer.status).toBe(422);
    expect(String(answer.body["detail"])).toMatch(/suspended|Twilio refused/u);
  });

  it("whose base URL is not Twilio's gets a sentence that says so", async () => {
    const dead = await call("PUT", `/v1/accounts/${ONE.sid}`, account({ baseUrl: "http://127.0.0.1:9" }));
    expect([dead.status, pointers(dead)]).toEqual([502, ["/baseUrl"]]);
  });

  it("gets its credentials sent to no other host, whatever is redirected", async () => {
    const requests = vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
      return new Response(null, { status: 302, headers: { location: "https://example.com/" } });
    });
    expect((await call("PUT", `/v1/accounts/${ONE.sid}`, account())).status).toBe(502);
    expect(requests).toHaveBeenCalledTimes(1);
    expect(requests.mock.calls[0]?.[1]?.redirect).toBe("manual");
  });

  it.each([
    [{ baseUrl: "http://example.com" }, "/baseUrl"],
    [{ baseUrl: "https://api.twilio.com/" }, "/baseUrl"],
    [{ baseUrl: "ftp://api.twilio.com" }, "/baseUrl"],
    [{ baseUrl: "https://user@api.twilio.com" }, "/baseUrl"],
    [{ authToken: "" }, "/authToken"],
    [{ authToken: "a b" }, "/authToken"],
    [{ authToken: 7 }, "/authToken"],
    [{ name: "" }, "/name"],
    [{ name: undefined }, "/name"],
    [{ color: "red" }, "/color"],
    [{ webhookCredentials: { username: "apikey", password: "a:b" } }, "/webhookCredentials/password"],
    [{ webhookCredentials: { username: "api&key", password: "ab" } }, "/webhookCredentials/username"],
    [{ webhookCredentials: { username: "a@b", password: "ab" } }, "/webhookCredentials/username"],
    [{ webhookCredentials: { username: "apikey", password: "p%40" } }, "/webhookCredentials/password"],
    [{ webhookCredentials: { username: "apikey" } }, "/webhookCredentials/password"],
  ])("with %j is refused, and the field is named", async (change, pointer) => {
    const answer = await call("PUT", `/v1/accounts/${ONE.sid}`, account(change));
    expect(answer.status).toBe(422);
    expect(pointers(answer)).toEqual([pointer]);
  });
});

describe("a number", () => {
  it("is the same with and without its plus", async () => {
    expect((await call("PUT", "/v1/numbers/14255550149", number({ description: "Front desk" }))).status).toBe(201);
    expect((await call("PUT", `/v1/numbers/${NUMBER}`, number())).status).toBe(200);
    expect((await call("GET", "/v1/numbers/1-425-555-0149")).body).toMatchObject({ number: NUMBER, description: "" });
    const { items } = (await call("GET", "/v1/numbers")).body as { items: { number: string }[] };
    expect(items.map((each) => each.number)).toEqual([NUMBER]);
    expect((await call("DELETE", "/v1/numbers/14255550149")).status).toBe(204);
    expect((await call("DELETE", "/v1/numbers/14255550149")).status).toBe(404);
  });

  it("shows the URLs to paste into Twilio", async () => {
    await put(`/v1/numbers/${NUMBER}`, number());
    expect((await call("GET", `/v1/numbers/${NUMBER}`)).body["webhooks"]).toEqual({
      requestUrl: `${ORIGIN}/twilio/message#rc=5&rp=all`,
      fallbackUrl: `${ORIGIN}/twilio/fallback#rc=5&rp=all`,
    });
  });

  it("is unique: another account cannot take it", async () => {
    await put(`/v1/numbers/${NUMBER}`, number());
    const taken = await call("PUT", "/v1/numbers/14255550149", number({ account: TWO.sid }));
    expect(taken).toMatchObject({ status: 409, body: { errors: [{ pointer: "/account" }] } });
    expect((await call("GET", `/v1/numbers/${NUMBER}`)).body["account"]).toBe(ONE.sid);
  });

  it("that two admins give to two accounts at once goes to one of them", async () => {
    const free = "/v1/numbers/+12025550177";
    const answers = await Promise.all([ONE, TWO].map(({ sid }) => call("PUT", free, number({ account: sid }))));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    await call("DELETE", free);
  });

  it.each([
    ["12345", "short-code", 201],
    ["123456", "short-code", 201],
    ["12345", "long-code", 422],
    ["+12025550188", "short-code", 422],
    ["+18885550188", "toll-free", 201],
    ["1234", "short-code", 400],
    ["parley", "long-code", 400],
    ["+0123456789", "long-code", 400],
  ])("%s as a %s: %i", async (written, type, status) => {
    const answer = await call("PUT", `/v1/numbers/${written}`, number({ type }));
    expect(answer.status).toBe(status);
    if (status === 201) await call("DELETE", `/v1/numbers/${written}`);
  });

  it("carries what its type does, or what its operator says", async () => {
    const path = `/v1/numbers/${NUMBER}`;
    const carried = async (change: object) => (await call("PUT", path, number(change))).body["segmentsPerSecond"];
    expect(await carried({ type: "long-code" })).toBe(1);
    expect(await carried({ type: "toll-free" })).toBe(3);
    expect(await carried({ segmentsPerSecond: 12.5 })).toBe(12.5);
    expect((await call("GET", path)).body["segmentsPerSecond"]).toBe(12.5);
    // A PUT says all of it: what is left out is as is usual again.
    expect(await carried({})).toBe(1);
    for (const segmentsPerSecond of [0, 0.05, 1_001, "3"])
      expect(pointers(await call("PUT", path, number({ segmentsPerSecond })))).toEqual(["/segmentsPerSecond"]);
    await call("DELETE", path);
  });

  it("names what it refers to and is not there", async () => {
    const answer = await call(
      "PUT",
      "/v1/numbers/+12025550178",
      number({ account: `AC${"8".repeat(32)}`, application: "nothing" }),
    );
    expect([answer.status, pointers(answer)]).toEqual([422, ["/account", "/application"]]);
  });

  it("answers as soon as it is saved, and no longer once it is deleted", async () => {
    const free = "+12025550179";
    const text = async () => {
      const form = incoming(ONE, { From: "+12025550171", To: free, Body: "go" });
      return (await exportsFetch(webhook("/twilio/message", form, ONE.token))).status;
    };
    expect(await text()).toBe(403);
    await put(`/v1/numbers/${free}`, number());
    expect(await text()).toBe(200);
    await call("DELETE", `/v1/numbers/${free}`);
    expect(await text()).toBe(403);
  });
});

describe("what is in use", () => {
  it("cannot be deleted, and what uses it is listed", async () => {
    await put(`/v1/numbers/${NUMBER}`, number());
    for (const path of [`/v1/accounts/${ONE.sid}`, "/v1/applications/echo"]) {
      expect(await call("DELETE", path)).toMatchObject({ status: 409, body: { usedBy: [`/v1/numbers/${NUMBER}`] } });
    }
    expect(await call("DELETE", "/v1/topics/echo")).toMatchObject({
      status: 409,
      body: { usedBy: ["/v1/applications/echo"] },
    });
  });

  it("can be, when nothing uses it any more", async () => {
    await put("/v1/topics/spare", ECHO);
    await put("/v1/applications/spare", { ...APPLICATION, assistant: { kind: "topics", topics: ["spare"] } });
    expect((await call("DELETE", "/v1/applications/spare")).status).toBe(204);
    expect((await call("DELETE", "/v1/topics/spare")).status).toBe(204);
    expect((await call("DELETE", "/v1/topics/spare")).status).toBe(404);
  });
});

describe("an application", () => {
  it("has what it was given, and the defaults of the rest", async () => {
    expect((await call("GET", "/v1/applications/echo")).body).toMatchObject({
      id: "echo",
      ...APPLICATION,
      idleSeconds: 3_600,
      smartEncoding: false,
      messages: {},
    });
  });

  it.each([
    [{ assistant: { kind: "topics", topics: ["nothing"] } }, ["/assistant/topics/0"]],
    [{ assistant: { kind: "topics", topics: [] } }, ["/assistant/topics"]],
    [{ assistant: { kind: "oracle" } }, ["/assistant/kind"]],
    [{ assistant: { kind: "topics", topics: ["echo"], mood: "good" } }, ["/assistant/mood"]],
    [{ idleSeconds: 0 }, ["/idleSeconds"]],
    [{ idleSeconds: 1.5 }, ["/idleSeconds"]],
    [{ smartEncoding: "yes" }, ["/smartEncoding"]],
    [{ messages: { notUnderstood: "{{ oops" } }, ["/messages/notUnderstood"]],
    [{ messages: { hello: "x" } }, ["/messages/hello"]],
    [{ assistant: { kind: "topics", topics: ["echo"], menu: "main" } }, ["/assistant/menu"]],
    [
      { name: "", assistant: { kind: "topics", topics: ["echo", "nothing"], agent: "ech" } },
      ["/name", "/assistant/topics/1", "/assistant/agent"],
    ],
  ])("with %j is refused, and the field is named", async (change, expected) => {
    const answer = await call("PUT", "/v1/applications/wrong", { ...APPLICATION, ...change });
    expect([answer.status, pointers(answer)]).toEqual([422, expected]);
  });

  it("has every topic that its topics go to", async () => {
    await put("/v1/topics/goes", { title: "Goes", steps: [{ kind: "topic", id: "t", topic: "echo" }] });
    const answer = await call("PUT", "/v1/applications/goes", {
      ...APPLICATION,
      assistant: { kind: "topics", topics: ["goes"] },
    });
    expect([answer.status, pointers(answer)]).toEqual([422, ["/assistant/topics"]]);
    await put("/v1/applications/goes", { ...APPLICATION, assistant: { kind: "topics", topics: ["goes", "echo"] } });
    const astray = await call("PUT", "/v1/topics/goes", {
      title: "Goes",
      steps: [{ kind: "topic", id: "t", topic: "away" }],
    });
    expect([astray.status, pointers(astray)]).toEqual([422, ["/steps/0/topic"]]);
  });

  it("is never left without a topic that its topics go to, though two admins save at once", async () => {
    const plain = { title: "Pair", steps: [{ kind: "say", id: "a", text: "x" }] };
    const going = { title: "Pair", steps: [{ kind: "topic", id: "t", topic: "pair-two" }] };
    await put("/v1/topics/pair-two", plain);
    for (let round = 0; round < 15; round += 1) {
      await publish("pair-one", plain);
      await put("/v1/applications/pair", {
        ...APPLICATION,
        assistant: { kind: "topics", topics: ["pair-one", "pair-two"] },
      });
      await put("/v1/topics/pair-one", going);
      const [topic, application] = await Promise.all([
        call("POST", "/v1/topics/pair-one/publications"),
        call("PUT", "/v1/applications/pair", { ...APPLICATION, assistant: { kind: "topics", topics: ["pair-one"] } }),
      ]);
      expect([topic.status, application.status].toSorted((a, b) => a - b)).toEqual([
        expect.toSatisfy((status: number) => status < 300),
        expect.toSatisfy((status: number) => status >= 400),
      ]);
    }
  });

  it("that was checked before a topic of its own went astray is not saved", async () => {
    const plain = { title: "Late", steps: [{ kind: "say", id: "a", text: "x" }] };
    await put("/v1/topics/late-one", plain);
    await put("/v1/topics/late-two", plain);
    await put("/v1/applications/late", {
      ...APPLICATION,
      assistant: { kind: "topics", topics: ["late-one", "late-two"] },
    });
    const database = Object.getPrototypeOf(env.DB) as D1Database;
    const write = database.batch.bind(env.DB);
    vi.spyOn(database, "batch").mockImplementationOnce(async (statements) => {
      await publish("late-one", { title: "Late", steps: [{ kind: "topic", id: "t", topic: "late-two" }] });
      return await write(statements);
    });
    const saved = await call("PUT", "/v1/applications/late", {
      ...APPLICATION,
      assistant: { kind: "topics", topics: ["late-one"] },
    });
    expect(saved.status).toBe(409);
    expect((await call("GET", "/v1/applications/late")).body["assistant"]).toMatchObject({
      topics: ["late-one", "late-two"],
    });
  });

  it("may have a hundred and fifty topics", async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `many-${index}`);
    await Promise.all(ids.map((id) => put(`/v1/topics/${id}`, ECHO)));
    expect(
      (await call("PUT", "/v1/applications/many", { ...APPLICATION, assistant: { kind: "topics", topics: ids } }))
        .status,
    ).toBe(201);
    expect((await call("DELETE", "/v1/topics/many-149")).status).toBe(409);
  });
});

describe("a topic", () => {
  it("gets every one of its problems named in one answer", async () => {
    const steps = [
      { kind: "say", id: "a" },
      { kind: "dance", id: "b" },
      { kind: "ask", id: "C", text: "?", save: "sender", extra: 1 },
      { kind: "say", id: "d", text: "{{ oops", next: "nowhere" },
    ];
    const answer = await call("PUT", "/v1/topics/wrong", { title: "", keywords: ["ok", "!"], steps });
    expect(answer.status).toBe(422);
    expect(pointers(answer)).toEqual([
      "/title",
      "/keywords/1",
      "/steps/0/text",
      "/steps/1/kind",
      "/steps/2/id",
      "/steps/2/save",
      "/steps/2/extra",
      "/steps/3/text",
      "/steps/3/next",
    ]);
    expect(answer.body.errors?.find(({ pointer }) => pointer === "/steps/1/kind")?.detail).toContain(
      "The kinds are say, ask, choice",
    );
  });

  it("with warnings is saved, and they come with the answer", async () => {
    const text = `Today\u2019s special: ${"x".repeat(70)} {{ dish }}`;
    const document = { title: "Special", keywords: ["special"], steps: [{ kind: "say", id: "a", text }] };
    const saved = await call("PUT", "/v1/topics/special", document);
    expect(saved.status).toBe(201);
    expect(saved.body["warnings"]).toEqual([
      { pointer: "/steps/0/text", detail: expect.stringContaining('no step sets the variable "dish"') },
      { pointer: "/steps/0/text", detail: expect.stringContaining("Replace \u2019 (U+2019) by '") },
    ]);
    expect((await call("GET", "/v1/topics/special")).body).not.toHaveProperty("warnings");
  });

  it("is checked beside the topics of its applications", async () => {
    const text = `Today\u2019s special: ${"x".repeat(70)} {{ dish }}`;
    const document = { title: "Beside", keywords: ["soup"], steps: [{ kind: "say", id: "a", text }] };
    const other = { title: "Other", keywords: ["Soup!"], steps: [{ kind: "set", id: "a", values: { dish: "soup" } }] };
    await put("/v1/topics/beside", document);
    await put("/v1/topics/besides", other);
    const topics = { kind: "topics", topics: ["beside", "besides"] };
    const application = await call("PUT", "/v1/applications/beside", {
      ...APPLICATION,
      smartEncoding: true,
      assistant: topics,
    });
    const shared = { pointer: "/assistant/topics", detail: expect.stringContaining('keyword "soup" starts') };
    expect([application.status, application.body["warnings"]]).toEqual([201, [shared]]);
    const saved = await call("PUT", "/v1/topics/beside", document);
    const mine = { pointer: "/keywords/0", detail: expect.stringContaining('also starts "besides"') };
    expect([saved.status, saved.body["warnings"]]).toEqual([200, [mine]]);
    const going = { ...document, steps: [...document.steps, { kind: "topic", id: "t", topic: "besidess" }] };
    const astray = await call("PUT", "/v1/topics/beside", going);
    expect([astray.status, astray.body.errors, astray.body["warnings"]]).toEqual([
      422,
      [{ pointer: "/steps/1/topic", detail: expect.stringContaining('Did you mean "besides"?') }],
      [mine],
    ]);
  });
});

describe("a body", () => {
  it.each([
    ["that is no JSON", "{", {}, 400],
    ["of another type", "{}", { "content-type": "text/plain" }, 415],
    ["that is too large", JSON.stringify({ name: "x".repeat(600_000) }), {}, 413],
    ["that is a list", "[]", {}, 422],
    ["that is null", "null", {}, 422],
    ["with a name that JavaScript loses", '{"messages":{"__proto__":{}}}', {}, 400],
  ])("%s is refused", async (_, body, headers, status) => {
    const answer = await call("PUT", "/v1/applications/x", body, headers);
    expect(answer).toMatchObject({
      status,
      body: { status, title: expect.any(String), detail: expect.any(String), type: "about:blank" },
    });
  });
});

describe("a list", () => {
  it("has pages that hold everything once", async () => {
    const ids = ["page-a", "page-b", "page-c", "page-d", "page-e"];
    await Promise.all(ids.map((id) => put(`/v1/topics/${id}`, ECHO)));
    const seen: string[] = [];
    let after = "page-";
    for (let pages = 0; pages < 10 && after !== ""; pages += 1) {
      const { items, next } = (await call("GET", `/v1/topics?limit=2&after=${after}`)).body as {
        items: { id: string }[];
        next: string | null;
      };
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items.map(({ id }) => id));
      after = next ?? "";
    }
    expect(seen.filter((id) => id.startsWith("page-"))).toEqual(ids);
  });

  it("of numbers goes on from a number, however it is written", async () => {
    await put("/v1/numbers/+12025550181", number());
    await put("/v1/numbers/+12025550182", number());
    for (const after of ["+12025550181", "%2B12025550181", "12025550181"]) {
      const { items } = (await call("GET", `/v1/numbers?limit=1&after=${after}`)).body as {
        items: { number: string }[];
      };
      expect(items[0]?.number).toBe("+12025550182");
    }
    await call("DELETE", "/v1/numbers/+12025550181");
    await call("DELETE", "/v1/numbers/+12025550182");
  });

  it.each(["limit=0", "limit=201", "limit=x", "page=2"])("refuses ?%s", async (query) => {
    expect((await call("GET", `/v1/numbers?${query}`)).status).toBe(400);
  });
});

describe("a transcript", () => {
  it("has pages in both directions, and is there only where they spoke", async () => {
    const phone = "+12025550172";
    await put(`/v1/numbers/${NUMBER}`, number());
    for (const Body of ["go", "one", "two"]) {
      const form = incoming(ONE, { From: phone, To: NUMBER, Body });
      await exportsFetch(webhook("/twilio/message", form, ONE.token));
    }
    const path = `/v1/senders/${phone}/conversations/${NUMBER}/messages`;
    const all = await eventually(
      async () => (await call("GET", path)).body["items"] as { id: string }[],
      (items) => items.length === 6,
    );
    for (const order of ["asc", "desc"]) {
      const seen: string[] = [];
      let after = "";
      do {
        const { items, next } = (await call("GET", `${path}?limit=3&order=${order}${after}`)).body as {
          items: { id: string }[];
          next: string | null;
        };
        seen.push(...items.map(({ id }) => id));
        after = next === null ? "" : `&after=${next}`;
      } while (after !== "");
      const ids = all.map(({ id }) => id);
      expect(seen).toEqual(order === "asc" ? ids : ids.toReversed());
    }
    expect((await call("GET", path.replace(phone, "+12025550199"))).status).toBe(404);
    expect((await call("GET", path.replace(phone, "nobody"))).status).toBe(400);
    expect((await call("GET", `${path}?after=x`)).status).toBe(400);
  });
});

describe("an application with smart encoding", () => {
  it("sends what is cheaper, and its transcript shows what was replaced, and only there", async () => {
    const phone = "+12025550129";
    await emulator("POST", "/emulator/phones", { number: phone });
    const long = `“${"a".repeat(99)}”`;
    await put("/v1/topics/quotes", {
      title: "Quotes",
      keywords: ["go"],
      steps: [long, "Don’t"].map((text, index) => ({ kind: "say", id: `s${index}`, text })),
    });
    const assistant = { kind: "topics", topics: ["quotes"] };
    await put("/v1/applications/quotes", { name: "Quotes", assistant, smartEncoding: true });
    await put(`/v1/numbers/${NUMBER}`, number({ application: "quotes" }));
    const form = incoming(ONE, { From: phone, To: NUMBER, Body: "go" });
    expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
    const arrived = await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 2,
    );
    expect(arrived).toEqual([long.replaceAll(/[“”]/gu, '"'), "Don’t"]);
    const { items } = (await call("GET", `/v1/senders/${phone}/conversations/${NUMBER}/messages`)).body as {
      items: readonly Message[];
    };
    expect(items.map((item) => messageResource.parse(item))).toEqual(items);
    expect(items.map(({ text }) => text)).toEqual(["go", ...arrived]);
    const quotes = [
      { from: "“", to: '"', count: 1 },
      { from: "”", to: '"', count: 1 },
    ];
    expect(items.map(({ encoding }) => encoding)).toEqual([undefined, { replaced: quotes }, undefined]);
    await put(`/v1/numbers/${NUMBER}`, number());
  });
});

describe("a method that a path does not have", () => {
  it.each([
    ["POST", `/v1/accounts/${ONE.sid}`, "GET, HEAD, PUT, DELETE"],
    ["DELETE", "/v1/accounts", "GET, HEAD"],
    ["PATCH", "/v1/persons/imports", "GET, HEAD, PUT, DELETE, POST"],
    ["GET", "/v1/turns/12025550140-SM1/answers", "POST"],
  ])("%s %s: 405, with the methods that there are", async (method, path, allow) => {
    const response = await api(method, path);
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({ status: 405, title: "Method not allowed" });
  });

  it("is told nobody without the key", async () => {
    expect((await api("DELETE", "/v1/accounts", undefined, { authorization: "" })).status).toBe(401);
  });
});

describe("the examples of the API document", () => {
  const EXAMPLE: TestAccount = { sid: "AC0123456789abcdef0123456789abcdef", token: "0123456789abcdef0123456789abcdef" };
  const PATHS: Readonly<Record<string, string>> = {
    saveAccount: `/v1/accounts/${EXAMPLE.sid}`,
    saveTopic: "/v1/topics/pizza",
    publishTopic: "/v1/topics/pizza/publications",
    saveTester: "/v1/topics/pizza/testers/+12025550140",
    saveTrial: "/v1/topics/pizza/trials/+12025550141",
    saveApplication: "/v1/applications/pizza",
    publishApplication: "/v1/applications/pizza/publications",
    createDryRun: "/v1/applications/pizza/dry-runs",
    createTrial: "/v1/applications/pizza/trials",
    saveNumber: "/v1/numbers/+12025550100",
    saveSecret: "/v1/secrets/crm",
    saveList: "/v1/lists/offers",
    saveSubscriber: "/v1/lists/offers/subscribers/+12025550142",
    deleteSubscriber: "/v1/lists/offers/subscribers/+12025550142",
    importSubscribers: "/v1/lists/offers/imports",
    createNotification: "/v1/notifications",
    saveBroadcast: "/v1/broadcasts/two-for-one",
    startBroadcast: "/v1/broadcasts/two-for-one/start",
    savePerson: "/v1/persons/4711",
    createEnrolment: "/v1/persons/4711/enrolments",
    importPersons: "/v1/persons/imports",
    saveConsent: "/v1/senders/+12025550140/consents/+12025550100",
    importConsents: "/v1/consents/imports",
    resolveMessage: "/v1/senders/+12025550140/conversations/+12025550100/messages/12.0/resolution",
    createAnswers: `/v1/turns/12025550140-SM${"0".repeat(32)}/answers`,
  };
  /** They decide about something that is not there. */
  const CONFLICTS = new Set(["resolveMessage", "createAnswers"]);

  it("are accepted by the running API, one after the other", async () => {
    await emulate(EXAMPLE, ["+12025550100"], ["+12025550140"]);
    const withBody = Object.values(apiDocument().paths).flatMap((methods) =>
      Object.entries(methods).filter(([, { requestBody }]) => requestBody !== undefined),
    );
    const byId = new Map(withBody.map(([method, operation]) => [operation.operationId, { method, ...operation }]));
    expect(Object.keys(PATHS).toSorted()).toEqual([...byId.keys()].toSorted());
    for (const [operationId, path] of Object.entries(PATHS)) {
      const { method = "", requestBody } = byId.get(operationId) ?? {};
      const [media = "", { example = null } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
      const body = operationId === "saveAccount" ? { ...(example as object), baseUrl: inject("emulator") } : example;
      const { status, body: answered } = await call(method.toUpperCase(), path, body, { "content-type": media });
      const expected = CONFLICTS.has(operationId) ? [409] : [200, 201, 204];
      expect(expected, `${operationId}: ${JSON.stringify(answered)}`).toContain(status);
    }
  });
});

it("what is nowhere is not found", async () => {
  expect(await call("GET", "/v1/nothing")).toMatchObject({ status: 404, body: { status: 404 } });
  expect((await exportsFetch(new Request(`${ORIGIN}/nothing`))).status).toBe(404);
});
