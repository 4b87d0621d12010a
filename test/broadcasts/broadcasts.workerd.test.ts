import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { broadcastResource, deadLettersResource, estimateResource } from "../../src/admin/broadcasts/schema.ts";
import { Sender } from "../../src/sender/object.ts";
import {
  answerWithEcho,
  api,
  eventually,
  exportsFetch,
  incoming,
  ONE,
  put,
  putListElsewhere,
  reached,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+17195550101";
const PHONES = Array.from({ length: 80 }, (_, index) => `+17195550${110 + index}`);
const text = "Hello {{ sender }}";

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put(`/v1/numbers/${NUMBER}`, {
    account: ONE.sid,
    application: "echo",
    type: "long-code",
    segmentsPerSecond: 500,
  });
});

interface Shown {
  readonly status: string;
  readonly startsAt: string | null;
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly progress: {
    readonly waiting: number;
    readonly nextAt: string | null;
    readonly queued: number;
    readonly sent: number;
    readonly delivered: number;
    readonly dead: number;
    readonly skipped: Readonly<Record<string, number>>;
    readonly segments: number;
    readonly queueMessages: number;
  };
}

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Shown }> {
  const response = await api(method, `/v1/broadcasts/${path}`, body);
  const answer = await response.text();
  return { status: response.status, body: (answer === "" ? {} : JSON.parse(answer)) as Shown };
}

const shown = async (id: string) => (await call("GET", id)).body;

/** Creates a list and subscribes some phones. */
async function listWith(id: string, phones: readonly string[], more: object = {}): Promise<void> {
  await put(`/v1/lists/${id}`, { title: id, number: NUMBER, audience: "anyone", ...more });
  for (const phone of phones) await put(`/v1/lists/${id}/subscribers/${phone}`, { proof: "a form" });
  await eventually(
    async () => await (await api("GET", `/v1/lists/${id}/subscribers?limit=200`)).json<{ items: unknown[] }>(),
    ({ items }) => items.length === phones.length,
  );
}

const done = async (id: string) =>
  await eventually(
    () => shown(id),
    ({ status }) => status === "done",
  );

describe("a broadcast", () => {
  it("texts every subscriber once and shows its progress", async () => {
    const phones = PHONES.slice(0, 30);
    await listWith("offers", phones);
    const saved = await call("PUT", "spring", { list: "offers", text, quiet: null });
    expect([saved.status, saved.body.status]).toEqual([201, "draft"]);
    expect(broadcastResource.parse(saved.body)).toEqual(saved.body);
    const estimate = await (await api("GET", "/v1/broadcasts/spring/estimate")).json();
    expect(estimateResource.parse(estimate)).toMatchObject({ people: 30, segmentsEach: 1, segments: 30, seconds: 1 });
    expect(estimate).toMatchObject({ elsewhere: 0, price: null });
    expect((await call("POST", "spring/start")).body.status).toBe("running");
    const { progress } = await done("spring");
    expect(progress).toMatchObject({ waiting: 0, sent: 30, skipped: {}, segments: 30, queueMessages: 1, dead: 0 });
    for (const phone of phones)
      expect(
        await eventually(
          () => reached(phone, NUMBER),
          (all) => all.length > 0,
        ),
      ).toEqual([`Hello ${phone}`]);
    expect((await call("POST", "spring/start")).status).toBe(409);
    expect((await call("PUT", "spring", { list: "offers", text: "Other", quiet: null })).status).toBe(409);
  });

  it("uses a list that another isolate has just created", async () => {
    await putListElsewhere("just-now", NUMBER);
    expect((await call("PUT", "just-now", { list: "just-now", text })).status).toBe(201);
  });

  it("asks each Sender at the time of sending", async () => {
    const [stopped = "", off = "", on = ""] = PHONES.slice(30, 33);
    await listWith("tips", [stopped, off, on]);
    const form = incoming(ONE, { From: stopped, To: NUMBER, Body: "STOP", OptOutType: "STOP" });
    expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
    await api("DELETE", `/v1/lists/tips/subscribers/${off}`);
    // As if the change were not in D1 yet.
    await env.DB.prepare("UPDATE subscriptions SET status = 'on' WHERE list = 'tips'").run();
    await call("PUT", "tip", { list: "tips", text, quiet: null });
    await call("POST", "tip/start");
    const { progress } = await done("tip");
    expect(progress).toMatchObject({ sent: 1, skipped: { "opted-out": 1, "not-subscribed": 1 } });
    expect(await reached(stopped, NUMBER)).toEqual([]);
    expect(await reached(off, NUMBER)).toEqual([]);
  });

  it("waits for its start, can be paused and cancelled, and counts recipients that were not texted", async () => {
    await put(`/v1/numbers/${NUMBER}`, {
      account: ONE.sid,
      application: "echo",
      type: "long-code",
      segmentsPerSecond: 5,
    });
    await listWith("calm", PHONES.slice(33, 63));
    await call("PUT", "slow", { list: "calm", text, quiet: null });
    const scheduled = await call("POST", "slow/start", { at: new Date(Date.now() + 3_600_000).toISOString() });
    expect([scheduled.body.status, scheduled.body.startsAt === null]).toEqual(["scheduled", false]);
    expect((await call("DELETE", "slow")).status).toBe(409);
    expect((await call("POST", "slow/pause")).body.detail).toBe(
      "The broadcast is scheduled; it can be paused only while it is running.",
    );
    expect((await call("POST", "slow/start")).body.status).toBe("running");
    const begun = await eventually(
      async () => await reached(PHONES[34] ?? "", NUMBER),
      (all) => all.length > 0,
    );
    expect(begun).toHaveLength(1);
    expect((await call("POST", "slow/cancel")).body.status).toBe("cancelled");
    const { progress } = await eventually(
      () => shown("slow"),
      ({ progress: { waiting } }) => waiting === 0,
      1_000,
    );
    expect(progress.sent).toBeGreaterThan(0);
    expect(progress.sent).toBeLessThan(30);
    expect(progress.sent + (progress.skipped["cancelled"] ?? 0)).toBe(30);
    expect((await call("DELETE", "slow")).status).toBe(204);
    expect((await call("GET", "slow")).status).toBe(404);
  }, 60_000);

  it("waits for the end of each recipient's quiet hours", async () => {
    const phones = PHONES.slice(63, 66);
    await listWith("night", phones);
    const hour = Number(new Date().toLocaleTimeString("en-GB", { timeZone: "America/Denver", hour: "2-digit" }));
    const two = (value: number) => String((value + 24) % 24).padStart(2, "0");
    await call("PUT", "late", {
      list: "night",
      text,
      quiet: { from: `${two(hour - 1)}:00`, to: `${two(hour + 2)}:00` },
    });
    await call("POST", "late/start");
    const { progress, status } = await eventually(
      () => shown("late"),
      ({ progress: { waiting } }) => waiting === 3,
    );
    expect([status, progress.sent]).toEqual(["running", 0]);
    expect(Date.parse(progress.nextAt ?? "")).toBeGreaterThan(Date.now());
    for (const phone of phones) expect(await reached(phone, NUMBER)).toEqual([]);
    await call("POST", "late/cancel");
  });

  it("withdraws notices that wait for the end of a conversation", async () => {
    const phone = PHONES[66] ?? "";
    await listWith("asks", [phone]);
    const form = incoming(ONE, { From: phone, To: NUMBER, Body: "go" });
    expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
    await call("PUT", "ask", { list: "asks", text: "May we ask?", topic: "echo", quiet: null });
    await call("POST", "ask/start");
    const { progress } = await done("ask");
    expect(progress).toMatchObject({ waiting: 0, queued: 1, sent: 0 });
    expect((await call("POST", "ask/cancel")).body.status).toBe("cancelled");
    const after = await eventually(
      () => shown("ask"),
      ({ progress: { queued } }) => queued === 0,
    );
    expect(after.progress).toMatchObject({ sent: 0, skipped: { cancelled: 1 } });
    expect((await call("POST", "ask/cancel")).status).toBe(200);
  });

  it.each([
    ["a list that is not there", { list: "nothing", text }, "/list"],
    ["a text that is none", { list: "offers", text: "{{ sender" }, "/text"],
    [
      "a text that is none in one language",
      { list: "offers", text: { en: "Hello", de: "{{ x | fone }}" } },
      "/text/de",
    ],
    ["a text of which nothing is left", { list: "offers", text: "{{ nothing }}" }, "/text"],
    ["a topic that is not there", { list: "offers", text, topic: "nothing" }, "/topic"],
    ["hours that are none", { list: "offers", text, quiet: { from: "9", to: "10:00" } }, "/quiet/from"],
    ["a deadline that is none", { list: "offers", text, deadline: "tomorrow" }, "/deadline"],
    ["an unknown field", { list: "offers", text, colour: "red" }, "/colour"],
  ])("is refused with %s", async (_, body, pointer) => {
    const { status, body: answer } = await call("PUT", "wrong", body);
    expect([status, answer.errors.map((each) => each.pointer)]).toEqual([422, [pointer]]);
  });

  it("does not start after its deadline", async () => {
    await call("PUT", "past", {
      list: "offers",
      text,
      quiet: null,
      deadline: new Date(Date.now() - 1_000).toISOString(),
    });
    expect((await call("POST", "past/start")).body.detail).toBe(
      "The deadline is before the start, so no recipient would be texted. Set a later deadline.",
    );
  });
});

describe("dead letters", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("are recipients whose Sender did not respond, and can be retried", async () => {
    const phone = PHONES[67] ?? "";
    await listWith("unlucky", [phone]);
    await call("PUT", "unlucky", { list: "unlucky", text, quiet: null });
    vi.spyOn(Sender.prototype, "notify").mockRejectedValue(new TypeError("the Sender is away"));
    await call("POST", "unlucky/start");
    for (const [tries, seconds] of [6, 30, 120, 600].entries()) {
      const { progress } = await eventually(
        () => shown("unlucky"),
        ({ progress: { queueMessages, nextAt } }) => queueMessages === tries + 1 && nextAt !== null,
      );
      const wait = (Date.parse(progress.nextAt ?? "") - Date.now()) / 1_000;
      expect([wait > 0.9 * seconds - 1, wait <= seconds]).toEqual([true, true]);
      vi.useFakeTimers({ now: Date.now() + seconds * 1_000, toFake: ["Date"] });
      await runDurableObjectAlarm(env.BROADCASTS.getByName(NUMBER));
    }
    const { progress } = await done("unlucky");
    expect(progress).toMatchObject({ sent: 0, waiting: 0, dead: 1, queueMessages: 5 });
    const letters = await (await api("GET", "/v1/broadcasts/unlucky/dead-letters")).json();
    expect(deadLettersResource.parse(letters)).toMatchObject({ items: [{ phones: [phone] }], next: null });
    vi.restoreAllMocks();
    expect((await call("POST", "unlucky/dead-letters/retry")).body.status).toBe("running");
    expect((await done("unlucky")).progress).toMatchObject({ sent: 1, dead: 0 });
  });

  it("do not exist if all recipients could be texted", async () => {
    const letters = await (await api("GET", "/v1/broadcasts/spring/dead-letters")).json();
    expect(deadLettersResource.parse(letters)).toEqual({ items: [], next: null });
    expect((await call("GET", "nothing/dead-letters")).status).toBe(404);
  });
});
