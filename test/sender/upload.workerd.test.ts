import { runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { MEDIA_HANDED_SECONDS, MEDIA_WAIT_MILLISECONDS } from "../../src/core/limits.ts";
import { answerWithEcho, eventually, exportsFetch, incoming, ONE, put, reached, webhook } from "../support/worker.ts";

const NUMBER = "+13125550100";
const PHONES = Array.from({ length: 10 }, (_, index) => `+1312555011${index}`);
const CRM = "https://crm.example.com";
const FILES = "https://files.example";
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

/** Asks for a picture, and gives its URL to the operator's system. */
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

/** What the person has got, once it is so much. */
async function got(count: number): Promise<readonly string[]> {
  return await eventually(
    () => reached(phone, NUMBER),
    (all) => all.length >= count,
  );
}

/** What the operator's system was told. */
interface Report {
  readonly picture: string;
  readonly first: string;
}

/** The operator's system, and where Twilio has the files. */
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

it("the operator's system gets a URL that opens the picture, without a key and for two weeks", async () => {
  const reports = world(picture);
  await text("damage");
  await text("", [["/a", "image/png"]]);
  expect(await got(2)).toEqual(["A picture, please.", "Reported."]);
  const { picture: url, first } = await reported(reports);
  expect(first).toBe(url);
  expect(url).not.toContain(phone.slice(1));
  const opened = await eventually(
    () => open(url),
    ({ status }) => status === 200,
  );
  expect(new Uint8Array(await opened.arrayBuffer())).toEqual(PNG);
  expect((await open(`${url}0`)).status).toBe(403);
  await later(MEDIA_HANDED_SECONDS * 1_000 - 60_000);
  expect((await open(url)).status).toBe(200);
  await later(120_000);
  expect((await open(url)).status).toBe(410);
});

it("the URL asks for patience until the picture is there, and no longer than it may come", async () => {
  const gate = Promise.withResolvers<void>();
  const reports = world(async () => {
    await gate.promise;
    return picture();
  });
  await text("damage");
  await text("", [["/a", "image/png"]]);
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
});
