import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Message } from "../../../src/sender/records/transcript.ts";
import { answerWithEcho, eventually, incoming, ONE, put, reached, transcript, webhook } from "../../support/worker.ts";

const NUMBER = "+14155550100";
const PHONES = Array.from({ length: 20 }, (_, index) => `+141555501${String(50 + index).padStart(2, "0")}`);
const CRM = "https://crm.example.com";

/** Asks the contact for an order, asks the operator's system, and sends the answer. */
const ORDERS = {
  title: "Orders",
  keywords: ["order"],
  steps: [
    { kind: "ask", id: "which", text: "Which order?", save: "order" },
    {
      kind: "call",
      id: "find",
      request: {
        url: `${CRM}/orders/{{ order }}`,
        headers: { authorization: { secret: "crm", prefix: "Bearer " }, "x-other": { secret: "other" } },
      },
      save: "found",
      failed: "failed",
    },
    {
      kind: "ask",
      id: "another",
      text: "Order {{ order }}: {{ found.status }}. Another?",
      save: "order",
      next: "find",
    },
    { kind: "end", id: "failed", text: "We cannot look that up now." },
  ],
};

const WITHOUT_OTHER = JSON.parse(JSON.stringify(ORDERS).replace(',"x-other":{"secret":"other"}', "")) as object;

let phone = "";
let used = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/secrets/crm", { value: "s3cret-of-the-crm", hosts: ["crm.example.com"] });
  await put("/v1/secrets/other", { value: "never-to-be-seen", hosts: ["other.example.com"] });
  await put("/v1/topics/orders", WITHOUT_OTHER);
  await put("/v1/topics/leak", { ...ORDERS, keywords: ["leak"] });
  await put("/v1/topics/wait", {
    title: "Wait",
    keywords: ["wait"],
    steps: [
      { kind: "say", id: "a", text: "One." },
      { kind: "wait", id: "w", seconds: 120 },
      { kind: "ask", id: "b", text: "Two?", save: "x", silence: { after: 600, text: "Hello?" } },
    ],
  });
  await put("/v1/applications/echo", {
    name: "Echo",
    assistant: { kind: "topics", topics: ["orders", "leak", "wait"] },
    messages: { sessionEnded: true },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function nextPhone(): void {
  phone = PHONES[used] ?? "";
  used += 1;
}

const sender = () => env.SENDER.getByName(phone);

async function text(body: string): Promise<void> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body });
  expect((await exports.default.fetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

/** Waits for so many messages. @returns their texts */
async function got(count: number): Promise<readonly string[]> {
  return await eventually(
    () => reached(phone, NUMBER),
    (all) => all.length >= count,
  );
}

interface Asked {
  readonly path: string;
  readonly headers: Headers;
}

/** Stands in for the operator's system, and passes all other requests on. */
function system(answer: (asked: Asked, count: number) => Promise<Response>): readonly Asked[] {
  const real = globalThis.fetch;
  const asked: Asked[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (!url.startsWith(CRM)) return await real(input, init);
    const one = { path: url.slice(CRM.length), headers: new Headers(init?.headers) };
    asked.push(one);
    return await answer(one, asked.length);
  });
  return asked;
}

it("the operator's system gets the request with the secret, and its answer is sent", async () => {
  nextPhone();
  const asked = system(async () => Response.json({ status: "on its way" }));
  await text("order");
  await text("77/../1");
  expect(await got(2)).toEqual(["Which order?", "Order 77/../1: on its way. Another?"]);
  expect(asked.map(({ path }) => path)).toEqual(["/orders/77%2F..%2F1"]);
  expect(asked[0]?.headers.get("authorization")).toBe("Bearer s3cret-of-the-crm");
  expect(asked[0]?.headers.get("idempotency-key")).toMatch(/^SM[0-9a-f]{32}-1$/u);
});

it("a secret is only sent to its own hosts", async () => {
  nextPhone();
  const asked = system(async () => Response.json({ status: "?" }));
  await text("leak");
  await text("1");
  expect((await got(2)).at(-1)).toBe("We cannot look that up now.");
  expect(asked).toEqual([]);
});

it("texts that arrive during a request wait, and are answered in order", async () => {
  nextPhone();
  const asked = system(async (_, count) => {
    if (count === 1) await scheduler.wait(800);
    return Response.json({ status: count === 1 ? "slow" : "quick" });
  });
  await text("order");
  await text("1");
  await eventually(
    async () => asked.length,
    (count) => count === 1,
  );
  await text("2");
  await text("3");
  expect(await reached(phone, NUMBER)).toEqual(["Which order?"]);
  expect(await got(4)).toEqual([
    "Which order?",
    "Order 1: slow. Another?",
    "Order 2: quick. Another?",
    "Order 3: quick. Another?",
  ]);
  expect(new Set(asked.map(({ headers }) => headers.get("idempotency-key"))).size).toBe(3);
});

it("after a crash the request is repeated with the same key, and the text is answered once", async () => {
  nextPhone();
  const never = Promise.withResolvers<Response>();
  const asked = system(async (_, count) => (count === 1 ? await never.promise : Response.json({ status: "found" })));
  await text("order");
  await got(1);
  await text("5");
  await eventually(
    async () => asked.length,
    (count) => count === 1,
  );
  await runInDurableObject(sender(), (_, state) => state.abort("killed")).catch(() => undefined);
  await transcript(phone, NUMBER);
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
  expect(await runDurableObjectAlarm(sender())).toBe(true);
  expect(await got(2)).toEqual(["Which order?", "Order 5: found. Another?"]);
  const keys = asked.map(({ headers }) => headers.get("idempotency-key"));
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
});

it("STOP ends the wait: a late answer changes nothing", async () => {
  nextPhone();
  let isOver = false;
  const asked = system(async () => {
    await scheduler.wait(800);
    isOver = true;
    return Response.json({ status: "late" });
  });
  await text("order");
  await got(1);
  await text("5");
  await eventually(
    async () => asked.length,
    (count) => count === 1,
  );
  await text("6");
  await text("STOP");
  await eventually(
    async () => isOver,
    (over) => over,
  );
  await runInDurableObject(sender(), async () => await scheduler.wait(50));
  const messages: readonly Message[] = await transcript(phone, NUMBER);
  expect(messages.filter(({ direction }) => direction === "out").map((message) => message.text)).toEqual([
    "Which order?",
  ]);
});

it("a pause ends by itself, silence gets a reminder, and an idle conversation ends with a message", async () => {
  nextPhone();
  const start = Date.now();
  const at = async (seconds: number): Promise<void> => {
    vi.useFakeTimers({ now: start + seconds * 1_000, toFake: ["Date"] });
    await runDurableObjectAlarm(sender());
  };
  await text("wait");
  expect(await got(1)).toEqual(["One."]);
  await at(60);
  expect(await got(1)).toEqual(["One."]);
  await at(121);
  expect(await got(2)).toEqual(["One.", "Two?"]);
  await at(722);
  expect((await got(3)).at(-1)).toBe("Hello?");
  await at(3_722);
  expect((await got(4)).at(-1)).toBe("This conversation has ended. Text us again anytime.");
});
