import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { answerWithEcho, eventually, incoming, ONE, put, reached, transcript, webhook } from "../support/worker.ts";

const NUMBER = "+14155550100";
const PHONES = Array.from({ length: 5 }, (_, index) => `+141555501${70 + index}`);
const SERVICE = "https://directline.botframework.com/v3/directline";

let phone = "";
let used = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/secrets/bot", { value: "a-key-of-the-channel", hosts: ["directline.botframework.com"] });
  await put("/v1/applications/echo", {
    name: "Echo",
    assistant: { kind: "directline", access: { kind: "secret", secret: "bot" }, quietSeconds: 0.2 },
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

const sender = () => env.SENDER.getByName(phone);

function nextPhone(): void {
  phone = PHONES[used] ?? "";
  used += 1;
}

async function text(body: string): Promise<void> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body });
  expect((await exports.default.fetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

interface Service {
  readonly asked: string[];
  readonly keys: Set<string | null>;
}

/** A bot that echoes after so many empty polls. @param status the HTTP status for a posted text */
function service(vain: number, status = 200): Service {
  const real = globalThis.fetch;
  const asked: string[] = [];
  const keys = new Set<string | null>();
  const activities: object[] = [];
  let waiting = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (!url.startsWith(SERVICE)) return await real(input, init);
    const path = url.slice(SERVICE.length);
    asked.push(`${init?.method} ${path}`);
    keys.add(new Headers(init?.headers).get("authorization"));
    if (path === "/conversations") return Response.json({ conversationId: "c1" }, { status: 201 });
    if (init?.method === "POST") {
      const posted = (await new Response(init.body).json()) as { text: string };
      const id = `c1|${activities.length}`;
      activities.push({ ...posted, id });
      activities.push({
        type: "message",
        id: `${id}a`,
        replyToId: id,
        from: { id: "bot" },
        text: `You said ${posted.text}.`,
      });
      waiting = vain;
      return Response.json({ id }, { status });
    }
    const from = Number(new URL(url).searchParams.get("watermark") ?? 0);
    waiting -= 1;
    if (waiting >= 0) return Response.json({ activities: [], watermark: String(from) });
    return Response.json({ activities: activities.slice(from), watermark: String(activities.length) });
  });
  return { asked, keys };
}

/** Waits until all parts are at Twilio. */
async function settled(parts: number): Promise<void> {
  await eventually(
    () => transcript(phone, NUMBER),
    (messages) => messages.filter(({ direction, sid }) => direction === "out" && sid !== null).length === parts,
  );
}

const rows = async () => await runInDurableObject(sender(), (instance) => instance.rows.written);

/** @returns how many rows the object writes for a text in an open conversation */
async function costOfSecond(): Promise<number> {
  await text("first");
  await settled(1);
  const before = await rows();
  await text("second");
  await settled(2);
  const cost = (await rows()) - before;
  expect(await reached(phone, NUMBER)).toEqual(["You said first.", "You said second."]);
  return cost;
}

it("a bot answers by Direct Line; each poll costs a row", async () => {
  nextPhone();
  const { asked, keys } = service(0);
  const two = await costOfSecond();
  expect(asked.slice(4)).toEqual([
    "POST /conversations/c1/activities",
    "GET /conversations/c1/activities?watermark=2",
    "GET /conversations/c1/activities?watermark=4",
  ]);
  expect([...keys]).toEqual(["Bearer a-key-of-the-channel"]);
  vi.restoreAllMocks();
  nextPhone();
  service(2);
  const four = await costOfSecond();
  console.log(`Rows written in a turn of Direct Line: ${two} with two polls, ${four} with four.`);
  expect(two).toBeLessThanOrEqual(10);
  // The third is the alarm, which fires once during the wait for the bot.
  expect(four - two).toBeLessThanOrEqual(3);
});

it("a bot with a scheduled poll is not polled after STOP", async () => {
  nextPhone();
  const { asked } = service(1_000);
  await text("first");
  await eventually(
    async () => asked.filter((way) => way.startsWith("GET")).length,
    (polls) => polls >= 1,
  );
  await text("STOP");
  const before = asked.length;
  // A pause that has begun lasts a second at most.
  await scheduler.wait(1_200);
  expect(asked).toHaveLength(before);
});

it("a text is posted once, whatever the service reports about a slow bot", async () => {
  nextPhone();
  const { asked } = service(0, 504);
  await text("first");
  await settled(1);
  expect(await reached(phone, NUMBER)).toEqual(["You said first."]);
  expect(asked.filter((way) => way.startsWith("POST"))).toEqual([
    "POST /conversations",
    "POST /conversations/c1/activities",
  ]);
});
