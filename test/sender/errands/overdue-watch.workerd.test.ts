import {
  createExecutionContext,
  createScheduledController,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import worker from "../../../src/index.ts";
import type { Message } from "../../../src/sender/records/transcript.ts";
import { answerWithEcho, eventually, incoming, ONE, reached, transcript, webhook } from "../../support/worker.ts";

const NUMBER = "+12025550106";
const PHONE = "+12025550134";

beforeAll(() => answerWithEcho(NUMBER, [PHONE]));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const sender = () => env.SENDER.getByName(PHONE);

async function text(body: string): Promise<void> {
  const form = incoming(ONE, { From: PHONE, To: NUMBER, Body: body });
  await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
}

async function watched(): Promise<readonly unknown[]> {
  return (await env.DB.prepare("SELECT phone FROM overdue").all()).results;
}

async function runCron(): Promise<void> {
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController({ scheduledTime: Date.now(), cron: "*/5 * * * *" }), env);
  await waitOnExecutionContext(context);
}

const part = (status: string) => (all: readonly Message[]) =>
  all.findLast(({ direction }) => direction === "out")?.status === status;

it("a Sender without trouble is never listed in D1", async () => {
  await text("go");
  await eventually(() => transcript(PHONE, NUMBER), part("queued"));
  expect(await watched()).toEqual([]);
});

it("a Sender in trouble whose alarm is lost is woken, and then removed from the list", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementationOnce(async () => {
    throw new TypeError("connection refused");
  });
  await text("one");
  await eventually(() => transcript(PHONE, NUMBER), part("uncertain"));
  expect(await eventually(watched, (rows) => rows.length === 1)).toEqual([{ phone: PHONE }]);
  await runInDurableObject(sender(), async (_, state) => await state.storage.deleteAlarm());
  await evictDurableObject(sender());

  await runCron();
  expect(await reached(PHONE, NUMBER)).toEqual(["What?"]);
  vi.useFakeTimers({ now: Date.now() + 5 * 60_000, toFake: ["Date"] });
  await runCron();
  expect(
    await eventually(
      () => reached(PHONE, NUMBER),
      (all) => all.length === 2,
    ),
  ).toEqual(["What?", "one"]);
  await eventually(() => transcript(PHONE, NUMBER), part("queued"));
  vi.useFakeTimers({ now: Date.now() + 10 * 60_000, toFake: ["Date"] });
  await runCron();
  expect(await watched()).toEqual([]);
});

it("a Sender whose trouble ends by itself is removed at once", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementationOnce(async () =>
    Response.json({ code: 20_429 }, { status: 429, headers: { "retry-after": "1" } }),
  );
  await text("two");
  await eventually(watched, (rows) => rows.length === 1);
  await eventually(() => transcript(PHONE, NUMBER), part("queued"));
  expect(await eventually(watched, (rows) => rows.length === 0)).toEqual([]);
});
