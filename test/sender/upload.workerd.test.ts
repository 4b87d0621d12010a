import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import {
  ASSISTANT_FILE_WAIT_MILLISECONDS,
  ASSISTANT_MEDIA_LINK_SECONDS,
  MEDIA_BYTES,
  MEDIA_WAIT_MILLISECONDS,
} from "../../src/core/limits/media.ts";
import { Sender } from "../../src/sender/object.ts";
import {
  answerWithEcho,
  eventually,
  exportsFetch,
  incoming,
  ONE,
  ORIGIN,
  put,
  reached,
  webhook,
} from "../support/worker.ts";

const NUMBER = "+13125550100";
const PHONES = Array.from({ length: 10 }, (_, index) => `+1312555011${index}`);
const CRM = "https://crm.example.com";
const FILES = "https://files.example";
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

/** Asks for a picture, and sends its URL to the operator's system. */
const DAMAGE = {
  title: "Damage",
  keywords: ["damage"],
  steps: [
    { kind: "upload", id: "picture", text: "A picture, please.", save: "picture" },
    {
      kind: "call",
      id: "report",
      request: {
        method: "POST",
        url: `${CRM}/reports`,
        body: { picture: "{{ picture }}", first: "{{ media[0].url }}" },
      },
      failed: "failed",
    },
    { kind: "end", id: "done", text: "Reported." },
    { kind: "end", id: "failed", text: "Not reported." },
  ],
};

let phone = "";
let used = 0;

beforeAll(async () => {
  await answerWithEcho(NUMBER, PHONES);
  await put("/v1/topics/damage", DAMAGE);
  await put("/v1/applications/echo", { name: "Echo", assistant: { kind: "topics", topics: ["damage"] } });
});

beforeEach(() => {
  phone = PHONES[used] ?? "";
  used += 1;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function text(body: string, files: readonly (readonly [path: string, contentType: string])[] = []) {
  const media = files.flatMap(([path, contentType], index) => [
    [`MediaUrl${index}`, FILES + path],
    [`MediaContentType${index}`, contentType],
  ]);
  const fields = { From: phone, To: NUMBER, Body: body, NumMedia: String(files.length) };
  const form = incoming(ONE, { ...fields, ...(Object.fromEntries(media) as Record<string, string>) });
  expect((await exports.default.fetch(webhook("/twilio/message", form, ONE.token))).status).toBe(200);
}

/** Waits for so many messages. @returns their texts */
async function got(count: number): Promise<readonly string[]> {
  return await eventually(
    () => reached(phone, NUMBER),
    (all) => all.length >= count,
  );
}

/** The requests to the operator's system. */
interface Report {
  readonly picture: string;
  readonly first: string;
}

/** Stands in for the operator's system and for Twilio's files. */
function world(file: () => Response | Promise<Response>): readonly Report[] {
  const real = globalThis.fetch;
  const reports: Report[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    if (request.url.startsWith(FILES)) return await file();
    if (!request.url.startsWith(CRM)) return await real(input, init);
    reports.push(await request.json());
    return Response.json({});
  });
  return reports;
}

const picture = () =>
  new Response(PNG, { headers: { "content-type": "image/png", "content-length": String(PNG.length) } });

const large = () =>
  new Response(PNG, { headers: { "content-type": "image/png", "content-length": String(MEDIA_BYTES + 1) } });

async function open(url: string | undefined): Promise<Response> {
  return await exportsFetch(new Request(url ?? ""));
}

async function reported(reports: readonly Report[]): Promise<Report> {
  const [report] = await eventually(
    async () => reports,
    (all) => all.length > 0,
  );
  return report ?? { picture: "", first: "" };
}

async function later(milliseconds: number): Promise<void> {
  vi.useFakeTimers({ now: Date.now() + milliseconds, toFake: ["Date"] });
  await runDurableObjectAlarm(env.SENDER.getByName(phone));
}

it("the operator's system gets a URL that serves the picture for two weeks without a key", async () => {
  const reports = world(picture);
  await text("damage");
  await text("", [["/a", "image/png"]]);
  expect(await got(2)).toEqual(["A picture, please.", "Reported."]);
  const { picture: url, first } = await reported(reports);
  expect(first).toBe(url);
  expect(url).not.toContain(phone.slice(1));
  // The copy is there as soon as the operator's system gets the URL.
  const opened = await open(url);
  expect(opened.status).toBe(200);
  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(PNG);
  expect((await open(`${url}0`)).status).toBe(403);
  await later(ASSISTANT_MEDIA_LINK_SECONDS * 1_000 - 60_000);
  expect((await open(url)).status).toBe(200);
  await later(120_000);
  expect((await open(url)).status).toBe(410);
});

it("the URL answers with a retry time until the picture is copied or given up", async () => {
  const gate = Promise.withResolvers<void>();
  const reports = world(async () => {
    await gate.promise;
    return picture();
  });
  await text("damage");
  await text("", [["/a", "image/png"]]);
  // The wait for a slow file ends after half a minute.
  expect(reports).toEqual([]);
  await later(ASSISTANT_FILE_WAIT_MILLISECONDS);
  const { picture: url } = await reported(reports);
  const early = await open(url);
  expect([early.status, early.headers.get("retry-after")]).toEqual([503, "5"]);
  vi.useFakeTimers({ now: Date.now() + MEDIA_WAIT_MILLISECONDS, toFake: ["Date"] });
  expect((await open(url)).status).toBe(404);
  vi.useRealTimers();
  gate.resolve();
  const opened = await eventually(
    () => open(url),
    ({ status }) => status === 200,
  );
  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(PNG);
  expect(await got(2)).toEqual(["A picture, please.", "Reported."]);
});

it("a picture that is too large is refused with a message, and a smaller one is accepted", async () => {
  const files = [large, picture];
  const reports = world(() => (files.shift() ?? picture)());
  await text("damage");
  await text("", [["/large", "image/png"]]);
  expect((await got(2))[1]).toBe("Sorry, that file is too large. The limit is 16 MB. Please send a smaller one.");
  expect(reports).toEqual([]);
  await text("", [["/small", "image/png"]]);
  expect((await got(3))[2]).toBe("Reported.");
  const opened = await open((await reported(reports)).picture);
  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(PNG);
});

it("a file that is no picture is refused with a message, whatever its label; texts wait meanwhile", async () => {
  const gate = Promise.withResolvers<void>();
  world(async () => {
    await gate.promise;
    return new Response("<!DOCTYPE html>", { headers: { "content-type": "image/png", "content-length": "15" } });
  });
  await text("damage");
  await text("", [["/a", "image/png"]]);
  await text("https://example.com/b.png");
  expect(await got(1)).toEqual(["A picture, please."]);
  gate.resolve();
  const [, refusal, done] = await got(3);
  expect([refusal, done]).toEqual(["Sorry, we can't open that type of file.", "Reported."]);
});

it("an object that crashes during the wait continues when the alarm wakes it", async () => {
  const never = Promise.withResolvers<Response>();
  const files = [() => never.promise, () => picture()];
  const reports = world(() => (files.shift() ?? picture)());
  await text("damage");
  await text("", [["/a", "image/png"]]);
  await eventually(
    async () => files,
    (left) => left.length === 1,
  );
  await runInDurableObject(env.SENDER.getByName(phone), (_, state) => state.abort("killed")).catch(() => undefined);
  await later(ASSISTANT_FILE_WAIT_MILLISECONDS);
  const { picture: url } = await reported(reports);
  const opened = await eventually(
    () => open(url),
    ({ status }) => status === 200,
  );
  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(PNG);
});

it("without a bucket, the assistant gets Twilio's URL at once", async () => {
  const reports = world(picture);
  await text("damage");
  await got(1);
  const { MessageSid: sid = "" } = incoming(ONE, {});
  const from = { sid, accountSid: ONE.sid, from: phone, to: NUMBER, segments: 1, optOut: null };
  const media = [{ url: `${FILES}/a`, contentType: "image/png" }];
  await runInDurableObject(env.SENDER.getByName(phone), async (_, state) => {
    const { MEDIA: __, ...bucketless } = env;
    const without = new Sender(state, bucketless);
    await without.receive({ text: { ...from, text: "", media }, origin: ORIGIN, revision: 0 });
    await reported(reports);
  });
  expect(reports).toEqual([{ picture: `${FILES}/a`, first: `${FILES}/a` }]);
});
