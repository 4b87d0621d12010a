import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import {
  api,
  ECHO,
  emulate,
  eventually,
  exportsFetch,
  incoming,
  migrateDatabase,
  ONE,
  ORIGIN,
  put,
  TWO,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+12025550100";
const OTHER = "+12025550101";
const PERSON = "+12025550170";
const LOCKED = { sid: `AC${"3".repeat(32)}`, token: "e3".repeat(16) };
const LOCKED_NUMBER = "+12025550102";
const CREDENTIALS = { username: "apikey", password: "Very-Secret_1.~" };
const HOST = ORIGIN.slice("http://".length);

interface Item {
  readonly reason: string;
  readonly hint: string;
  readonly path: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], []);
  await emulate(TWO, [OTHER], []);
  await emulate(LOCKED, [LOCKED_NUMBER], []);
  const account = { name: "Test", baseUrl: inject("emulator") };
  await put(`/v1/accounts/${ONE.sid}`, { ...account, authToken: ONE.token });
  await put(`/v1/accounts/${TWO.sid}`, { ...account, authToken: TWO.token });
  await put(`/v1/accounts/${LOCKED.sid}`, {
    ...account,
    authToken: LOCKED.token,
    webhookCredentials: CREDENTIALS,
  });
  await put("/v1/topics/echo", ECHO);
  await put("/v1/applications/echo", { name: "Echo", assistant: { kind: "topics", topics: ["echo"] } });
  const number = { application: "echo", type: "long-code" };
  await put(`/v1/numbers/${NUMBER}`, { ...number, account: ONE.sid });
  await put(`/v1/numbers/${OTHER}`, { ...number, account: TWO.sid });
  await put(`/v1/numbers/${LOCKED_NUMBER}`, { ...number, account: LOCKED.sid });
});

beforeEach(async () => {
  await env.DB.prepare("DELETE FROM refusals").run();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function refusals(sid = ONE.sid): Promise<readonly Item[]> {
  const response = await api("GET", `/v1/accounts/${sid}/refusals`);
  expect(response.status).toBe(200);
  const page = await response.json<{ items: Item[]; next: null }>();
  expect(page.next).toBeNull();
  return page.items;
}

const refusedOnce = async (sid = ONE.sid) =>
  await eventually(
    () => refusals(sid),
    (items) => items.length > 0,
  );

const text = (fields: Readonly<Record<string, string>> = {}, account = ONE) =>
  incoming(account, { From: PERSON, To: NUMBER, Body: "my secret", ...fields });
const MESSAGE = "/twilio/message";
const MISFIT = "X-Twilio-Signature does not match.";

/** Changes the request's headers. */
function withHeaders(request: Request, change: Readonly<Record<string, string | null>>): Request {
  const headers = new Headers(request.headers);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return new Request(request, { headers });
}

const background: Promise<unknown>[] = [];

/** Sends a request within the test's context, so that waitUntil runs here and by this clock. */
async function here(request: Request, bindings = env): Promise<Response> {
  const waitUntil = (work: Promise<unknown>) => void background.push(work);
  const context = { waitUntil, passThroughOnException: () => undefined, props: {} };
  return await app.fetch(request, bindings, context);
}

const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const locked = (fields: object = {}) => text({ To: LOCKED_NUMBER, ...fields }, LOCKED);
const withUser = (user = "apikey", password = CREDENTIALS.password) => `http://${user}:${password}@${HOST}${MESSAGE}`;

const batches = () => vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch");

describe("the operator learns why", () => {
  it.each<[string, () => Request, number, string, string]>([
    [
      "no signature",
      () => withHeaders(webhook(MESSAGE, text(), ONE.token), { "x-twilio-signature": null }),
      403,
      "X-Twilio-Signature is missing.",
      "Twilio signs every request",
    ],
    [
      "signed for https, reached by http",
      () => webhook(MESSAGE, text(), ONE.token, `https://${HOST}${MESSAGE}`),
      403,
      MISFIT,
      `Twilio signed https://${HOST}${MESSAGE}, but Parley was reached by http: set PUBLIC_URL to https://${HOST}, or write ${ORIGIN}${MESSAGE} in Twilio.`,
    ],
    [
      "a slash at the end that is lost on the way",
      () => webhook(MESSAGE, text(), ONE.token, `${ORIGIN}${MESSAGE}/`),
      403,
      MISFIT,
      `Twilio signed ${ORIGIN}${MESSAGE}/, with a trailing slash too many: write ${ORIGIN}${MESSAGE} in Twilio.`,
    ],
    [
      "a slash at the end that is added on the way",
      () => webhook(`${MESSAGE}/`, text(), ONE.token, ORIGIN + MESSAGE),
      403,
      MISFIT,
      `Twilio signed ${ORIGIN}${MESSAGE}, without the trailing slash`,
    ],
    [
      "swapped URLs",
      () => webhook(MESSAGE, text(), ONE.token, `${ORIGIN}/twilio/fallback`),
      403,
      MISFIT,
      `Twilio signed ${ORIGIN}/twilio/fallback, but the request came to ${MESSAGE}: the Request URL and the Fallback URL are swapped`,
    ],
    [
      "the token of another account",
      () => webhook(MESSAGE, text(), TWO.token),
      403,
      MISFIT,
      `signed with the auth token of account ${TWO.sid}: save the token of ${ONE.sid}`,
    ],
    [
      "a token that nobody knows",
      () => webhook(`${MESSAGE}?tenant=7`, text(), "e9".repeat(16)),
      403,
      MISFIT,
      `The URL in Twilio must be exactly ${ORIGIN}${MESSAGE}, character by character. If the auth token was changed at Twilio, save it here`,
    ],
    [
      "rubbish for a signature",
      () => withHeaders(webhook(MESSAGE, text(), ONE.token), { "x-twilio-signature": "rubbish" }),
      403,
      MISFIT,
      "character by character",
    ],
    [
      "a number that is not configured",
      () => webhook(MESSAGE, text({ To: "+12025550109" }), ONE.token),
      403,
      "The number is not configured here.",
      "Save the number that was texted: PUT /v1/numbers/+12025550109",
    ],
    [
      "a number of another account",
      () => webhook(MESSAGE, text({ To: OTHER }), ONE.token),
      403,
      "The number is not configured here.",
      `${OTHER} is saved for account ${TWO.sid}`,
    ],
    [
      "a text that is not complete",
      () => webhook(MESSAGE, text({ From: `whatsapp:${PERSON}`, NumMedia: "x" }), ONE.token),
      400,
      "The message is incomplete.",
      "Missing or malformed: From, NumMedia.",
    ],
    [
      "a status that is not complete",
      () => webhook("/twilio/status", text({ To: PERSON, MessageStatus: "sent" }), ONE.token),
      400,
      "The status callback is incomplete.",
      "Missing or malformed: part.",
    ],
    [
      "a webhook that is set to GET",
      () => new Request(`${ORIGIN}${MESSAGE}?${new URLSearchParams(text()).toString()}`),
      405,
      "Twilio's webhooks are POST requests.",
      "In Twilio, set the webhook's method to HTTP POST.",
    ],
  ])("%s", async (_, request, status, reason, hint) => {
    const sent = request();
    const response = await exportsFetch(sent);
    expect(response.status).toBe(status);
    const [item, ...others] = await refusedOnce();
    expect(others).toEqual([]);
    expect(item).toEqual({
      reason,
      hint: expect.stringContaining(hint),
      path: new URL(sent.url).pathname,
      count: 1,
      firstAt: expect.stringMatching(/^20.*Z$/u),
      lastAt: item?.firstAt,
    });
    expect(JSON.stringify(item)).not.toMatch(/2025550170|secret|tenant|e1e1|e2e2|e9e9/u);
  });

  it.each<[string, () => Request, number, string]>([
    [
      "no credentials in Twilio's URL",
      () => webhook(MESSAGE, locked(), LOCKED.token),
      401,
      `The URL in Twilio has no user name and password: paste http://apikey:PASSWORD@${HOST}${MESSAGE}`,
    ],
    [
      "another password in Twilio's URL",
      () =>
        withHeaders(webhook(MESSAGE, locked(), LOCKED.token, withUser("apikey", "old")), {
          authorization: basic("apikey", "old"),
        }),
      403,
      "The user name and password in the URL in Twilio are not those saved here",
    ],
    [
      "https instead of http, with the credentials",
      () =>
        withHeaders(webhook(MESSAGE, locked(), LOCKED.token, withUser().replace("http:", "https:")), {
          authorization: basic("apikey", CREDENTIALS.password),
        }),
      403,
      `Twilio signed https://apikey:PASSWORD@${HOST}${MESSAGE}, but Parley was reached by http: set PUBLIC_URL to https://${HOST}, or`,
    ],
    [
      "another token, before it is asked",
      () => webhook(MESSAGE, locked(), "e9".repeat(16), withUser()),
      401,
      `must be exactly http://apikey:PASSWORD@${HOST}${MESSAGE}`,
    ],
  ])("%s", async (_, request, status, hint) => {
    const response = await exportsFetch(request());
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toBe(status === 401 ? 'Basic realm="Parley"' : null);
    const [item] = await refusedOnce(LOCKED.sid);
    expect(item?.hint).toContain(hint);
    expect(JSON.stringify(item)).not.toContain(CREDENTIALS.password);
  });

  it("PUBLIC_URL is the URL that must stand in Twilio", async () => {
    const behind = { ...env, PUBLIC_URL: "http://sms.example.com" };
    const signed = webhook(MESSAGE, text(), ONE.token, `https://sms.example.com${MESSAGE}`);
    expect((await here(signed, behind)).status).toBe(403);
    expect((await refusedOnce())[0]?.hint).toContain("set PUBLIC_URL to https://sms.example.com, or");
  });

  it("stores and shows nothing about unknown accounts", async () => {
    const stranger = { sid: `AC${"d".repeat(32)}`, token: "x" };
    const writes = batches();
    background.length = 0;
    expect((await here(webhook(MESSAGE, incoming(stranger, { From: PERSON, To: NUMBER }), "x"))).status).toBe(403);
    await Promise.all(background);
    expect(writes).not.toHaveBeenCalled();
    await exportsFetch(webhook(MESSAGE, text(), "wrong"));
    await refusedOnce();
    expect(await env.DB.prepare("SELECT DISTINCT account FROM refusals").raw()).toEqual([[ONE.sid]]);
    expect((await api("GET", `/v1/accounts/${stranger.sid}/refusals`)).status).toBe(404);
  });

  it("does not count Twilio's usual challenge as a refusal", async () => {
    const asked = await exportsFetch(webhook(MESSAGE, locked(), LOCKED.token, withUser()));
    expect([asked.status, asked.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="Parley"']);
    const request = webhook(MESSAGE, locked(), LOCKED.token, withUser());
    const taken = await exportsFetch(withHeaders(request, { authorization: basic("apikey", CREDENTIALS.password) }));
    expect(taken.status).toBe(200);
    const slashed = await exportsFetch(webhook(`${MESSAGE}/`, text(), ONE.token));
    expect(slashed.status).toBe(200);
    expect([...(await refusals()), ...(await refusals(LOCKED.sid))]).toEqual([]);
  });

  it("deletes an account's refusals with the account", async () => {
    const gone = { sid: `AC${"4".repeat(32)}`, token: "e4".repeat(16) };
    await emulate(gone, [], []);
    const account = { name: "Test", authToken: gone.token, baseUrl: inject("emulator") };
    await put(`/v1/accounts/${gone.sid}`, account);
    await exportsFetch(webhook(MESSAGE, text({}, gone), "wrong"));
    await refusedOnce(gone.sid);
    expect((await api("DELETE", `/v1/accounts/${gone.sid}`)).status).toBe(204);
    expect((await api("GET", `/v1/accounts/${gone.sid}/refusals`)).status).toBe(404);
    await put(`/v1/accounts/${gone.sid}`, account);
    expect(await refusals(gone.sid)).toEqual([]);
    await api("DELETE", `/v1/accounts/${gone.sid}`);
  });
});

describe("a flood", () => {
  const wrong = () => withHeaders(webhook(MESSAGE, text(), ONE.token), { "x-twilio-signature": null });

  function freeze(): void {
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ["Date", "setTimeout", "clearTimeout"] });
  }

  it("is written once in ten seconds, and every one of it is counted", async () => {
    await here(wrong());
    await refusedOnce();
    freeze();
    const writes = batches();
    for (let second = 0; second < 30; second += 1) {
      for (let each = 0; each < 10; each += 1) expect((await here(wrong())).status).toBe(403);
      // Only one request waits for the next write, not every request of the flood.
      expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    const seen = writes.mock.calls.length;
    expect(seen).toBeGreaterThanOrEqual(3);
    expect(seen).toBeLessThanOrEqual(4);
    await vi.advanceTimersByTimeAsync(20_000);
    vi.useRealTimers();
    const [item] = await eventually(
      () => refusals(),
      ([first]) => first?.count === 301,
    );
    expect(Date.parse(item?.lastAt ?? "") - Date.parse(item?.firstAt ?? "")).toBeGreaterThan(20_000);
  });

  it("of ever different ones keeps to its room", async () => {
    freeze();
    for (let each = 0; each < 130; each += 1) {
      await here(webhook(MESSAGE, text({ To: `+1202556${String(1_000 + each)}` }), ONE.token));
    }
    await vi.advanceTimersByTimeAsync(20_000);
    vi.useRealTimers();
    const items = await eventually(
      () => refusals(),
      (all) => all.length >= 100,
    );
    expect(items.length).toBeLessThanOrEqual(101);
    expect(items.every(({ count }) => count === 1)).toBe(true);
  });

  it("that D1 does not take is written when D1 is back", async () => {
    const lines = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    batches().mockRejectedValue(new Error("D1_ERROR"));
    freeze();
    expect((await here(wrong())).status).toBe(403);
    await vi.advanceTimersByTimeAsync(20_000);
    vi.useRealTimers();
    await eventually(
      async () => lines.mock.calls.flat().join(),
      (logged) => logged.includes("refusals-write-failed"),
    );
    vi.restoreAllMocks();
    expect((await refusedOnce())[0]).toMatchObject({ count: 1, reason: "X-Twilio-Signature is missing." });
  });
});

it("the oldest refusals of an account go first", async () => {
  const rows = Array.from({ length: 220 }, (_, index) =>
    env.DB.prepare("INSERT INTO refusals VALUES (?, 'r', 'p', ?, 1, ?, ?)").bind(ONE.sid, `h${index}`, index, index),
  );
  await env.DB.batch(rows);
  await exportsFetch(webhook(MESSAGE, text(), "wrong"));
  const items = await eventually(
    () => refusals(),
    ([first]) => first?.hint.startsWith("h") === false,
  );
  expect(items).toHaveLength(200);
  expect(items.at(-1)?.hint).toBe("h21");
  expect(await env.DB.prepare("SELECT count(*) AS kept FROM refusals").first("kept")).toBe(200);
});
