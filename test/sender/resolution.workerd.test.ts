import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { Message } from "../../src/sender/records/transcript.ts";
import { answerWithEcho, api, eventually, incoming, ONE, reached, transcript, webhook } from "../support/worker.ts";

const NUMBER = "+12025550105";
const PHONES = ["+12025550130", "+12025550131", "+12025550132", "+12025550133"];
let phone = "";

beforeAll(() => answerWithEcho(NUMBER, PHONES));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Lets Twilio give no answer until the part is unknown. */
async function becomeUnknown(): Promise<void> {
  phone = PHONES.shift() ?? "";
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (url.includes("/2010-04-01/")) throw new TypeError("connection refused");
    return await real(input, init);
  });
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: "go" });
  await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
  await eventually(part, (message) => message?.status === "uncertain");
  for (let asked = 1; asked <= 10; asked += 1) {
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    await runDurableObjectAlarm(env.SENDER.getByName(phone));
  }
  vi.restoreAllMocks();
}

async function part(): Promise<Message | undefined> {
  return (await transcript(phone, NUMBER))[1];
}

async function resolve(body: unknown, id = "1.0"): Promise<number> {
  return (await api("POST", `/v1/senders/${phone}/conversations/${NUMBER}/messages/${id}/resolution`, body)).status;
}

it("a part of unknown delivery is reported, and blocks no other part", async () => {
  await becomeUnknown();
  expect(await part()).toMatchObject({ status: "unknown", error: { code: null, message: "connection failed" } });
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: "next" });
  await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
  expect(
    await eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === 1,
    ),
  ).toEqual(["next"]);
});

it("an operator resends it once, also after later answers were sent", async () => {
  await becomeUnknown();
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: "next" });
  await exports.default.fetch(webhook("/twilio/message", form, ONE.token));
  const reaches = (count: number) =>
    eventually(
      () => reached(phone, NUMBER),
      (all) => all.length === count,
    );
  await reaches(1);
  expect(await resolve({ as: "resend" })).toBe(204);
  expect(await reaches(2)).toEqual(["next", "What?"]);
  await eventually(part, (message) => message?.sid !== null);
  expect(await resolve({ as: "resend" })).toBe(409);
  expect(await reached(phone, NUMBER)).toEqual(["next", "What?"]);
});

it.each([
  ["drop", "dropped"],
  ["sent", "sent"],
])("an operator resolves it as %s", async (as, status) => {
  await becomeUnknown();
  expect(await resolve({ as })).toBe(204);
  expect(await part()).toMatchObject({ status });
  expect(await resolve({ as })).toBe(409);
  expect(await resolve({ as: "maybe" })).toBe(422);
  expect(await resolve({ as }, "7.0")).toBe(409);
  expect(await resolve({ as }, "1")).toBe(400);
  expect(await reached(phone, NUMBER)).toEqual([]);
  expect(await runInDurableObject(env.SENDER.getByName(phone), (_, state) => state.storage.getAlarm())).not.toBeNull();
});
