import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultReport } from "../../../src/emulator/faults/fault-injector.ts";
import { drawChance } from "../../../src/emulator/faults/seeded-chance.ts";
import { ACCOUNT, NUMBER, PHONE, startReceiver, startTestEmulator, TOKEN, waitFor } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  [emulator, receiver] = await Promise.all([startTestEmulator(), startReceiver(() => ({ status: 204 }))]);
});
afterEach(() => Promise.all([emulator.stop(), receiver.stop()]));

const plan = (faults: object) => emulator.callJson<FaultReport>("PUT", "/emulator/faults", faults);
const counts = async () => (await emulator.callJson<FaultReport>("GET", "/emulator/faults")).counts;

const NOTHING: Readonly<Record<string, unknown>> = {};

/** Sends a create request as Parley does. @returns what Parley would see: a status, or a broken connection */
async function create(body = "Hello", more: Record<string, string> = {}) {
  const form = new URLSearchParams({ To: PHONE, From: NUMBER, Body: body, ...more });
  const headers = { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` };
  const url = `${emulator.origin}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
  const started = performance.now();
  const response = await fetch(url, { method: "POST", body: form, headers }).catch(() => null);
  const milliseconds = performance.now() - started;
  if (response === null) return { status: "broken", milliseconds, json: NOTHING, headers: new Headers() };
  const text = await response.text();
  const json = text.startsWith("{") ? (JSON.parse(text) as typeof NOTHING) : NOTHING;
  return { status: response.status, milliseconds, json, headers: response.headers };
}

async function list() {
  const headers = { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` };
  const response = await fetch(`${emulator.origin}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, { headers });
  const text = await response.text();
  const bodies = text.startsWith("{") ? (JSON.parse(text) as { messages?: { body: string }[] }).messages : undefined;
  return { status: response.status, bodies: (bodies ?? []).map(({ body }) => body) };
}

/** Lists the texts that the emulator has accepted. */
const acceptedBodies = async () => (await emulator.transcript()).map(({ body }) => body);

describe("a plan", () => {
  test("is returned with its defaults, and ends", async () => {
    expect(await emulator.callJson("GET", "/emulator/faults")).toEqual({ plan: null, counts: {}, pending: 0 });
    const { plan: shown } = await plan({ seed: 7, create: { busy: 0.25 } });
    expect(shown).toMatchObject({ seed: 7, create: { busy: 0.25, slow: 0 }, callback: { missing: 0 } });
    expect((await emulator.callJson<FaultReport>("GET", "/emulator/faults")).plan).toEqual(shown);
    await plan({ create: { busy: 1 } });
    expect((await create()).status).toBe(429);
    expect(await emulator.callJson("DELETE", "/emulator/faults")).toEqual({
      plan: null,
      counts: { "create.busy": 1 },
      pending: 0,
    });
    expect((await create()).status).toBe(201);
    expect((await plan({})).counts).toEqual({});
  });

  test("ends with a reset of everything", async () => {
    await plan({ create: { busy: 1 } });
    await emulator.callJson("POST", "/emulator/reset");
    expect((await emulator.callJson<FaultReport>("GET", "/emulator/faults")).plan).not.toBeNull();
    await emulator.callJson("POST", "/emulator/reset?all=true");
    expect((await emulator.callJson<FaultReport>("GET", "/emulator/faults")).plan).toBeNull();
  });

  test.each([
    [{ create: { bsuy: 1 } }, /"create" is invalid: .*bsuy/u],
    [{ create: { busy: 1.5 } }, /"create\.busy" is invalid/u],
    [{ create: { busy: 0.6, slow: 0.6 } }, /"create" is invalid: the likelihoods add up to more than 1/u],
    [{ create: { slow: 1, slowMs: 60_001 } }, /"create\.slowMs"/u],
    [{ list: { lag: 1, lagMs: 60_000 } }, /"list" is invalid: .*longer than Parley waits/u],
    [{ webhook: { copies: 6 } }, /"webhook\.copies"/u],
    [{ webhook: { copies: 1 } }, /"webhook\.copies"/u],
    [{ callback: { early: "often" } }, /"callback\.early"/u],
    [{ seed: -1 }, /"seed"/u],
    [[], /The document/u],
  ])("%j is refused", async (faults, sentence) => {
    const response = await emulator.call("PUT", "/emulator/faults", faults);
    expect(response.status).toBe(400);
    expect(await response.json<{ error: string }>()).toEqual({ error: expect.stringMatching(sentence) });
    expect((await emulator.callJson<FaultReport>("GET", "/emulator/faults")).plan).toBeNull();
  });

  test("may ask for a lag longer than Parley waits", async () => {
    expect((await plan({ list: { lag: 1, lagMs: 90_000, longLag: true } })).plan?.list.lagMs).toBe(90_000);
  });
});

describe("a create request", () => {
  test("gets a 429 with and without Retry-After, and the message is not accepted", async () => {
    await plan({ create: { busy: 1 } });
    const busy = await create();
    expect([busy.status, busy.json["code"], busy.headers.get("retry-after")]).toEqual([429, 20429, null]);
    await plan({ create: { busyRetryAfter: 1, retryAfterSeconds: 7 } });
    const later = await create();
    expect([later.status, later.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await acceptedBodies()).toEqual([]);
  });

  test("gets a 5xx before and after the message is accepted", async () => {
    await plan({ create: { errorBefore: 1 } });
    const statuses = [];
    for (const body of "abcdefghij") statuses.push((await create(body)).status);
    expect(statuses.every((status) => [500, 502, 503, 504].includes(Number(status)))).toBe(true);
    expect(new Set(statuses).size).toBeGreaterThan(1);
    expect(await acceptedBodies()).toEqual([]);
    await plan({ create: { errorAfter: 1 } });
    expect(Number((await create("taken")).status)).toBeGreaterThanOrEqual(500);
    expect(await acceptedBodies()).toEqual(["taken"]);
    expect(await counts()).toEqual({ "create.errorAfter": 1 });
  });

  test("loses its connection before and after the message is accepted", async () => {
    await plan({ create: { resetBefore: 1 } });
    expect((await create("never")).status).toBe("broken");
    expect(await acceptedBodies()).toEqual([]);
    await plan({ create: { resetAfter: 1 } });
    expect((await create("taken")).status).toBe("broken");
    expect(await acceptedBodies()).toEqual(["taken"]);
    await emulator.callJson("DELETE", "/emulator/faults");
    expect((await create("well")).status).toBe(201);
  });

  test("is answered late, although the message is accepted at once", async () => {
    await plan({ create: { slow: 1, slowMs: 400 } });
    const answer = create("slow");
    await waitFor("the message", async () => (await acceptedBodies()).includes("slow"));
    const { status, milliseconds } = await answer;
    expect(status).toBe(201);
    expect(milliseconds).toBeGreaterThanOrEqual(395);
  });

  test("is counted if the client stopped waiting", async () => {
    await plan({ create: { slow: 1, slowMs: 150 } });
    const headers = { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` };
    const url = `${emulator.origin}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
    const body = new URLSearchParams({ To: PHONE, From: NUMBER, Body: "unheard" });
    const signal = AbortSignal.timeout(50);
    await expect(fetch(url, { method: "POST", body, headers, signal })).rejects.toThrow();
    await waitFor("the end of the answer", async () => (await counts())["create.unheard"] === 1);
    expect(await acceptedBodies()).toEqual(["unheard"]);
    expect((await create("heard")).status).toBe(201);
    expect((await counts())["create.unheard"]).toBe(1);
  });

  test("is refused as usual if it is invalid, and not counted", async () => {
    await plan({ create: { errorAfter: 1 } });
    expect((await create("", {})).status).toBe(400);
    expect(await counts()).toEqual({});
  });
});

describe("a list", () => {
  test("fails", async () => {
    await plan({ list: { error: 1 } });
    expect((await list()).status).toBeGreaterThanOrEqual(500);
    expect(await counts()).toEqual({ "list.error": 1 });
  });

  test("omits new messages for a while", async () => {
    await create("before");
    await plan({ list: { lag: 1, lagMs: 300 } });
    await create("hidden");
    const takenAt = performance.now();
    expect((await list()).bodies).toEqual(["before"]);
    await waitFor("the message in the list", async () => (await list()).bodies.includes("hidden"));
    expect(performance.now() - takenAt).toBeGreaterThan(200);
  });

  test("shows all messages after the plan has ended", async () => {
    await plan({ list: { lag: 1, lagMs: 50_000 } });
    await create("hidden");
    expect((await list()).bodies).toEqual([]);
    await emulator.callJson("DELETE", "/emulator/faults");
    expect((await list()).bodies).toEqual(["hidden"]);
  });
});

describe("a status callback", () => {
  const callbacks = (sid?: unknown) =>
    receiver.received.filter(({ form }) => sid === undefined || form["MessageSid"] === sid);
  const statuses = () => callbacks().map(({ form }) => form["MessageStatus"]);
  const callback = () => ({ StatusCallback: `${receiver.origin}/status` });

  test("is sent before the create request is answered", async () => {
    await plan({ callback: { early: 1 } });
    const { status, json } = await create("early", callback());
    expect(status).toBe(201);
    expect(callbacks(json["sid"]).map(({ form }) => form["MessageStatus"])).toContain("sent");
    await emulator.callJson("DELETE", "/emulator/faults");
    await emulator.stop();
    emulator = await startTestEmulator({ queuedMs: 600_000, sentMs: 0 });
    const plain = await create("plain", callback());
    expect([plain.status, callbacks(plain.json["sid"])]).toEqual([201, []]);
  });

  test("is sent twice", async () => {
    await plan({ callback: { doubled: 1 } });
    await create("Hello", callback());
    await waitFor("four callbacks", () => receiver.received.length === 4);
    for (const status of ["sent", "delivered"]) expect(statuses().filter((one) => one === status)).toHaveLength(2);
    expect(await counts()).toEqual({ "callback.doubled": 2 });
  });

  test("is not sent", async () => {
    await plan({ callback: { missing: 1 } });
    await create("Hello", callback());
    await waitFor("both statuses", async () => (await counts())["callback.missing"] === 2);
    expect(receiver.received).toEqual([]);
  });

  test("for sent is posted after the one for delivered", async () => {
    await plan({ callback: { reversed: 1 } });
    await create("Hello", callback());
    await waitFor("two callbacks", () => receiver.received.length === 2);
    expect(statuses()).toEqual(["delivered", "sent"]);
  });
});

describe("a seed", () => {
  test("gives evenly distributed numbers", () => {
    const draws = Array.from({ length: 10_000 }, (_, index) => drawChance(42, `create ${index}`));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = draws.filter((draw) => Math.floor(draw * 10) === tenth).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1_150);
    }
    expect(drawChance(42, "a")).toBe(drawChance(42, "a"));
    expect(drawChance(42, "a")).not.toBe(drawChance(43, "a"));
  });

  /** Sends each text three times, in the given order, so that each try draws again. */
  async function run(seed: number, texts: readonly string[]): Promise<Record<string, readonly unknown[]>> {
    await plan({ seed, create: { busy: 0.2, errorAfter: 0.2, resetBefore: 0.2 } });
    const tried = texts.map(async (text) => {
      const statuses: unknown[] = [];
      for (let attempt = 0; attempt < 3; attempt += 1) statuses.push((await create(text)).status);
      return [text, statuses] as const;
    });
    return Object.fromEntries(await Promise.all(tried));
  }

  test("repeats the same faults in any order; another seed causes others", async () => {
    const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`);
    const [once, again, other] = [await run(5, texts), await run(5, texts.toReversed()), await run(6, texts)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    expect(new Set(Object.values(once).map((statuses) => statuses.join()))).not.toHaveLength(1);
    expect(new Set(Object.values(once).flat()).size).toBeGreaterThanOrEqual(4);
  });
});
