import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { SenderStore } from "../../src/sender/records/store.ts";
import {
  answerWithEcho,
  api,
  eventually,
  exportsFetch,
  incoming,
  ONE,
  ORIGIN,
  put,
  putListElsewhere,
  reached,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+14065550100";
const PHONES = Array.from({ length: 20 }, (_, index) => `+140655501${50 + index}`);
let used = 0;
let phone = "";

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/lists/news", { title: "News", number: NUMBER, audience: "anyone" });
  await put("/v1/lists/staff", { title: "Staff", number: NUMBER });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Each test uses a different phone. */
function nextPhone(): string {
  phone = PHONES[used] ?? "";
  used += 1;
  return phone;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the type of the response
async function call<Body = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Body }> {
  const response = await api(method, path, body);
  const answered = await response.text();
  return { status: response.status, body: JSON.parse(answered || "{}") as Body };
}

async function text(body: string, from = phone): Promise<void> {
  const form = incoming(ONE, { From: from, To: NUMBER, Body: body });
  const response = await exportsFetch(webhook("/twilio/message", form, ONE.token));
  expect(response.status).toBe(200);
}

interface History {
  readonly subscriptions: readonly { readonly list: string; readonly status: string; readonly by: string }[];
  readonly items: readonly {
    readonly list: string;
    readonly status: string;
    readonly by: string;
    readonly proof: string;
  }[];
  readonly next: string | null;
}

const history = async (of = phone, query = "") =>
  (await call<History>("GET", `/v1/senders/${of}/subscriptions${query}`)).body;

interface Subscriber {
  readonly phone: string;
  readonly status: string;
}

async function inD1(list: string, of = phone): Promise<string | undefined> {
  const { body } = await call<{ items: readonly Subscriber[] }>("GET", `/v1/lists/${list}/subscribers?limit=200`);
  return body.items.find((each) => each.phone === of)?.status;
}

const sender = (of = phone) => env.SENDER.getByName(of);

describe("a list", () => {
  it("is saved, shown and deleted like any other resource", async () => {
    const body = {
      title: { en: "Weather", de: "Wetter" },
      number: "1 406 555 0100",
      audience: "anyone",
      zone: "Europe/Berlin",
    };
    expect(await call("PUT", "/v1/lists/weather", body)).toMatchObject({
      status: 201,
      body: { id: "weather", number: NUMBER, doubleOptIn: false, title: { de: "Wetter" } },
    });
    expect((await call("PUT", "/v1/lists/weather", body)).status).toBe(200);
    const { body: page } = await call<{ items: readonly { id: string }[] }>("GET", "/v1/lists");
    expect(page.items.map(({ id }) => id)).toEqual(["news", "staff", "weather"]);
    expect((await call("DELETE", "/v1/lists/weather")).status).toBe(204);
    expect((await call("GET", "/v1/lists/weather")).status).toBe(404);
  });

  it.each<readonly [string, object, number, string, string]>([
    ["other", { title: "1", number: NUMBER }, 422, "/title", "must contain a letter"],
    ["other", { title: "NEWS!", number: NUMBER }, 422, "/title", 'List "news" on +14065550100 has the same title'],
    ["other", { title: "Other", number: "+12025550199" }, 422, "/number", "Number +12025550199 does not exist."],
    ["other", { title: "Other", number: NUMBER, zone: "Mars" }, 422, "/zone", "time zone"],
    ["news", { title: "News", number: "+12025550199" }, 409, "/number", "Create another list for +12025550199."],
  ])("%s %j is refused with %d", async (id, body, status, pointer, detail) => {
    const refused = await call<{ errors: readonly { pointer: string; detail: string }[] }>(
      "PUT",
      `/v1/lists/${id}`,
      body,
    );
    expect(refused.status).toBe(status);
    expect(refused.body.errors).toEqual([{ pointer, detail: expect.stringContaining(detail) as string }]);
  });

  it("prevents the deletion of its number, and a topic that of the list", async () => {
    expect(await call("DELETE", `/v1/numbers/${NUMBER}`)).toMatchObject({
      status: 409,
      body: { usedBy: ["/v1/lists/news", "/v1/lists/staff"] },
    });
    await put("/v1/topics/join", { title: "Join", steps: [{ kind: "subscribe", id: "on", list: "news" }] });
    expect(await call("DELETE", "/v1/lists/news")).toMatchObject({
      status: 409,
      body: { usedBy: ["/v1/topics/join"] },
    });
    expect((await call("DELETE", "/v1/topics/join")).status).toBe(204);
    const steps = [{ kind: "subscribe", id: "on", list: "newz" }];
    expect(await call("PUT", "/v1/topics/join", { title: "Join", steps })).toMatchObject({
      status: 422,
      body: {
        errors: [{ pointer: "/steps/0/list", detail: expect.stringContaining('Did you mean "news"?') as string }],
      },
    });
  });
});

describe("a contact", () => {
  it("subscribes and unsubscribes by text, and D1 has the state and the history", async () => {
    nextPhone();
    await text("NOTIFICATION");
    const shown = await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    );
    expect(shown[0]).toBe("Notifications:\n1. News: off\nText START or STOP with a number, such as START 1.");
    await text("start 1");
    await eventually(
      () => inD1("news"),
      (status) => status === "on",
    );
    await text("STOP NEWS");
    await eventually(
      () => inD1("news"),
      (status) => status === "off",
    );
    const { subscriptions, items } = await history();
    expect(subscriptions).toMatchObject([{ list: "news", status: "off", by: "person" }]);
    expect(items.map(({ status, by }) => [status, by])).toEqual([
      ["off", "person"],
      ["on", "person"],
    ]);
    expect(items.every(({ proof }) => /^SM\d{32}$/u.test(proof))).toBe(true);
    const first = await history(phone, "?limit=1");
    expect(first.items).toEqual(items.slice(0, 1));
    expect((await history(phone, `?limit=1&after=${encodeURIComponent(first.next ?? "")}`)).items).toEqual(
      items.slice(1),
    );
  });

  it("ends all subscriptions by a bare STOP, also in D1", async () => {
    nextPhone();
    await text("start news");
    await eventually(
      () => inD1("news"),
      (status) => status === "on",
    );
    await text("STOP");
    await eventually(
      () => inD1("news"),
      (status) => status === "off",
    );
    expect((await history()).items.map(({ status }) => status)).toEqual(["off", "on"]);
  });

  it("writes no rows for an ordinary turn, and one more for a change", async () => {
    nextPhone();
    await text("go");
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    );
    const written = async () => (await runInDurableObject(sender(), (instance) => instance.rows)).written;
    const before = await written();
    await text("start news");
    await eventually(
      () => inD1("news"),
      (status) => status === "on",
    );
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 2,
    );
    await scheduler.wait(100);
    const cost = (await written()) - before;
    console.log(`Rows written by a text that switches a list on: ${cost}.`);
    // As for any text: the SID, the turn, the state, the mark; then the state after the D1 sync, and at most one alarm.
    expect(cost).toBeLessThanOrEqual(6);
    expect(cost).toBeGreaterThanOrEqual(5);
  });
});

describe("the D1 sync", () => {
  it("waits while D1 is unavailable, survives a restart of the object, and keeps the order", async () => {
    nextPhone();
    await text("go");
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    );
    const batch = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch").mockRejectedValue(new Error("away"));
    for (const word of ["start news", "stop news", "start news"]) await text(word);
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 4,
    );
    await eventually(
      async () => batch.mock.calls.length,
      (calls) => calls > 0,
    );
    expect(
      (await runInDurableObject(sender(), (instance) => instance.subscriptions())).untold[0]?.changes,
    ).toHaveLength(3);
    batch.mockRestore();
    expect(await inD1("news")).toBeUndefined();
    // The Sender reports changes that are not in D1 yet.
    expect((await history()).items.map(({ status }) => status)).toEqual(["on", "off", "on"]);
    await evictDurableObject(sender());
    await runDurableObjectAlarm(sender());
    await eventually(
      () => inD1("news"),
      (status) => status === "on",
    );
    expect((await history()).items.map(({ status }) => status)).toEqual(["on", "off", "on"]);
  });

  it("changes nothing if it is repeated or late", async () => {
    nextPhone();
    const { syncSubscriptionChanges: tellChanges } = await import("../../src/notify/store.ts");
    const change = (seq: number, status: "on" | "off") =>
      ({ seq, list: "news", status, since: Date.now(), by: "person", proof: `SM${seq}` }) as const;
    await tellChanges(env.DB, phone, NUMBER, [change(1, "on"), change(2, "off")]);
    await tellChanges(env.DB, phone, NUMBER, [change(1, "on")]);
    expect(await inD1("news")).toBe("off");
    expect((await history()).items.map(({ proof }) => proof)).toEqual(["SM2", "SM1"]);
    await tellChanges(env.DB, phone, NUMBER, [
      { ...change(3, "on"), list: "gone" },
      { ...change(4, "on"), since: 5 },
    ]);
    expect(await inD1("news")).toBe("off");
    expect((await history()).items).toHaveLength(4);
  });

  it("starts without subscriptions for a new list with an old id", async () => {
    nextPhone();
    await put("/v1/lists/again", { title: "Again", number: NUMBER, audience: "anyone" });
    await text("start again");
    await eventually(
      () => inD1("again"),
      (status) => status === "on",
    );
    expect((await call("DELETE", "/v1/lists/again")).status).toBe(204);
    await scheduler.wait(2);
    await put("/v1/lists/again", { title: "Again", number: NUMBER, audience: "anyone" });
    expect(await inD1("again")).toBeUndefined();
    await text("notification");
    const all = await eventually(
      () => reached(phone, NUMBER),
      (texts) => texts.length === 2,
    );
    expect(all[1]).toContain("Again: off");
    expect((await call("DELETE", "/v1/lists/again")).status).toBe(204);
  });
});

describe("an admin", () => {
  it("subscribes a phone with proof, even one that has never texted, and unsubscribes it", async () => {
    nextPhone();
    expect(await call("PUT", `/v1/lists/news/subscribers/${phone}`, {})).toMatchObject({ status: 422 });
    const on = await call("PUT", `/v1/lists/news/subscribers/${phone}`, { proof: "Form 7" });
    expect(on).toMatchObject({ status: 201, body: { phone, status: "on", by: "admin" } });
    expect((await call("PUT", `/v1/lists/news/subscribers/${phone}`, { proof: "Form 8" })).status).toBe(200);
    await eventually(
      () => inD1("news"),
      (status) => status === "on",
    );
    expect((await call("DELETE", `/v1/lists/news/subscribers/${phone}`, { proof: "They called" })).status).toBe(204);
    await eventually(
      () => inD1("news"),
      (status) => status === "off",
    );
    expect((await history()).items.map(({ proof }) => proof)).toEqual(["They called", "Form 7"]);
    expect((await call("PUT", `/v1/lists/none/subscribers/${phone}`, { proof: "x" })).status).toBe(404);
  });

  it("subscribes to a list that another isolate has just created", async () => {
    await putListElsewhere("sooner", NUMBER);
    const path = `/v1/lists/sooner/subscribers/${nextPhone()}`;
    expect((await call("PUT", path, { proof: "Form 13" })).status).toBe(201);
    await putListElsewhere("imported", NUMBER);
    const file = `phone,status,proof\n${phone},on,Form 14\n`;
    const response = await api("POST", "/v1/lists/imported/imports", file, { "content-type": "text/csv" });
    expect(await response.json()).toEqual({ changed: 1, unchanged: 0, errors: [] });
  });

  it("cannot subscribe a contact that has opted out, nor a guest to a list for linked contacts", async () => {
    nextPhone();
    await text("STOP");
    expect(await call("PUT", `/v1/lists/news/subscribers/${phone}`, { proof: "x" })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("can only opt in again") as string },
    });
    nextPhone();
    expect(await call("PUT", `/v1/lists/staff/subscribers/${phone}`, { proof: "x" })).toMatchObject({ status: 409 });
    expect(await inD1("staff")).toBeUndefined();
  });

  it("lists the subscribers page by page", async () => {
    await put("/v1/lists/paged", { title: "Paged", number: NUMBER, audience: "anyone" });
    const all = [nextPhone(), nextPhone(), nextPhone()];
    for (const each of all) await call("PUT", `/v1/lists/paged/subscribers/${each}`, { proof: "x" });
    await eventually(
      async () => await Promise.all(all.map((each) => inD1("paged", each))),
      (each) => each.every((status) => status === "on"),
    );
    const first = await call<{ items: readonly Subscriber[]; next: string }>(
      "GET",
      "/v1/lists/paged/subscribers?limit=2&status=on",
    );
    const second = await call<{ items: readonly Subscriber[]; next: null }>(
      "GET",
      `/v1/lists/paged/subscribers?limit=2&after=${encodeURIComponent(first.body.next)}`,
    );
    expect([...first.body.items, ...second.body.items].map((each) => each.phone)).toEqual(all);
    expect(second.body.next).toBeNull();
    expect((await call("DELETE", "/v1/lists/paged")).status).toBe(204);
  });
});

describe("a CSV file", () => {
  async function imported(body: string, type = "text/csv; charset=utf-8") {
    const response = await api("POST", "/v1/lists/bulk/imports", body, { "content-type": type });
    return { status: response.status, body: await response.json<Record<string, unknown>>() };
  }

  it("is imported row by row, repeatably, and exported in the format of imports", async () => {
    await put("/v1/lists/bulk", { title: "Bulk", number: NUMBER, audience: "anyone" });
    const [one, two, stopped, self] = [nextPhone(), nextPhone(), nextPhone(), nextPhone()];
    await text("STOP", stopped);
    await text("start bulk", self);
    await text("stop bulk", self);
    const file = [
      "phone,status,proof",
      `${one},on,"Form 1, March"`,
      "12,on,Form 2",
      `${two},,Form 3`,
      `${stopped},on,Form 4`,
      `${self},on,Form 5`,
      `${two},maybe,Form 6`,
      `${one},on,`,
      `${one},on,a,b`,
    ].join("\n");
    const errors = [
      { row: 3, detail: '"12" is not a phone number. Write it like +12025550140.' },
      {
        row: 5,
        detail: "The contact has opted out of texts from this number, and can only opt in again by texting START.",
      },
      {
        row: 6,
        detail: "The contact has unsubscribed from the list, and an import cannot subscribe the contact again.",
      },
      { row: 7, detail: '"maybe" is not a status. Use on or off.' },
      { row: 8, detail: "The proof is missing or too long. Say how you know that the contact wants the list." },
      { row: 9, detail: "The row has 4 fields, but the file has 3 columns." },
    ];
    expect(await imported(file)).toEqual({ status: 200, body: { changed: 2, unchanged: 0, errors } });
    expect(await imported(file)).toEqual({ status: 200, body: { changed: 0, unchanged: 2, errors } });
    await eventually(
      async () => [await inD1("bulk", one), await inD1("bulk", two), await inD1("bulk", self)],
      (all) => all.join() === "on,on,off",
    );
    expect((await history(one)).items).toMatchObject([{ by: "import", proof: "Form 1, March" }]);

    const response = await api("GET", "/v1/lists/bulk/subscribers.csv");
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const exported = await response.text();
    const [names, ...rows] = exported.trimEnd().split("\r\n");
    expect(names).toBe("phone,status,proof,since,by");
    expect(rows.map((row) => row.split(",").slice(0, 2))).toEqual([
      [one, "on"],
      [two, "on"],
      [self, "off"],
    ]);
    expect(rows[0]).toMatch(/,"Form 1, March",\d{4}-\d\d-\d\dT[\d:.]+Z,import$/u);
    expect((await imported(exported)).body).toEqual({ changed: 0, unchanged: 3, errors: [] });
  });

  it("is refused as a whole if it is invalid or too long", async () => {
    expect((await imported("phone\n", "application/json")).status).toBe(415);
    expect((await imported("name,phone\nAda,1")).status).toBe(422);
    const many = `phone,proof\n${"+12025550140,x\n".repeat(501)}`;
    expect(await imported(many)).toMatchObject({
      status: 422,
      body: { detail: "The file has 501 rows. Import at most 500 at a time." },
    });
  });
});

it("a Sender stored by a release without notices gets its first one", async () => {
  nextPhone();
  await runInDurableObject(sender(), (_, state) => {
    for (const table of [
      "CREATE TABLE sender (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)",
      "CREATE TABLE turn (id INTEGER PRIMARY KEY, number TEXT NOT NULL, document TEXT NOT NULL)",
      "CREATE TABLE seen (sid TEXT PRIMARY KEY) WITHOUT ROWID",
    ])
      state.storage.sql.exec(table);
    const old = {
      version: 2,
      phone,
      nextTurn: 2,
      firstUnsent: 2,
      origin: ORIGIN,
      lines: { [NUMBER]: { account: ONE.sid, consent: { status: "unstated" }, conversation: { status: "none" } } },
    };
    state.storage.sql.exec("INSERT INTO sender VALUES (1, ?)", JSON.stringify(old));
    const turn = {
      id: 1,
      number: NUMBER,
      account: ONE.sid,
      conversation: "1",
      heard: { at: 1, sid: "SM1", text: "old", media: [], segments: 1 },
      parts: [],
      whenUnknown: "hold",
      notes: [],
    };
    state.storage.sql.exec("INSERT INTO turn VALUES (1, ?, ?)", NUMBER, JSON.stringify(turn));
    const store = new SenderStore(state.storage);
    expect(store.findNotice("NO1")).toBeNull();
    expect(store.findTurn(1)).toMatchObject({ kind: "heard", heard: { text: "old" } });
    expect(() =>
      store.runTransaction(() => {
        store.saveNotice("NO1", { outcome: "sent", turn: 1 });
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.findNotice("NO1")).toBeNull();
    store.runTransaction(() => store.saveNotice("NO1", { outcome: "sent", turn: 1 }));
    expect(() =>
      store.runTransaction(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(store.findNotice("NO1")).toEqual({ outcome: "sent", turn: 1 });
  });
});
