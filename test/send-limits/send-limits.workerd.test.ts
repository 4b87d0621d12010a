import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import { accountResource } from "../../src/admin/accounts/schema.ts";
import { heldBackResource, numberResource } from "../../src/admin/numbers/schema.ts";
import type { DailyCaps } from "../../src/send-limits/number-limits.ts";
import type { Message } from "../../src/sender/records/transcript.ts";
import {
  api,
  ECHO,
  emulate,
  eventually,
  exportsFetch,
  incoming,
  migrateDatabase,
  put,
  reached,
  type TestAccount,
  transcript,
  webhook,
} from "../support/worker.ts";

const ACCOUNT: TestAccount = { sid: `AC${"b".repeat(32)}`, token: "eb".repeat(16) };
const CAPPED = "+13035550100";
const OTHER = "+13035550101";
const FREE = "+13035550102";
const WIDE = "+13035550103";
const PHONES = Array.from({ length: 20 }, (_, index) => `+130355501${20 + index}`);
const PRICES = { currency: "USD", segment: 0.05, countries: { US: 0.01 } };
/** The MessageSid, the turn, the state, the Meter's verdict, the claim, the mark. */
const CAPPED_ROWS = 6;
let used = 0;

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ACCOUNT, [CAPPED, OTHER, FREE, WIDE], PHONES);
  await saveAccount({ prices: PRICES });
  await put("/v1/topics/echo", ECHO);
  await put("/v1/applications/echo", { name: "Echo", assistant: { kind: "topics", topics: ["echo"] } });
  await saveNumber(CAPPED, { caps: { segmentsPerDay: 3 } });
  await saveNumber(FREE, {});
});

async function saveAccount(more: object): Promise<Response> {
  const body = { name: "Test", authToken: ACCOUNT.token, baseUrl: inject("emulator"), ...more };
  return await api("PUT", `/v1/accounts/${ACCOUNT.sid}`, body);
}

async function saveNumber(number: string, more: object): Promise<void> {
  await put(`/v1/numbers/${number}`, { account: ACCOUNT.sid, application: "echo", type: "long-code", ...more });
}

function nextPhone(): string {
  used += 1;
  return PHONES[used - 1] ?? "";
}

async function text(phone: string, number: string, body: string): Promise<void> {
  const form = incoming(ACCOUNT, { From: phone, To: number, Body: body });
  expect((await exportsFetch(webhook("/twilio/message", form, ACCOUNT.token))).status).toBe(200);
}

/** Sends a text and waits for the decision on the answer. @returns "sent", or the reason why it was dropped */
async function said(phone: string, number: string, body: string): Promise<string | undefined> {
  const before = (await transcript(phone, number)).length;
  await text(phone, number, body);
  const messages = await eventually(
    () => transcript(phone, number),
    (all) => all.length === before + 2 && (all.at(-1)?.sid !== null || all.at(-1)?.status === "dropped"),
  );
  const last = messages.at(-1);
  return last?.sid === null ? last.error?.message : "sent";
}

interface Shown {
  readonly today: { readonly segments: number | null; readonly money: number | null } | null;
  readonly items: readonly {
    readonly day: string;
    readonly kind: string;
    readonly count: number;
    readonly senders: number;
    readonly latest: readonly { readonly sender: string; readonly count: number }[];
  }[];
}

async function heldBack(number: string): Promise<Shown> {
  const response = await api("GET", `/v1/numbers/${number}/held-back`);
  expect(response.status).toBe(200);
  const shown = await response.json<Shown>();
  heldBackResource.parse(shown);
  return shown;
}

async function counted(number: string, kind: string, count: number) {
  const ofKind = async () => (await heldBack(number)).items.find((item) => item.kind === kind);
  return await eventually(ofKind, (item) => item?.count === count);
}

const outs = (messages: readonly Message[]) => messages.filter(({ direction }) => direction === "out");

it("runs in workerd", () => {
  expect(navigator.userAgent).toBe("Cloudflare-Workers");
});

describe("without a cap", () => {
  it("the Meter is not asked", async () => {
    const phone = nextPhone();
    for (const body of ["go", "one"]) expect(await said(phone, FREE, body)).toBe("sent");
    expect(await listDurableObjectIds(env.METER)).toEqual([]);
  });
});

describe("a daily cap", () => {
  it("writes two more rows for a warm turn", async () => {
    await saveNumber(OTHER, { caps: { segmentsPerDay: 100 } });
    const phone = nextPhone();
    for (const body of ["go", "one"]) expect(await said(phone, OTHER, body)).toBe("sent");
    const written = async () => await runInDurableObject(env.SENDER.getByName(phone), (sender) => sender.rows.written);
    const before = await written();
    expect(await said(phone, OTHER, "two")).toBe("sent");
    expect((await written()) - before).toBe(CAPPED_ROWS);
  });

  it("allows its number of segments, and holds back, counts and shows the rest", async () => {
    const phone = nextPhone();
    expect((await heldBack(CAPPED)).today?.segments).toBe(3);
    for (const body of ["go", "one", "two"]) expect(await said(phone, CAPPED, body)).toBe("sent");
    const held = "the daily cap of the number was reached";
    expect(await said(phone, CAPPED, "three")).toBe(held);
    expect(await said(phone, CAPPED, "four")).toBe(held);
    expect(await reached(phone, CAPPED)).toEqual(["What?", "one", "two"]);
    expect((await heldBack(CAPPED)).today?.segments).toBe(0);
    // Counts within ten seconds of the last sync are written with the next.
    expect(await counted(CAPPED, "cap", 1)).toMatchObject({ senders: 1, latest: [{ sender: phone, count: 1 }] });
  });

  it("does not apply to the confirmation of an opt-out", async () => {
    await saveNumber(CAPPED, { caps: { segmentsPerDay: 3 }, optOut: "parley" });
    const phone = nextPhone();
    await text(phone, CAPPED, "stop");
    await eventually(
      () => reached(phone, CAPPED),
      (all) => all.length === 1 && all[0]?.includes("opted out") === true,
    );
  });

  it("leaves a notice undecided until the day is over", async () => {
    const [number, phone] = [CAPPED, nextPhone()];
    const body = { to: { phones: [phone] }, number, text: "Hello", expiresInSeconds: 2 * 86_400 };
    const notify = async (key?: string) => {
      const response = await api(
        "POST",
        "/v1/notifications",
        body,
        key === undefined ? {} : { "idempotency-key": key },
      );
      return await response.json<{ id: string; idempotencyKey: string; recipients: readonly { until?: string }[] }>();
    };
    const { id, idempotencyKey, recipients } = await notify();
    const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
    const until = new Date(midnight).toISOString();
    expect(recipients).toMatchObject([{ outcome: "refused", reason: "capped", until }]);
    expect(await notify(idempotencyKey)).toMatchObject({ id, recipients });
    vi.useFakeTimers({ now: midnight, toFake: ["Date"] });
    try {
      expect(await notify(idempotencyKey)).toMatchObject({ id, recipients: [{ outcome: "sent" }] });
      await eventually(
        () => reached(phone, number),
        (all) => all.length === 1,
      );
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves a notice undecided that does not fit, though a smaller one would", async () => {
    await saveNumber(FREE, { caps: { segmentsPerDay: 2 } });
    const notify = async (words: string) => {
      const body = { to: { phones: [nextPhone()] }, number: FREE, text: words };
      const response = await api("POST", "/v1/notifications", body);
      return (await response.json<{ recipients: readonly { reason?: string; outcome: string }[] }>()).recipients[0];
    };
    expect(await notify("a".repeat(400))).toMatchObject({ outcome: "refused", reason: "capped" });
    expect(await notify("Hello")).toMatchObject({ outcome: "sent" });
    await saveNumber(FREE, {});
  });

  it("lets the remaining recipients of a broadcast wait for the next day", async () => {
    await saveNumber(WIDE, { caps: { segmentsPerDay: 2 } });
    const phones = [nextPhone(), nextPhone(), nextPhone()];
    await put("/v1/lists/capped", { title: "Capped", number: WIDE, audience: "anyone" });
    for (const phone of phones) await put(`/v1/lists/capped/subscribers/${phone}`, { proof: "a form" });
    await eventually(
      async () => await (await api("GET", "/v1/lists/capped/subscribers")).json<{ items: unknown[] }>(),
      ({ items }) => items.length === 3,
    );
    await put("/v1/broadcasts/capped", { list: "capped", text: "Hello", quiet: null });
    expect((await api("POST", "/v1/broadcasts/capped/start")).status).toBe(200);
    const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
    await eventually(
      async () => await (await api("GET", "/v1/broadcasts/capped")).json<object>(),
      (broadcast) => {
        const { progress } = broadcast as { progress: Record<string, unknown> };
        return progress["sent"] === 2 && progress["waiting"] === 1 && progress["nextAt"] === midnight;
      },
    );
  });

  it("in money uses the account's prices, over all of its numbers", async () => {
    await saveNumber(OTHER, {});
    expect((await saveAccount({ caps: { moneyPerDay: 0.12 } })).status).toBe(422);
    expect((await saveAccount({ prices: PRICES, caps: { moneyPerDay: 0.12 } })).status).toBe(200);
    const phone = nextPhone();
    expect((await heldBack(OTHER)).today).toMatchObject({ segments: null, money: 0.03 });
    for (const body of ["go", "one", "two"]) expect(await said(phone, OTHER, body)).toBe("sent");
    expect(await said(phone, OTHER, "three")).toBe("the daily cap of the account was reached");
    await saveAccount({ prices: PRICES });
  });

  it("in money needs prices", async () => {
    const number = { account: ACCOUNT.sid, application: "echo", type: "long-code", caps: { moneyPerDay: 1 } };
    expect((await api("PUT", `/v1/numbers/${OTHER}`, number)).status).toBe(200);
    const refused = await saveAccount({});
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining(OTHER)]);
    await saveNumber(OTHER, {});
    expect((await saveAccount({})).status).toBe(200);
    expect((await api("PUT", `/v1/numbers/${OTHER}`, number)).status).toBe(422);
  });
});

describe("the Meter", () => {
  const caps: DailyCaps = { account: null, number: { segmentsPerDay: 5 }, prices: null };
  const charge = (key: string, segments: number) => ({ key, number: CAPPED, usage: { segments, money: 0 } });

  it("counts a charge once, however often it is repeated", async () => {
    const meter = env.METER.getByName("once");
    for (let times = 0; times < 3; times += 1) expect(await meter.charge(charge("a", 3), caps)).toBe("passes");
    expect((await meter.remaining(CAPPED, caps)).segments).toBe(2);
  });

  it("accepts a charge as a whole or not at all, and accepts it again even if the cap is reached", async () => {
    const meter = env.METER.getByName("all");
    expect(await meter.charge(charge("a", 4), caps)).toBe("passes");
    expect(await meter.charge(charge("b", 2), caps)).toBe("number");
    expect(await meter.charge(charge("c", 1), caps)).toBe("passes");
    expect(await meter.charge(charge("a", 4), caps)).toBe("passes");
  });

  it("resets at midnight UTC, keeps yesterday's charges, and deletes older ones", async () => {
    const meter = env.METER.getByName("days");
    vi.useFakeTimers({ now: Date.UTC(2026, 2, 2, 23, 59), toFake: ["Date"] });
    try {
      expect(await meter.charge(charge("a", 5), caps)).toBe("passes");
      expect(await meter.remaining(CAPPED, caps)).toEqual({ segments: 0, money: null, until: Date.UTC(2026, 2, 3) });
      vi.setSystemTime(Date.UTC(2026, 2, 3, 0, 1));
      expect(await meter.charge(charge("a", 5), caps)).toBe("passes");
      expect((await meter.remaining(CAPPED, caps)).segments).toBe(5);
      vi.setSystemTime(Date.UTC(2026, 2, 5));
      expect(await meter.charge(charge("b", 1), caps)).toBe("passes");
      const rows = await runInDurableObject(meter, (_, { storage }) =>
        storage.sql.exec("SELECT key FROM charge").toArray(),
      );
      expect(rows).toEqual([{ key: "b" }]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a text from a country that is not allowed", () => {
  it("is stored and counted, and later texts are answered once the country is allowed", async () => {
    const phone = "+16045550123";
    await emulate(ACCOUNT, [], [phone]);
    await text(phone, FREE, "go");
    const [message] = await transcript(phone, FREE);
    expect(message?.notes).toEqual(["Not answered: the account sends no texts to the contact's country."]);
    await counted(FREE, "country", 1);
    expect((await saveAccount({ countries: ["US", "CA"] })).status).toBe(200);
    expect(await said(phone, FREE, "go")).toBe("sent");
    expect((await saveAccount({ countries: ["XX"] })).status).toBe(422);
    await saveAccount({});
  });

  it("does not allow notices to it either", async () => {
    const body = { to: { phones: ["+16045550124"] }, number: FREE, text: "Hello" };
    const response = await api("POST", "/v1/notifications", body);
    const { recipients } = await response.json<{ recipients: readonly object[] }>();
    expect(recipients).toMatchObject([{ outcome: "refused", reason: "country" }]);
  });
});

describe("texts over the rate limit", () => {
  it("are stored and counted; the contact is told once, and later texts are answered", async () => {
    await saveNumber(FREE, { rateLimit: { perMinute: 2 } });
    const phone = nextPhone();
    for (const body of ["go", "one", "two", "three", "four"]) await text(phone, FREE, body);
    const all = await eventually(
      () => transcript(phone, FREE),
      (messages) => outs(messages).length === 3 && outs(messages).every(({ sid }) => sid !== null),
    );
    expect(outs(all).at(-1)?.text).toContain("a lot of texts in a short time");
    expect(all.filter(({ direction }) => direction === "in")).toHaveLength(5);
    await eventually(
      async () => (await heldBack(FREE)).items.find(({ kind }) => kind === "rate"),
      (item) => item?.senders === 1,
    );
    await saveNumber(FREE, {});
  });
});

describe("a number", () => {
  it("shows its limits", async () => {
    await saveNumber(FREE, {});
    const usual = await (await api("GET", `/v1/numbers/${FREE}`)).json();
    expect(usual).toMatchObject({ rateLimit: { perMinute: 30, perHour: 200 }, loopGuard: true, caps: null });
    await saveNumber(FREE, { rateLimit: false, loopGuard: false, caps: { segmentsPerDay: 9 } });
    const own = await (await api("GET", `/v1/numbers/${FREE}`)).json();
    for (const shown of [usual, own]) numberResource.parse(shown);
    expect(own).toMatchObject({ rateLimit: false, loopGuard: false, caps: { segmentsPerDay: 9 } });
    await saveNumber(FREE, {});
  });

  it("has an account that shows its limits", async () => {
    const brakes = { countries: ["CA", "US"], prices: { ...PRICES, media: 0.02 }, caps: { moneyPerDay: 5 } };
    const shown = await (await saveAccount(brakes)).json();
    accountResource.parse(shown);
    expect(shown).toMatchObject(brakes);
    expect(await (await saveAccount({})).json()).toMatchObject({ countries: null, prices: null, caps: null });
  });

  it("that does not exist has no held-back texts", async () => {
    expect((await api("GET", "/v1/numbers/+13035550199/held-back")).status).toBe(404);
  });
});

describe("a robot on the other end", () => {
  it("that sends back each answer is answered at most seven times", async () => {
    const phone = nextPhone();
    let heard = "Hello, this is the booking service. How may I help you today?";
    let answers = 0;
    for (; answers < 20; answers += 1) {
      await text(phone, FREE, answers === 0 ? "go" : heard);
      const messages = await transcript(phone, FREE);
      if (messages.at(-1)?.direction === "in") break;
      heard = `${messages.at(-1)?.text ?? ""} I see, and I have made a note of that for you.`;
    }
    expect(answers).toBeLessThan(8);
    expect((await transcript(phone, FREE)).at(-1)?.notes).toEqual(["Not answered: the contact seems to be a robot."]);
  });
});
