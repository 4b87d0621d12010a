import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { forgetConfiguration } from "../../src/configuration/store.ts";
import type { Message } from "../../src/sender/records/transcript.ts";
import {
  ECHO,
  emulate,
  eventually,
  incoming,
  migrateDatabase,
  ONE,
  ORIGIN,
  put,
  reached,
  THRICE,
  TWO,
  transcript,
  UNBRAKED,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+12025550100";
const OTHER = "+12025550101";
const PHONES = Array.from({ length: 40 }, (_, index) => `+120255501${String(50 + index).padStart(2, "0")}`);
let phone = "";
let used = 0;

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], PHONES);
  await emulate(TWO, [OTHER], []);
  for (const { sid, token } of [ONE, TWO]) {
    await put(`/v1/accounts/${sid}`, { name: "Test", authToken: token, baseUrl: inject("emulator") });
  }
  await put("/v1/topics/echo", ECHO);
  await put("/v1/topics/thrice", THRICE);
  await put("/v1/applications/echo", {
    name: "Echo",
    assistant: { kind: "topics", topics: ["echo", "thrice"] },
    idleSeconds: 3_600,
  });
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: "echo", type: "long-code", ...UNBRAKED });
  await put(`/v1/numbers/${OTHER}`, { account: TWO.sid, application: "echo", type: "long-code", ...UNBRAKED });
});

/** Each test uses a different phone. */
function nextPhone(): string {
  phone = PHONES[used] ?? "";
  used += 1;
  return phone;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it("runs in workerd", () => {
  expect(navigator.userAgent).toBe("Cloudflare-Workers");
});

async function text(body: string, fields: Readonly<Record<string, string>> = {}, account = ONE): Promise<Response> {
  const form = incoming(account, { From: phone, To: account === ONE ? NUMBER : OTHER, Body: body, ...fields });
  return await exports.default.fetch(webhook("/twilio/message", form, account.token));
}

function urlOf(input: RequestInfo | URL): string {
  return input instanceof Request ? input.url : input.toString();
}

function outs(messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ direction }) => direction === "out");
}

async function settled(parts: number, number = NUMBER): Promise<readonly Message[]> {
  const done = (messages: readonly Message[]) => outs(messages).filter(({ sid }) => sid !== null).length === parts;
  return await eventually(() => transcript(phone, number), done);
}

const sender = () => env.SENDER.getByName(phone);

describe("a text", () => {
  it("is answered, and the parts reach the phone in order", async () => {
    nextPhone();
    for (const body of ["go", "one", "two"]) expect((await text(body)).status).toBe(200);
    await settled(3);
    expect(
      await eventually(
        () => reached(phone, NUMBER),
        (all) => all.length === 3,
      ),
    ).toEqual(["What?", "one", "two"]);
  });

  it("that arrives five times at once makes one turn", async () => {
    nextPhone();
    const form = incoming(ONE, { From: phone, To: NUMBER, Body: "go" });
    const requests = Array.from({ length: 5 }, () => webhook("/twilio/message", form, ONE.token));
    const answers = await Promise.all(requests.map((request) => exports.default.fetch(request)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await settled(1)).map(({ text: said }) => said)).toEqual(["go", "What?"]);
  });

  it("that Twilio's fallback repeats makes no second turn", async () => {
    nextPhone();
    const form = incoming(ONE, { From: phone, To: NUMBER, Body: "go" });
    await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
    const again = await exports.default.fetch(webhook("/twilio/fallback", { ...form, ErrorCode: "11200" }, ONE.token));
    expect(await again.text()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
    expect(await settled(1)).toHaveLength(2);
  });

  it("and four more at once make five turns, their answers in order", async () => {
    nextPhone();
    await text("go");
    const bodies = ["a", "b", "c", "d", "e"];
    await Promise.all(bodies.map((body) => text(body)));
    const messages = await settled(6);
    const heard = messages.filter(({ direction }) => direction === "in").map(({ text: said }) => said);
    expect(heard.slice(1).toSorted()).toEqual(bodies);
    expect(
      await eventually(
        () => reached(phone, NUMBER),
        (all) => all.length === 6,
      ),
    ).toEqual(["What?", ...heard.slice(1)]);
  });

  it("to a number of another account is another conversation", async () => {
    nextPhone();
    await text("go");
    await text("go", {}, TWO);
    await text("here");
    await settled(2);
    await settled(1, OTHER);
    expect(
      await eventually(
        () => reached(phone, OTHER),
        (all) => all.length === 1,
      ),
    ).toEqual(["What?"]);
    expect((await reached(phone, NUMBER)).slice(0, 2)).toEqual(["What?", "here"]);
  });

  it("that waits for the configuration is not overtaken by the next one", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    const { revision = 0 } =
      (await env.DB.prepare("SELECT revision FROM revisions").first<{ revision: number }>()) ?? {};
    await env.DB.prepare("UPDATE revisions SET revision = revision + 1").run();
    const database = Object.getPrototypeOf(env.DB) as D1Database;
    const read = database.batch.bind(env.DB);
    vi.spyOn(database, "batch").mockImplementationOnce(async (statements) => {
      await scheduler.wait(200);
      return await read(statements);
    });
    const signed = (body: string, seen: number) => {
      const { MessageSid: sid = "" } = incoming(ONE, {});
      const message = {
        sid,
        accountSid: ONE.sid,
        from: phone,
        to: NUMBER,
        text: body,
        media: [],
        segments: 1,
        optOut: null,
      };
      return { text: message, application: "echo", origin: ORIGIN, revision: seen };
    };
    await Promise.all([sender().receive(signed("first", revision + 1)), sender().receive(signed("second", 0))]);
    const heard = (await transcript(phone, NUMBER)).filter(({ direction }) => direction === "in");
    expect(heard.map(({ text: said }) => said)).toEqual(["go", "first", "second"]);
  });

  it("to an application that another isolate has just created is answered", async () => {
    nextPhone();
    await text("go");
    const { revision = 0 } =
      (await env.DB.prepare("SELECT revision FROM revisions").first<{ revision: number }>()) ?? {};
    await env.DB.batch([
      env.DB.prepare(
        "INSERT OR REPLACE INTO applications SELECT 'fresh', document, 0, 0 FROM applications WHERE id = 'echo'",
      ),
      env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
    ]);
    const { MessageSid: sid = "" } = incoming(ONE, {});
    const message = {
      sid,
      accountSid: ONE.sid,
      from: phone,
      to: OTHER,
      text: "go",
      media: [],
      segments: 1,
      optOut: null,
    };
    await sender().receive({ text: message, origin: ORIGIN, revision: revision + 1 });
    expect((await transcript(phone, OTHER)).map(({ text: said }) => said)).toEqual(["go", "What?"]);
  });

  it("continues the conversation after the object was evicted", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    await evictDurableObject(sender());
    await text("still here?");
    expect((await settled(2)).at(-1)?.text).toBe("still here?");
  });

  it("may contain anything, and is stored unchanged", async () => {
    nextPhone();
    await text("go");
    const rubbish = "\u0000\u0001 \ufffe'; DROP TABLE turn; -- {{ said }} {% raw %} \u202e 👩‍👩‍👧";
    await text(rubbish);
    const messages = await settled(2);
    expect(messages.find(({ id }) => id === "2")?.text).toBe(rubbish);
    expect(messages.find(({ id }) => id === "2.0")?.text).toBe(
      "\ufffe'; DROP TABLE turn; -- {{ said }} {% raw %} \u202e 👩‍👩‍👧",
    );
  });
});

describe("the parts of an answer", () => {
  it("wait for Twilio's report on the one before, or five seconds", async () => {
    nextPhone();
    await text("thrice");
    const statuses = async () => outs(await transcript(phone, NUMBER)).map(({ status }) => status);
    const [, first] = await settled(1);
    expect(await statuses()).toEqual(["queued", "pending", "pending"]);
    const form = { MessageSid: first?.sid ?? "", AccountSid: ONE.sid, From: NUMBER, To: phone, MessageStatus: "sent" };
    await exports.default.fetch(webhook("/twilio/status?part=1.0", form, ONE.token));
    await settled(2);
    expect(await statuses()).toEqual(["sent", "queued", "pending"]);
    expect((await runInDurableObject(sender(), (_, state) => state.storage.getAlarm())) ?? 0).toBeLessThanOrEqual(
      Date.now() + 5_000,
    );
    vi.useFakeTimers({ now: Date.now() + 5_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    await settled(3);
    expect(await reached(phone, NUMBER)).toEqual(["1", "2", "3"]);
  });
});

describe("the POST to Twilio", () => {
  /** Lets the first create request end in a given way, and passes all others on. */
  function firstCreate(end: (send: () => Promise<Response>) => Promise<Response>): { readonly posts: () => number } {
    const real = globalThis.fetch;
    let posts = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      if (init?.method !== "POST" || !urlOf(input).includes("/Messages.json")) return await real(input, init);
      posts += 1;
      return posts === 1 ? await end(() => real(input, init)) : await real(input, init);
    });
    return { posts: () => posts };
  }

  async function inDoubt(): Promise<void> {
    await eventually(
      () => transcript(phone, NUMBER),
      (messages) => outs(messages)[0]?.status === "uncertain",
    );
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
  }

  it("that Twilio accepted before the connection broke is found, and not repeated", async () => {
    nextPhone();
    const { posts } = firstCreate(async (send) => {
      await send();
      throw new TypeError("connection reset");
    });
    await text("go");
    await inDoubt();
    const [part] = outs(await settled(1));
    expect(part?.sid).toMatch(/^SM/u);
    expect(posts()).toBe(1);
    expect(await reached(phone, NUMBER)).toEqual(["What?"]);
  });

  it("that never reached Twilio is repeated once", async () => {
    nextPhone();
    const { posts } = firstCreate(async () => {
      throw new TypeError("connection refused");
    });
    await text("go");
    await inDoubt();
    await settled(1);
    expect(posts()).toBe(2);
    expect(await reached(phone, NUMBER)).toEqual(["What?"]);
  });

  it("that Twilio is too busy for is retried, and later parts wait", async () => {
    nextPhone();
    const busy = { code: 20_429, message: "Too Many Requests", status: 429 };
    const { posts } = firstCreate(async () => Response.json(busy, { status: 429 }));
    await text("go");
    await text("one");
    const waiting = await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[0]?.status === "retrying",
    );
    expect(outs(waiting).map(({ status }) => status)).toEqual(["retrying", "pending"]);
    await settled(2);
    expect(posts()).toBe(3);
    expect(await reached(phone, NUMBER)).toEqual(["What?", "one"]);
  });

  it("whose part was reported before it ended blocks no later text", async () => {
    nextPhone();
    const free = Promise.withResolvers<void>();
    const { posts } = firstCreate(async (send) => {
      const response = await send();
      const { sid } = await response.clone().json<{ sid: string }>();
      const form = { MessageSid: sid, AccountSid: ONE.sid, From: NUMBER, To: phone, MessageStatus: "sent" };
      await exports.default.fetch(webhook("/twilio/status?part=1.0", form, ONE.token));
      await text("one");
      free.resolve();
      return response;
    });
    await text("go");
    await free.promise;
    await settled(2);
    expect(posts()).toBe(2);
    expect(await reached(phone, NUMBER)).toEqual(["What?", "one"]);
  });

  it("of a second part does not follow a STOP that arrives while the first is in flight", async () => {
    nextPhone();
    const sent: string[] = [];
    const real = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      if (!urlOf(input).endsWith("/Messages.json")) return await real(input, init);
      sent.push(init?.body instanceof URLSearchParams ? (init.body.get("Body") ?? "") : "");
      const response = await real(input, init);
      if (sent.length === 1) await text("STOP");
      return response;
    });
    await text("thrice");
    const isOver = (all: readonly Message[]) =>
      outs(all).every(({ status }) => !["pending", "claimed"].includes(status));
    const messages = await eventually(() => transcript(phone, NUMBER), isOver);
    expect(sent).toEqual(["1"]);
    expect(outs(messages).map(({ status }) => status)).toEqual(["queued", "dropped", "dropped"]);
  });

  it("in doubt at a STOP is not repeated, even if Twilio never accepted it", async () => {
    nextPhone();
    const { posts } = firstCreate(async () => {
      throw new TypeError("connection refused");
    });
    await text("go");
    await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[0]?.status === "uncertain",
    );
    await text("STOP");
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[0]?.status === "dropped",
    );
    expect(posts()).toBe(1);
  });

  it("that waits at a STOP is dropped, even if START arrives before it is due", async () => {
    nextPhone();
    const busy = { code: 20_429, message: "Too Many Requests", status: 429 };
    const { posts } = firstCreate(async () => Response.json(busy, { status: 429, headers: { "retry-after": "60" } }));
    await text("go");
    await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[0]?.status === "retrying",
    );
    await text("STOP");
    await text("START");
    await text("go");
    await settled(1);
    expect(posts()).toBe(2);
    expect(outs(await transcript(phone, NUMBER)).map(({ status }) => status)).toEqual(["dropped", "queued"]);
  });

  it("that Twilio refuses because of an opt-out counts as STOP", async () => {
    nextPhone();
    const { posts } = firstCreate(async () =>
      Response.json({ code: 21_610, message: "unsubscribed", status: 400 }, { status: 400 }),
    );
    await text("go");
    await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[0]?.status === "failed",
    );
    await text("one");
    expect(outs(await transcript(phone, NUMBER))).toHaveLength(1);
    expect(posts()).toBe(1);
  });

  it("whose end was lost in a crash is looked up, and not repeated", async () => {
    nextPhone();
    const never = Promise.withResolvers<Response>();
    const { posts } = firstCreate(async (send) => {
      await send();
      return await never.promise;
    });
    await text("go");
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    );
    await runInDurableObject(sender(), (_, state) => state.abort("killed")).catch(() => undefined);
    expect(outs(await transcript(phone, NUMBER))[0]?.status).toBe("claimed");
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    await settled(1);
    expect(posts()).toBe(1);
    expect(await reached(phone, NUMBER)).toEqual(["What?"]);
  });

  it("in doubt is not mistaken for an equal text that was sent before", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    await text("x");
    await settled(2);
    await text("x");
    await settled(3);
    const real = globalThis.fetch;
    let posts = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      if (init?.method !== "POST") return await real(input, init);
      posts += 1;
      if (posts === 1) throw new TypeError("connection refused");
      return await real(input, init);
    });
    await text("x");
    await eventually(
      () => transcript(phone, NUMBER),
      (all) => outs(all)[3]?.status === "uncertain",
    );
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
    await settled(4);
    expect(await reached(phone, NUMBER)).toHaveLength(4);
  });

  it("without an answer times out after twenty seconds", async () => {
    nextPhone();
    const real = globalThis.fetch;
    const aborted = Promise.withResolvers<void>();
    vi.spyOn(globalThis, "setTimeout").mockImplementation(((work: () => void, after: number) => {
      expect(after).toBe(20_000);
      queueMicrotask(work);
      return 0;
    }) as unknown as typeof setTimeout);
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      if (!urlOf(input).endsWith("/Messages.json")) return await real(input, init);
      const ended = Promise.withResolvers<Response>();
      init?.signal?.addEventListener("abort", () => {
        aborted.resolve();
        ended.reject(new Error("aborted"));
      });
      return await ended.promise;
    });
    await text("go");
    await aborted.promise;
    const doubt = (all: readonly Message[]) => outs(all)[0]?.error?.message === "timeout";
    expect(outs(await eventually(() => transcript(phone, NUMBER), doubt))[0]?.status).toBe("uncertain");
  });

  it("that Twilio refuses is not retried; the next part is sent", async () => {
    nextPhone();
    const { posts } = firstCreate(async () =>
      Response.json({ code: 21_614, message: "Not a mobile", status: 400 }, { status: 400 }),
    );
    await text("go");
    await text("one");
    const messages = await settled(1);
    expect(outs(messages)[0]).toMatchObject({ status: "failed", error: { code: 21_614, message: "Not a mobile" } });
    expect(posts()).toBe(2);
  });
});

describe("status callbacks", () => {
  async function report(
    MessageStatus: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Message | undefined> {
    const [, part] = await transcript(phone, NUMBER);
    const form = {
      MessageSid: part?.sid ?? "",
      AccountSid: ONE.sid,
      From: NUMBER,
      To: phone,
      MessageStatus,
      ...fields,
    };
    const response = await exports.default.fetch(webhook(`/twilio/status?part=${part?.id}`, form, ONE.token));
    expect(response.status).toBe(204);
    return (await transcript(phone, NUMBER))[1];
  }

  it("move a part forward and never back, in any order and however often", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    expect(await report("sent")).toMatchObject({ status: "sent" });
    expect(await report("queued")).toMatchObject({ status: "sent" });
    expect(await report("undelivered", { ErrorCode: "30003" })).toMatchObject({
      status: "undelivered",
      error: { code: 30_003 },
    });
    for (const late of ["sent", "queued", "delivered", "undelivered", "nonsense"]) {
      expect(await report(late)).toMatchObject({ status: "undelivered", error: { code: 30_003 } });
    }
  });

  it("for another message or another account change nothing", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    expect(await report("delivered", { MessageSid: `SM${"e".repeat(32)}` })).toMatchObject({ status: "queued" });
    const [, part] = await transcript(phone, NUMBER);
    const form = { MessageSid: part?.sid ?? "", AccountSid: TWO.sid, From: OTHER, To: phone, MessageStatus: "failed" };
    await exports.default.fetch(webhook(`/twilio/status?part=${part?.id}`, form, TWO.token));
    expect((await transcript(phone, NUMBER))[1]).toMatchObject({ status: "queued" });
  });

  it("that arrive before the POST has ended settle the part", async () => {
    nextPhone();
    const real = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const response = await real(input, init);
      const { sid } = (await response.clone().json()) as { sid: string };
      expect(await report("delivered", { MessageSid: sid })).toMatchObject({ status: "delivered", sid });
      return response;
    });
    await text("go");
    const isDelivered = (all: readonly Message[]) => all[1]?.status === "delivered";
    await eventually(() => transcript(phone, NUMBER), isDelivered);
  });
});

describe("what a warm turn costs", () => {
  it("is one Durable Object request, no D1 query and one request to Twilio", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    await scheduler.wait(50);
    await runInDurableObject(sender(), async (_, state) => await state.storage.deleteAlarm());
    await evictDurableObject(sender());

    const queries = countCalls(Object.getPrototypeOf(env.DB) as D1Database, [
      "prepare",
      "batch",
      "exec",
      "withSession",
    ]);
    const requests = vi.spyOn(globalThis, "fetch");
    const objectRequests: string[] = [];
    const counted = { ...env, SENDER: countRequests(objectRequests) };
    const { app } = await import("../../src/app.ts");
    const form = incoming(ONE, { From: phone, To: NUMBER, Body: "STOPPING by" });
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
    const response = await app.fetch(webhook("/twilio/message", form, ONE.token), counted, context);
    expect(response.status).toBe(200);
    expect(objectRequests).toEqual(["receive"]);
    await settled(2);
    expect(queries()).toEqual([]);
    expect(requests.mock.calls.filter(([url]) => urlOf(url).includes("/2010-04-01/")).length).toBe(1);
  });

  it("counts its rows", async () => {
    nextPhone();
    await put("/v1/topics/one", { title: "One", keywords: ["one"], steps: [{ kind: "say", id: "a", text: "1" }] });
    await put("/v1/applications/echo", {
      name: "Echo",
      assistant: { kind: "topics", topics: ["echo", "thrice", "one"] },
    });
    await text("one");
    await settled(1);
    const { written: before } = await rows();
    await text("one");
    await settled(2);
    const warm = (await rows()).written - before;
    await runInDurableObject(sender(), async (_, state) => await state.storage.deleteAlarm());
    await evictDurableObject(sender());
    await text("one");
    await settled(3);
    const { written: alone } = await rows();
    console.log(`Rows written in a turn with one part: ${warm} while an alarm is set, ${alone} when it must be set.`);
    expect(warm).toBe(4);
    expect(alone).toBe(5);
  });

  it("does not grow with the conversation", async () => {
    nextPhone();
    let turns = 0;
    const talk = async (count: number) => {
      for (let more = 0; more < count; more += 1) {
        await text("one");
        turns += 1;
        await eventually(
          () => reached(phone, NUMBER),
          (all) => all.length === turns,
        );
      }
    };
    const costOfFive = async () => {
      await settled(turns);
      await evictDurableObject(sender());
      await talk(5);
      return (await rows()).read;
    };
    await talk(5);
    const early = await costOfFive();
    await talk(60);
    expect(await costOfFive()).toBeLessThanOrEqual(early + 10);
  });

  it("grows linearly with the length of a backlog", async () => {
    nextPhone();
    const busy = { code: 20_429, message: "Too Many Requests", status: 429 };
    const real = globalThis.fetch;
    let isBusy = true;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const isCreate = init?.method === "POST" && urlOf(input).includes("/Messages.json");
      return isCreate && isBusy
        ? Response.json(busy, { status: 429, headers: { "retry-after": "60" } })
        : await real(input, init);
    });
    for (let turn = 1; turn <= 40; turn += 1) await text("one");
    isBusy = false;
    const { read } = await rows();
    vi.useFakeTimers({ now: Date.now() + 120_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
    const { read: drained } = await rows();
    expect(outs(await settled(40))).toHaveLength(40);
    expect(drained - read).toBeLessThan(40 * 15);
  });

  async function rows(): Promise<{ readonly written: number; readonly read: number }> {
    return await runInDurableObject(sender(), (instance) => instance.rows);
  }

  function countCalls(target: D1Database, methods: readonly (keyof D1Database)[]): () => readonly string[] {
    const spies = methods.map((method) => [method, vi.spyOn(target, method)] as const);
    return () => spies.flatMap(([method, spy]) => spy.mock.calls.map(() => method));
  }

  function countRequests(log: string[]): typeof env.SENDER {
    return new Proxy(env.SENDER, {
      get: (target, property) => {
        if (property !== "getByName") return Reflect.get(target, property);
        return (name: string) => {
          const stub = target.getByName(name);
          return {
            receive: (...args: Parameters<typeof stub.receive>) => (log.push("receive"), stub.receive(...args)),
          };
        };
      },
    });
  }
});

describe("an unusable account", () => {
  it("keeps its texts until it is usable", async () => {
    nextPhone();
    const row = await env.DB.prepare("SELECT auth_token FROM accounts WHERE sid = ?")
      .bind(ONE.sid)
      .first<{ auth_token: string }>();
    const real = globalThis.fetch;
    const broken = Promise.withResolvers<void>();
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      const response = await real(input, init);
      // While the first part is in flight, the account becomes unusable.
      await env.DB.batch([
        env.DB.prepare("UPDATE accounts SET auth_token = 'v1.broken' WHERE sid = ?").bind(ONE.sid),
        env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
      ]);
      forgetConfiguration();
      broken.resolve();
      return response;
    });
    await text("thrice");
    await broken.promise;
    vi.restoreAllMocks();
    await settled(1);
    const tomorrow = Date.now() + 23 * 3_600_000;
    vi.useFakeTimers({ now: tomorrow, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
    expect(outs(await transcript(phone, NUMBER)).map(({ status }) => status)).toEqual(["queued", "pending", "pending"]);
    await env.DB.batch([
      env.DB.prepare("UPDATE accounts SET auth_token = ? WHERE sid = ?").bind(row?.auth_token ?? "", ONE.sid),
      env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
    ]);
    forgetConfiguration();
    vi.useFakeTimers({ now: tomorrow + 31_000, toFake: ["Date"] });
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    expect(outs(await settled(2)).map(({ status }) => status)).toEqual(["queued", "queued", "pending"]);
  });
});

describe("the alarm", () => {
  it("is set again after an unexpected failure", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    await runInDurableObject(sender(), async (instance, state) => {
      const broken = vi.spyOn(state.storage, "transactionSync").mockImplementation(() => {
        throw new Error("disk");
      });
      await instance.alarm();
      broken.mockRestore();
      const alarm = (await state.storage.getAlarm()) ?? 0;
      expect(alarm - Date.now()).toBeGreaterThan(25_000);
      expect(alarm - Date.now()).toBeLessThanOrEqual(30_000);
    });
  });

  it("of a contact that never texted leaves nothing behind", async () => {
    nextPhone();
    expect(await transcript(phone, NUMBER)).toEqual([]);
    const tables = await runInDurableObject(sender(), (_, state) => {
      return state.storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name IN ('sender', 'turn', 'seen')")
        .toArray();
    });
    expect(tables).toEqual([]);
  });

  it("is set as soon as a text is accepted, and closes the conversation when its time is over", async () => {
    nextPhone();
    await text("go");
    await settled(1);
    const alarm = () => runInDurableObject(sender(), async (_, state) => (await state.storage.getAlarm()) ?? 0);
    expect(await alarm()).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await runDurableObjectAlarm(sender())).toBe(true);
    expect(await alarm()).toBeGreaterThan(Date.now() + 3_500_000);
    vi.useFakeTimers({ now: Date.now() + 3_600_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
    const conversation = await runInDurableObject(sender(), (_, state) => {
      const [row] = state.storage.sql.exec<{ state: string }>("SELECT state FROM sender").toArray();
      return (
        JSON.parse(row?.state ?? "{}") as {
          lines: Record<string, { conversation: { status: string; reason: string } }>;
        }
      ).lines[NUMBER]?.conversation;
    });
    expect(conversation).toMatchObject({ status: "closed", reason: "idle" });
  });
});
