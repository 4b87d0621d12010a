import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { expireConfiguration, forgetConfiguration, loadConfiguration } from "../../src/configuration/store.ts";
import { answerWithEcho, api, incoming, ONE, ORIGIN, put, webhook } from "../support/worker.ts";

const NUMBER = "+12025550100";
const LATER = "+12025550102";

beforeAll(() => answerWithEcho(NUMBER, []));

const background: Promise<unknown>[] = [];
const waitUntil = (work: Promise<unknown>) => void background.push(work);
const context = { waitUntil, passThroughOnException: () => undefined, props: {} };

beforeEach(() => {
  forgetConfiguration();
});

afterEach(async () => {
  // Requests that hang are not awaited.
  await Promise.race([Promise.allSettled(background.splice(0)), scheduler.wait(200)]);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function later(milliseconds: number): void {
  vi.useFakeTimers({ now: Date.now() + milliseconds, toFake: ["Date"] });
}

/** Makes D1 fail, or never respond. */
function silence(how: "fails" | "hangs"): void {
  const database = Object.getPrototypeOf(env.DB.prepare("SELECT 1")) as D1PreparedStatement;
  const end = () => (how === "fails" ? Promise.reject(new Error("D1_ERROR")) : new Promise<never>(() => undefined));
  for (const method of ["all", "raw", "run", "first"] as const) vi.spyOn(database, method).mockImplementation(end);
  vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch").mockImplementation(end);
}

/** Holds back the result of the next load, which has finished or begun reading, until it is released. */
function slowLoad(): PromiseWithResolvers<void> {
  const slow = Promise.withResolvers<void>();
  const database = Object.getPrototypeOf(env.DB) as D1Database;
  const read = database.batch.bind(env.DB);
  vi.spyOn(database, "batch").mockImplementationOnce(async (statements) => {
    const rows = await read(statements);
    await slow.promise;
    return rows;
  });
  return slow;
}

/** Changes the configuration as another isolate does, unknown to this one. */
async function changeElsewhere(): Promise<void> {
  const now = Date.now();
  await env.DB.batch([
    env.DB.prepare(
      `INSERT OR REPLACE INTO numbers (number, account, application, type, description, created_at, updated_at)
       VALUES (?, ?, 'echo', 'long-code', '', ?, ?)`,
    ).bind(LATER, ONE.sid, now, now),
    env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
  ]);
}

async function removeElsewhere(): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("DELETE FROM numbers WHERE number = ?").bind(LATER),
    env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
  ]);
}

describe("the configuration", () => {
  it("is read once, and then not again for eight seconds", async () => {
    const first = await loadConfiguration(env, waitUntil);
    const queries = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch");
    later(7_000);
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    expect(queries).not.toHaveBeenCalled();
    expect(background).toEqual([]);
  });

  it("is confirmed in the background by one row if nothing has changed", async () => {
    const first = await loadConfiguration(env, waitUntil);
    const loads = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch");
    later(9_000);
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    expect(background).toHaveLength(1);
    await background[0];
    expect(loads).not.toHaveBeenCalled();
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    expect(background).toHaveLength(1);
  });

  it("includes changes of other isolates within 15 seconds, with or without requests meanwhile", async () => {
    await loadConfiguration(env, waitUntil);
    await changeElsewhere();
    later(14_000);
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(true);
    await removeElsewhere();
    later(9_000);
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(true);
    await Promise.all(background);
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(false);
  });

  it("includes changes of this isolate at once, for all concurrent readers", async () => {
    await loadConfiguration(env, waitUntil);
    await changeElsewhere();
    expireConfiguration();
    const all = await Promise.all([1, 2, 3, 4].map(async () => await loadConfiguration(env, waitUntil)));
    await removeElsewhere();
    expect(all.map(({ numbers }) => numbers.has(LATER))).toEqual([true, true, true, true]);
  });

  it("is loaded at once if a caller has seen a newer revision", async () => {
    const { revision } = await loadConfiguration(env, waitUntil);
    await changeElsewhere();
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(false);
    expect((await loadConfiguration(env, waitUntil, revision + 1)).numbers.has(LATER)).toBe(true);
    await removeElsewhere();
  });

  it.each(["fails", "hangs"] as const)("is served stale while D1 %s, and webhooks continue", async (how) => {
    const first = await loadConfiguration(env, waitUntil);
    silence(how);
    later(3_600_000);
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    const waited = vi.spyOn(globalThis, "setTimeout");
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    // No request waits again for a load that has just timed out.
    expect(waited).not.toHaveBeenCalled();
    const form = incoming(ONE, { From: "+12025550170", To: NUMBER, Body: "go" });
    const response = await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
    expect(response.status).toBe(200);
  });
});

describe("a reader", () => {
  it("that began earlier does not overwrite a newer configuration", async () => {
    await loadConfiguration(env, waitUntil);
    later(20_000);
    await changeElsewhere();
    const slow = slowLoad();
    const first = loadConfiguration(env, waitUntil);
    await scheduler.wait(50);
    await removeElsewhere();
    later(3_000);
    const second = await loadConfiguration(env, waitUntil);
    expect(second.numbers.has(LATER)).toBe(false);
    slow.resolve();
    await first;
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(false);
  });

  it("accepts a lower revision, as after a restore", async () => {
    await loadConfiguration(env, waitUntil);
    await env.DB.prepare("UPDATE revisions SET revision = revision - 1").run();
    later(20_000);
    const { revision } = await loadConfiguration(env, waitUntil);
    expect(revision).toBe(
      (await env.DB.prepare("SELECT revision FROM revisions").first<{ revision: number }>())?.revision,
    );
  });

  it("continues after the request that started it stops waiting", async () => {
    const first = await loadConfiguration(env, waitUntil);
    await changeElsewhere();
    const slow = slowLoad();
    later(20_000);
    expect(await loadConfiguration(env, waitUntil)).toBe(first);
    expect(background).toHaveLength(1);
    slow.resolve();
    await background[0];
    expect((await loadConfiguration(env, waitUntil)).numbers.has(LATER)).toBe(true);
    await removeElsewhere();
  });
});

describe("without a configuration", () => {
  it("a text is rejected, and the fallback URL returns the failure message", async () => {
    silence("fails");
    const form = incoming(ONE, { From: "+12025550171", To: NUMBER, Body: "go" });
    const refused = await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
    expect(refused.status).toBe(503);
    const told = await exports.default.fetch(webhook("/twilio/fallback", form, ONE.token));
    expect([told.status, told.headers.get("content-type")]).toEqual([200, "text/xml; charset=utf-8"]);
    expect(await told.text()).toContain("<Message>We're sorry, but we can't respond to your message.</Message>");
  });

  it("the health report says what to do", async () => {
    silence("fails");
    const response = await app.fetch(
      new Request(`${ORIGIN}/health`),
      { ...env, ADMIN_KEY: "", MASTER_KEY: "short" },
      context,
    );
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: "not ready",
      problems: [
        expect.stringContaining("wrangler -- secret put ADMIN_KEY"),
        expect.stringContaining("32 bytes in base64"),
      ],
    });
    const withoutTables = await app.fetch(new Request(`${ORIGIN}/health`), env, context);
    expect(await withoutTables.json()).toMatchObject({
      problems: [expect.stringContaining("npm run migrate")],
    });
  });
});

describe("with the wrong secrets", () => {
  it("the admin API rejects every request without an ADMIN_KEY", async () => {
    const request = new Request(`${ORIGIN}/v1/accounts`, { headers: { authorization: "Bearer " } });
    expect((await app.fetch(request, { ...env, ADMIN_KEY: "" }, context)).status).toBe(503);
  });

  it.each(["sms.example.com", "https://sms.example.com/parley", "ftp://sms.example.com"])(
    "health refuses PUBLIC_URL %s",
    async (PUBLIC_URL) => {
      const response = await app.fetch(new Request(`${ORIGIN}/health`), { ...env, PUBLIC_URL }, context);
      expect(await response.json()).toMatchObject({ problems: [expect.stringContaining("PUBLIC_URL must be")] });
    },
  );

  it("webhooks of an account with undecryptable tokens are rejected, and the health report names it", async () => {
    const other = { ...env, MASTER_KEY: btoa("x".repeat(32)) };
    expect((await loadConfiguration(other, waitUntil)).accounts.size).toBe(0);
    const health = await app.fetch(new Request(`${ORIGIN}/health`), other, context);
    expect(await health.json()).toMatchObject({ problems: [expect.stringContaining(ONE.sid)] });
    const form = incoming(ONE, { From: "+12025550172", To: NUMBER, Body: "go" });
    expect((await app.fetch(webhook("/twilio/message", form, ONE.token), other, context)).status).toBe(403);
  });
});

describe("the Sender", () => {
  it("that fails makes the fallback return the application's failure message", async () => {
    const application = {
      name: "Echo",
      assistant: { kind: "topics", topics: ["echo"] },
      messages: { failure: "We're < sorry & so on" },
    };
    await put("/v1/applications/echo", application);
    const broken = {
      ...env,
      SENDER: { getByName: () => ({ receive: () => Promise.reject(new Error("overloaded")) }) },
    };
    const form = incoming(ONE, { From: "+12025550173", To: NUMBER, Body: "go" });
    expect((await app.fetch(webhook("/twilio/message", form, ONE.token), broken, context)).status).toBe(503);
    const told = await app.fetch(webhook("/twilio/fallback", form, ONE.token), broken, context);
    expect(await told.text()).toContain("<Message>We're &lt; sorry &amp; so on</Message>");
  });
});

it("signatures and callbacks use PUBLIC_URL", async () => {
  const behind = { ...env, PUBLIC_URL: "https://sms.example.com/" };
  const form = incoming(ONE, { From: "+12025550174", To: NUMBER, Body: "go" });
  const signed = webhook("/twilio/message", form, ONE.token, "https://sms.example.com/twilio/message");
  expect((await app.fetch(signed, behind, context)).status).toBe(200);
  const number = await app.fetch(
    new Request(`${ORIGIN}/v1/numbers/${NUMBER}`, { headers: { authorization: "Bearer test-admin-key" } }),
    behind,
    context,
  );
  expect(await number.json()).toMatchObject({
    webhooks: { requestUrl: "https://sms.example.com/twilio/message#rc=5&rp=all" },
  });
  expect((await api("GET", `/v1/numbers/${NUMBER}`)).status).toBe(200);
});
