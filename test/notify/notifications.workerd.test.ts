import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { notificationResource } from "../../src/admin/notifications/schema.ts";
import { subscriptionsResource } from "../../src/admin/senders/schema.ts";
import { SENDERS_AT_ONCE } from "../../src/core/limits/admin.ts";
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
  transcript,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+14065550101";
const PHONES = Array.from({ length: 20 }, (_, index) => `+140655501${70 + index}`);
const HEADING = "You have a new notification. You can continue our conversation after reading it.";
let used = 0;
let phone = "";
let keys = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/topics/visit", {
    title: "Visit",
    keywords: ["visit"],
    steps: [
      { kind: "confirm", id: "come", text: "Will you come at {{ at }}?" },
      { kind: "end", id: "done", text: "Noted." },
    ],
  });
  await put("/v1/topics/leave", {
    title: "Leave",
    keywords: ["leave"],
    steps: [{ kind: "end", id: "bye", text: "Bye." }],
  });
  await put("/v1/applications/echo", {
    name: "Echo",
    assistant: { kind: "topics", topics: ["echo", "visit", "leave"] },
  });
  await put("/v1/lists/news", { title: "News", number: NUMBER, audience: "anyone" });
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

async function text(body: string, from = phone): Promise<void> {
  const form = incoming(ONE, { From: from, To: NUMBER, Body: body });
  expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

interface Recipient {
  readonly phone: string;
  readonly outcome: string;
  readonly reason?: string;
  readonly messages?: readonly { readonly id: string; readonly status: string; readonly sid: string | null }[];
}

interface Notified {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly sent: number;
  readonly refused: number;
  readonly unasked: number;
  readonly recipients: readonly Recipient[];
  readonly detail: string;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
}

async function notify(
  body: object,
  key: string | null = `key-${(keys += 1)}`,
): Promise<{ status: number; body: Notified }> {
  const response = await api("POST", "/v1/notifications", body, key === null ? {} : { "idempotency-key": key });
  return { status: response.status, body: await response.json<Notified>() };
}

const shown = async (id: string) => await (await api("GET", `/v1/notifications/${id}`)).json<Notified>();
const sender = (of = phone) => env.SENDER.getByName(of);
const arrived = async (count: number, of = phone) =>
  await eventually(
    () => reached(of, NUMBER),
    (all) => all.length >= count,
  );

/** Makes the Sender of a phone fail, before or after it accepts a notice, and when it is asked for a report. */
function failing(phoneAway: string, when: "before" | "after"): void {
  // oxlint-disable-next-line typescript/unbound-method -- each is called with its Sender below
  const { notify: take, noticed } = Sender.prototype;
  vi.spyOn(Sender.prototype, "notify").mockImplementation(async function (this: Sender, asked) {
    if (asked.phone !== phoneAway) return await take.call(this, asked);
    if (when === "after") await take.call(this, asked);
    throw new TypeError("the Sender is away");
  });
  vi.spyOn(Sender.prototype, "noticed").mockImplementation(function (this: Sender, id) {
    if (this.ctx.id.name === phoneAway) throw new TypeError("the Sender is away");
    return noticed.call(this, id);
  });
}

const taken = ({ recipients }: Notified) => recipients[0]?.messages?.[0]?.status === "queued";

/** Posts Twilio's status callback for the first message of a notification. */
async function reportDelivered(id: string): Promise<void> {
  const [message] = (await shown(id)).recipients[0]?.messages ?? [];
  const fields = {
    AccountSid: ONE.sid,
    From: NUMBER,
    To: phone,
    MessageSid: message?.sid ?? "",
    MessageStatus: "delivered",
  };
  const response = await exportsFetch(webhook(`/twilio/status?part=${message?.id}`, fields, ONE.token));
  expect(response.status).toBe(204);
}

describe("a notification", () => {
  it("reaches a phone that has never texted, and reports its delivery", async () => {
    const to = { phones: [nextPhone()] };
    const { status, body } = await notify({ to, number: NUMBER, text: "Hello {{ name }}", variables: { name: "Ada" } });
    expect([status, body.recipients]).toEqual([
      201,
      [
        {
          phone,
          outcome: "sent",
          at: expect.any(String) as string,
          messages: [expect.objectContaining({ id: "1.0" }) as object],
        },
      ],
    ]);
    expect(await arrived(1)).toEqual(["Hello Ada"]);
    await eventually(() => shown(body.id), taken);
    await reportDelivered(body.id);
    const later = await shown(body.id);
    expect(later.recipients[0]?.messages).toMatchObject([{ status: "delivered", error: null }]);
    expect(notificationResource.parse(later)).toEqual(later);
    expect((await transcript(phone, NUMBER)).map(({ id, direction, text: said }) => [id, direction, said])).toEqual([
      ["1.0", "out", "Hello Ada"],
    ]);
    await text("go");
    expect(await arrived(2)).toEqual(["Hello Ada", "What?"]);
  });

  it("is sent once, however often its request is repeated with the same key", async () => {
    const to = { phones: [nextPhone(), phone] };
    const body = { to, number: NUMBER, text: "Once" };
    const first = await notify(body, "the-same");
    expect(first.body.recipients).toHaveLength(1);
    await arrived(1);
    const again = await Promise.all([1, 2, 3].map(async () => await notify(body, "the-same")));
    expect(again.map(({ status, body: { id } }) => [status, id])).toEqual(again.map(() => [200, first.body.id]));
    const other = await notify({ ...body, text: "Twice" }, "the-same");
    expect([other.status, other.body.detail]).toEqual([
      422,
      expect.stringContaining("whose request had another body") as string,
    ]);
    const atOnce = await Promise.all([1, 2, 3].map(async () => await notify({ ...body, text: "At once" }, "another")));
    expect(new Set(atOnce.map(({ body: { id } }) => id)).size).toBe(1);
    await arrived(2);
    await scheduler.wait(200);
    expect(await reached(phone, NUMBER)).toEqual(["Once", "At once"]);
  });

  it("is sent during a conversation in its language, and leaves its question open", async () => {
    nextPhone();
    await text("go");
    await arrived(1);
    await notify({
      to: { phones: [phone] },
      number: NUMBER,
      text: { de: "Hallo", en: "Hello" },
      link: { url: "https://example.com/1" },
    });
    await text("answer");
    expect(await arrived(3)).toEqual(["What?", `${HEADING}\nHello\nhttps://example.com/1`, "answer"]);
  });

  it("with a topic waits until the conversation has ended, and is answered by the next text", async () => {
    nextPhone();
    await text("go");
    await arrived(1);
    const to = { phones: [phone] };
    const { body } = await notify({
      to,
      number: NUMBER,
      text: "Your table is free.",
      topic: "visit",
      variables: { at: "five" },
    });
    expect(body.recipients).toMatchObject([{ phone, outcome: "queued" }]);
    await text("exit");
    await runDurableObjectAlarm(sender());
    const all = await eventually(
      () => reached(phone, NUMBER),
      (texts) => texts.includes("Will you come at five?"),
    );
    expect(all.slice(-2)).toEqual(["Your table is free.", "Will you come at five?"]);
    await text("yes");
    await eventually(
      () => reached(phone, NUMBER),
      (texts) => texts.at(-1) === "Noted.",
    );
    expect((await shown(body.id)).recipients).toMatchObject([{ outcome: "sent", messages: [{}, {}] }]);
  });

  it("that waits expires and reports that", async () => {
    nextPhone();
    await text("go");
    await arrived(1);
    const { body } = await notify({
      to: { phones: [phone] },
      number: NUMBER,
      text: "Late",
      topic: "visit",
      expiresInSeconds: 60,
    });
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
    expect((await shown(body.id)).recipients).toMatchObject([{ outcome: "refused", reason: "expired" }]);
    await text("exit");
    vi.useRealTimers();
    expect((await arrived(2)).join("|")).not.toContain("Late");
  });

  it("survives a restart while it waits, and a crash while it is sent is settled as for any part", async () => {
    nextPhone();
    await text("go");
    await arrived(1);
    const { body } = await notify({ to: { phones: [phone] }, number: NUMBER, text: "Free.", topic: "leave" });
    await evictDurableObject(sender());
    expect((await shown(body.id)).recipients).toMatchObject([{ outcome: "queued" }]);
    await text("exit");
    await runDurableObjectAlarm(sender());
    const all = await eventually(
      () => reached(phone, NUMBER),
      (texts) => texts.at(-1) === "Bye.",
    );
    expect(all.filter((each) => each === "Free.")).toHaveLength(1);
  });

  it("to a list reaches only its subscribers", async () => {
    const [on, off, never] = [nextPhone(), nextPhone(), nextPhone()];
    await text("start news", on);
    await text("start news", off);
    await text("go", never);
    const subscribers = async () =>
      (await (await api("GET", "/v1/lists/news/subscribers?status=on")).json<{ items: readonly object[] }>()).items
        .length;
    await eventually(subscribers, (count) => count === 2);
    // D1 is behind; the Sender has the current state.
    const away = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "batch").mockRejectedValue(new Error("away"));
    await text("stop news", off);
    away.mockRestore();
    const { body } = await notify({ to: { list: "news" }, text: "News!" });
    expect(body.recipients).toMatchObject([
      { phone: on, outcome: "sent" },
      { phone: off, outcome: "refused", reason: "not-subscribed" },
    ]);
    await arrived(2, on);
    expect(await reached(never, NUMBER)).not.toContain("News!");
    const history = await (await api("GET", `/v1/senders/${on}/subscriptions`)).json();
    expect(subscriptionsResource.parse(history)).toEqual(history);
  });

  it("reaches a list that another isolate has just created", async () => {
    await putListElsewhere("just-now", NUMBER);
    const { status, body } = await notify({ to: { list: "just-now" }, text: "News!" });
    expect([status, body.recipients]).toEqual([201, []]);
    await putListElsewhere("later-still", NUMBER);
    const later = await notify({ to: { phones: [nextPhone()] }, number: NUMBER, list: "later-still", text: "News!" });
    expect(later.body.recipients).toMatchObject([{ outcome: "refused", reason: "not-subscribed" }]);
  });

  it("is refused after STOP", async () => {
    nextPhone();
    await text("STOP");
    const { body } = await notify({ to: { phones: [phone] }, number: NUMBER, text: "Hello?" });
    expect(body.recipients).toEqual([
      {
        phone,
        outcome: "refused",
        reason: "opted-out",
        detail: "The contact has opted out of texts from this number.",
      },
    ]);
  });

  it("writes four rows and an alarm, like a text", async () => {
    nextPhone();
    await text("go");
    await arrived(1);
    await scheduler.wait(100);
    const written = async () => (await runInDurableObject(sender(), (instance) => instance.rows)).written;
    const before = await written();
    const { body } = await notify({ to: { phones: [phone] }, number: NUMBER, text: "Hello" });
    await eventually(() => shown(body.id), taken);
    const cost = (await written()) - before;
    console.log(`Rows written by a notice of one part: ${cost}.`);
    // The notice, the turn with its claim, the state and the mark; an alarm if none is set.
    expect(cost).toBeLessThanOrEqual(5);
    expect(cost).toBeGreaterThanOrEqual(4);
  });
});

describe("a Sender that fails", () => {
  const outcomes = ({ recipients }: Notified) => recipients.map(({ outcome }) => outcome);

  it("does not affect other recipients, and is asked again with the notification's id as the key", async () => {
    const [away, told] = [nextPhone(), nextPhone()];
    failing(away, "before");
    const others = Array.from({ length: SENDERS_AT_ONCE }, (_, index) => `+1406555019${index}`);
    const body = { to: { phones: [away, told, ...others] }, number: NUMBER, list: "news", text: "All" };
    await put(`/v1/lists/news/subscribers/${away}`, { proof: "a form" });
    await put(`/v1/lists/news/subscribers/${told}`, { proof: "a form" });
    const first = await notify(body, null);
    const refusals = others.map(() => "refused");
    expect([first.status, outcomes(first.body)]).toEqual([201, ["unasked", "sent", ...refusals]]);
    expect(first.body).toMatchObject({ idempotencyKey: first.body.id, sent: 1, refused: others.length, unasked: 1 });
    const meanwhile = await shown(first.body.id);
    expect(outcomes(meanwhile)).toEqual(outcomes(first.body));
    expect(notificationResource.parse(meanwhile)).toEqual(meanwhile);
    vi.restoreAllMocks();
    expect(outcomes(await shown(first.body.id))).toEqual(outcomes(first.body));
    const again = await notify(body, first.body.id);
    expect([again.status, again.body.id, outcomes(again.body)]).toEqual([
      200,
      first.body.id,
      ["sent", "sent", ...refusals],
    ]);
    await notify(body, first.body.id);
    expect(await arrived(1, away)).toEqual(["All"]);
    expect(await arrived(1, told)).toEqual(["All"]);
  });

  it("after accepting the notice sends no duplicate; the id is a key even if the request had another", async () => {
    const body = { to: { phones: [nextPhone()] }, number: NUMBER, text: "Once only" };
    failing(phone, "after");
    const first = await notify(body, "own-key");
    expect([first.body.idempotencyKey, outcomes(first.body)]).toEqual(["own-key", ["unasked"]]);
    vi.restoreAllMocks();
    for (const key of ["own-key", first.body.id]) {
      const again = await notify(body, key);
      expect([again.status, again.body.id, outcomes(again.body)]).toEqual([200, first.body.id, ["sent"]]);
    }
    await arrived(1);
    await scheduler.wait(200);
    expect(await reached(phone, NUMBER)).toEqual(["Once only"]);
    const other = await notify({ ...body, text: "Twice" }, first.body.id);
    expect(other.status).toBe(422);
  });
});

describe("an invalid request", () => {
  const to = { phones: ["+14065550170"] };
  it.each<readonly [string, object, string, string]>([
    ["no number", { to, text: "x" }, "/number", "Name the number"],
    [
      "a number that is not ours",
      { to, number: "+12025550199", text: "x" },
      "/number",
      "Number +12025550199 does not exist.",
    ],
    ["a list that is not there", { to: { list: "none" }, text: "x" }, "/to/list", 'List "none" does not exist.'],
    ["a topic that is not there", { to, number: NUMBER, text: "x", topic: "none" }, "/topic", 'has no topic "none"'],
    ["no text", { to, number: NUMBER }, "/text", "missing"],
    ["invalid Liquid", { to, number: NUMBER, text: "{% if %}" }, "/text", "Liquid"],
    ["no recipients", { to: { phones: [] }, number: NUMBER, text: "x" }, "/to/phones", ""],
    [
      "too many recipients",
      {
        to: { phones: Array.from({ length: 101 }, (_, index) => `+1202555${1000 + index}`) },
        number: NUMBER,
        text: "x",
      },
      "/to/phones",
      "100",
    ],
    ["a late expiry", { to, number: NUMBER, text: "x", expiresInSeconds: 300_000 }, "/expiresInSeconds", "259200"],
    ["an unknown field", { to, number: NUMBER, text: "x", extra: 1 }, "/extra", ""],
  ])("with %s is refused with the location and the reason", async (_, body, pointer, detail) => {
    const refused = await notify(body, null);
    expect([refused.status, refused.body.errors]).toEqual([
      422,
      [{ pointer, detail: expect.stringContaining(detail) as string }],
    ]);
  });

  it("with too many recipients refers to broadcasts", async () => {
    await put("/v1/lists/many", { title: "Many", number: NUMBER, audience: "anyone" });
    const rows = Array.from({ length: 101 }, (_, index) =>
      env.DB.prepare("INSERT INTO subscriptions VALUES ('many', ?, 1, 'on', ?, 'import', 'x')").bind(
        `+1202555${1000 + index}`,
        Date.now(),
      ),
    );
    await env.DB.batch(rows);
    const refused = await notify({ to: { list: "many" }, text: "x" });
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining("Use a broadcast") as string]);
  });

  it("creates no notification", async () => {
    const unknown = await notify({ to, number: NUMBER, text: "x" }, `NO${"0".repeat(32)}`);
    expect([unknown.status, unknown.body.detail]).toEqual([
      422,
      expect.stringContaining("is the id of a notification that does not exist") as string,
    ]);
    expect((await api("GET", "/v1/notifications/NO1")).status).toBe(404);
    expect(
      (await api("POST", "/v1/notifications", { to, number: NUMBER, text: "x" }, { "idempotency-key": "a b" })).status,
    ).toBe(400);
  });
});
