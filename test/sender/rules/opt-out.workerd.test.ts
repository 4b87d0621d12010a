import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import {
  api,
  ECHO,
  emulate,
  eventually,
  incoming,
  migrateDatabase,
  ONE,
  put,
  reached,
  transcript,
  webhook,
} from "../../support/worker.ts";

const LONG = "+12025550190";
const OTHER = "+12025550191";
const SHORT = "55591";
const SERVICE = `MG${"a".repeat(32)}`;
const PHONES = Array.from({ length: 30 }, (_, index) => `+120255501${String(50 + index).padStart(2, "0")}`);
let phone = "";
let used = 0;

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [LONG, OTHER, SHORT], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await put("/v1/topics/echo", ECHO);
  await put("/v1/applications/echo", { name: "Echo", assistant: { kind: "topics", topics: ["echo"] } });
  for (const number of [LONG, OTHER])
    await put(`/v1/numbers/${number}`, { account: ONE.sid, application: "echo", type: "long-code" });
  await put(`/v1/numbers/${SHORT}`, { account: ONE.sid, application: "echo", type: "short-code" });
});

function nextPhone(): void {
  phone = PHONES[used] ?? "";
  used += 1;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function text(body: string, to = LONG, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const form = incoming(ONE, { From: phone, To: to, Body: body, ...fields });
  const response = await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
  expect(response.status).toBe(200);
}

const sender = () => env.SENDER.getByName(phone);

async function said(number = LONG): Promise<readonly string[]> {
  const messages = await transcript(phone, number);
  return messages
    .filter(({ direction }) => direction === "out")
    .map(({ text: words, status }) => `${status}: ${words}`);
}

function stateIn({ sql }: DurableObjectStorage): string {
  return sql.exec<{ state: string }>("SELECT state FROM sender").one().state;
}

interface Report {
  readonly items: readonly { number: string; scope: string; status: string; by: string | null }[];
  readonly history: readonly { status: string; by: string; text: string | null; number: string; late: boolean }[];
}

async function report(): Promise<Report> {
  const response = await api("GET", `/v1/senders/${encodeURIComponent(phone)}/consents`);
  return await response.json<Report>();
}

async function told(): Promise<readonly Record<string, unknown>[]> {
  const { results } = await env.DB.prepare("SELECT * FROM consents WHERE phone = ? ORDER BY scope").bind(phone).all();
  return results;
}

describe("an opt-out", () => {
  it("that Twilio answers is recorded without a reply", async () => {
    nextPhone();
    await text("go");
    await text("STOP");
    await text("hello?");
    expect(await report()).toMatchObject({
      items: [{ number: LONG, scope: LONG, status: "withdrawn", by: "person" }],
      history: [{ status: "withdrawn", by: "person", text: "STOP", late: false }],
    });
    expect((await said()).filter((each) => !each.includes("What?"))).toEqual([]);
    const [row] = await eventually(told, (rows) => rows.length === 1);
    expect(row).toMatchObject({ scope: LONG, status: "withdrawn", by: "person", entry: 1 });
  });

  it("in words that Twilio does not recognise is confirmed once, and nothing is sent after that", async () => {
    nextPhone();
    await text("go");
    await eventually(said, (all) => all.length === 1);
    for (const body of ["please stop texting me", "STOP please", "hello?", "help"]) await text(body);
    const confirmed = /You've opted out of texts from Echo/u;
    await eventually(
      () => reached(phone, LONG),
      (all) => all.some((each) => confirmed.test(each)),
    );
    await text("are you there?");
    expect((await said()).map((each) => each.split(": ")[1])).toEqual(["What?", expect.stringMatching(confirmed)]);
    expect(await reached(phone, LONG)).toHaveLength(2);
    await text("START");
    await text("go");
    await eventually(said, (all) => all.length === 3);
    expect((await report()).history.map(({ status, text: words }) => [status, words])).toEqual([
      ["given", "START"],
      ["withdrawn", "please stop texting me"],
    ]);
  });

  it("on a short code is answered by Parley, and so is HELP during a question", async () => {
    nextPhone();
    for (const body of ["go", "HELP", "my answer", "STOP", "STOP", "hello", "HELP", "START", "go"])
      await text(body, SHORT);
    const words = async () => (await said(SHORT)).map((each) => each.slice(each.indexOf(": ") + 2));
    const all = await eventually(words, (each) => each.length === 6);
    expect(all.map((each) => /^(?:What\?|my answer)$/u.exec(each)?.[0] ?? each.slice(0, 20))).toEqual([
      "What?",
      "Echo: just text us y",
      "my answer",
      "You've opted out of ",
      "You've opted back in",
      "What?",
    ]);
  });

  it("with OptOutType is the carrier's, whatever its words, and gets no reply", async () => {
    nextPhone();
    await text("baja", SHORT, { OptOutType: "STOP" });
    await text("go", SHORT);
    expect(await said(SHORT)).toEqual([]);
    expect((await report()).history).toMatchObject([{ status: "withdrawn", by: "carrier", text: "baja" }]);
  });

  it("covers all numbers of a Messaging Service, also one that is texted later", async () => {
    nextPhone();
    const service = { MessagingServiceSid: SERVICE };
    await text("go", LONG, service);
    await text("Stop sending me messages!", LONG, service);
    await text("go", OTHER, service);
    expect(await said(OTHER)).toEqual([]);
    expect((await report()).items).toMatchObject([
      { number: LONG, scope: SERVICE, status: "withdrawn" },
      { number: OTHER, scope: SERVICE, status: "withdrawn" },
    ]);
    await text("unstop me please", OTHER, service);
    await text("START", OTHER, service);
    await text("go", LONG, service);
    await eventually(
      () => said(LONG),
      (all) => all.length === 3,
    );
    const rows = await eventually(told, ([row]) => row?.["status"] === "given");
    expect(rows).toMatchObject([{ scope: SERVICE, number: OTHER, status: "given" }]);
  });

  it("that Twilio reports by error 21610 is the carrier's, and is synced to D1", async () => {
    nextPhone();
    const real = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const url = input instanceof Request ? input.url : input.toString();
      if (init?.method !== "POST" || !url.includes("/Messages.json")) return await real(input, init);
      return Response.json({ code: 21_610, message: "unsubscribed", status: 400 }, { status: 400 });
    });
    await text("go");
    await eventually(report, ({ history }) => history.length === 1);
    await runDurableObjectAlarm(sender());
    await eventually(told, (rows) => rows.length === 1);
    expect((await report()).history).toMatchObject([{ status: "withdrawn", by: "carrier", text: "21610" }]);
    vi.restoreAllMocks();
    await text("go");
    expect(await said()).toHaveLength(1);
  });
});

describe("D1", () => {
  it("gets delayed entries in order after an outage, also after a restart of the object", async () => {
    nextPhone();
    const batch = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("D1_ERROR"));
    await runInDurableObject(sender(), (instance) => {
      const { DB } = Reflect.get(instance, "env") as typeof env;
      if (DB !== env.DB) vi.spyOn(DB, "batch").mockRejectedValue(new Error("D1_ERROR"));
    });
    await text("please stop texting me");
    await text("START");
    await text("unsubscribe me please");
    expect(await told()).toEqual([]);
    batch.mockRestore();
    vi.restoreAllMocks();
    await evictDurableObject(sender());
    await runDurableObjectAlarm(sender());
    const [row] = await eventually(told, (rows) => rows.length === 1);
    expect(row).toMatchObject({ status: "withdrawn", entry: 3 });
    const { results } = await env.DB.prepare(
      "SELECT entry, status, text FROM consent_entries WHERE phone = ? ORDER BY entry",
    )
      .bind(phone)
      .all();
    expect(results).toEqual([
      { entry: 1, status: "withdrawn", text: "please stop texting me" },
      { entry: 2, status: "given", text: "START" },
      { entry: 3, status: "withdrawn", text: "unsubscribe me please" },
    ]);
  });

  it("stores an entry once if the sync is repeated", async () => {
    nextPhone();
    await text("remove me from your list");
    await eventually(told, (rows) => rows.length === 1);
    await eventually(
      () => runInDurableObject(sender(), (_, { storage }) => stateIn(storage)),
      (state) => state.includes('"told":1}'),
    );
    await runInDurableObject(sender(), (_, { storage }) => {
      const again = { ...JSON.parse(stateIn(storage)), consents: { next: 2, told: 0 } };
      storage.sql.exec("UPDATE sender SET state = ?", JSON.stringify(again));
    });
    await evictDurableObject(sender());
    await runInDurableObject(sender(), (instance) => void instance.wake());
    await eventually(
      () => runInDurableObject(sender(), (_, { storage }) => stateIn(storage)),
      (state) => state.includes('"told":1}'),
    );
    const { results } = await env.DB.prepare("SELECT entry FROM consent_entries WHERE phone = ?").bind(phone).all();
    expect([await told(), results]).toMatchObject([[{ status: "withdrawn", entry: 1 }], [{ entry: 1 }]]);
  });
});

it("an opt-out from one number keeps the pending confirmation of another", async () => {
  nextPhone();
  const gate = Promise.withResolvers<undefined>();
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    if (init?.method === "POST") await gate.promise;
    return await real(input, init);
  });
  await text("go");
  await text("STOP", SHORT);
  await text("STOP", LONG);
  gate.resolve(undefined);
  const confirmation = await eventually(
    async () => await said(SHORT),
    ([one = ""]) => one !== "" && !/^(?:pending|claimed)/u.test(one),
  );
  expect(confirmation).toEqual([expect.stringMatching(/^queued: You've opted out/u)]);
});
