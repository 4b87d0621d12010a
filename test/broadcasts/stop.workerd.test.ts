import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Notice } from "../../src/notify/notice.ts";
import {
  answerWithEcho,
  eventually,
  exportsFetch,
  incoming,
  ONE,
  ORIGIN,
  put,
  reached,
  transcript,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+16155550101";
const PHONES = Array.from({ length: 16 }, (_, index) => `+161555501${index + 10}`);
const BROADCASTS = ["a", "b", "c", "d"];
const DELIVERIES = 3;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/lists/herald", { title: "Herald", number: NUMBER, audience: "anyone" });
  for (const phone of PHONES) await put(`/v1/lists/herald/subscribers/${phone}`, { proof: "a form" });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A broadcast's notice, as each consumer sends it to the Sender. */
function noticeOf(broadcast: string): Notice {
  return {
    id: `BR${broadcast.repeat(32)}`,
    number: NUMBER,
    list: "herald",
    audience: "anyone",
    text: `Broadcast ${broadcast}`,
    variables: {},
    media: null,
    link: null,
    topic: null,
    quiet: null,
    expiresAt: Date.now() + 3_600_000,
  };
}

/** The POSTs to Twilio, in order of their start. */
function watchPosts(): { readonly to: string; readonly body: string }[] {
  const posts: { readonly to: string; readonly body: string }[] = [];
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : input.toString();
    if (init?.method === "POST" && url.includes("/Messages.json")) {
      const form = new URLSearchParams(init.body as string | URLSearchParams);
      posts.push({ to: form.get("To") ?? "", body: form.get("Body") ?? "" });
    }
    return await real(input, init);
  });
  return posts;
}

async function text(phone: string, body: string): Promise<void> {
  const form = incoming(ONE, { From: phone, To: NUMBER, Body: body });
  expect((await exportsFetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

/** Sends each broadcast's notice several times, all at once. */
function handOver(phone: string): readonly Promise<unknown>[] {
  const deliveries = Array.from({ length: DELIVERIES }, () => BROADCASTS.map(noticeOf)).flat();
  const sender = env.SENDER.getByName(phone);
  return deliveries.map(async (notice) => await sender.notify({ phone, notice, origin: ORIGIN, revision: 0 }));
}

const isQuiet = async (phone: string) =>
  await eventually(
    () => transcript(phone, NUMBER),
    (all) => all.every(({ status }) => status !== "pending" && status !== "claimed"),
  );

describe("many broadcasts at once", () => {
  it.each([
    ["STOP", PHONES.slice(0, 7), 0],
    ["please stop texting me", PHONES.slice(7, 14), 1],
  ])("end with %s, whenever it comes between them", async (words, phones, confirmations) => {
    const posts = watchPosts();
    let told = 0;
    await Promise.all(
      phones.map(async (phone, index) => {
        // The first contact opts out before any notice; the others after some notices are decided, or while texts are being sent.
        const handed = index === 0 ? [] : handOver(phone);
        await Promise.all(handed.slice(0, index * 2));
        await text(phone, words);
        const before = posts.filter(({ to }) => to === phone).length;
        await Promise.all([...handed, ...handOver(phone)]);
        await isQuiet(phone);
        const after = posts.filter(({ to }) => to === phone).slice(before);
        expect(after.filter(({ body }) => body.startsWith("Broadcast"))).toEqual([]);
        expect(after.length).toBeLessThanOrEqual(confirmations);
        const texts = await reached(phone, NUMBER);
        expect(new Set(texts).size).toBe(texts.length);
        told += texts.filter((each) => each.startsWith("Broadcast")).length;
      }),
    );
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(phones.length * BROADCASTS.length);
  });

  it("reach a contact who stays, each once", async () => {
    const phones = PHONES.slice(14);
    for (const phone of phones) {
      await Promise.all([...handOver(phone), ...handOver(phone)]);
      await isQuiet(phone);
      const texts = await reached(phone, NUMBER);
      expect(texts.toSorted()).toEqual(BROADCASTS.map((each) => `Broadcast ${each}`));
    }
  });
});
