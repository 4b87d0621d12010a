import { env } from "cloudflare:workers";
import { beforeAll, expect, inject, it } from "vitest";
import type { Notice, NoticeReport } from "../../src/notify/notice.ts";
import {
  emulate,
  eventually,
  exportsFetch,
  incoming,
  migrateDatabase,
  put,
  type TestAccount,
  transcript,
  webhook,
} from "../support/worker.ts";

const ACCOUNT: TestAccount = { sid: `AC${"c7".repeat(16)}`, token: "c7".repeat(16) };
const NUMBER = "+14585550100";
const PHONES = Array.from({ length: 8 }, (_, index) => `+145855501${20 + index}`);
const TALKER = "+14585550140";

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ACCOUNT, [NUMBER], [...PHONES, TALKER]);
  const account = { name: "Test", authToken: ACCOUNT.token, baseUrl: inject("emulator") };
  await put(`/v1/accounts/${ACCOUNT.sid}`, account);
  await put("/v1/topics/once", {
    title: "Once",
    keywords: ["once"],
    steps: [
      { kind: "ask", id: "what", text: "What?", save: "what" },
      { kind: "end", id: "done", text: "Done." },
    ],
  });
  await put("/v1/applications/once", { name: "Once", assistant: { kind: "topics", topics: ["once"] } });
  await saveNumber({ segmentsPerDay: 1 });
});

async function saveNumber(caps: object): Promise<void> {
  await put(`/v1/numbers/${NUMBER}`, { account: ACCOUNT.sid, application: "once", type: "long-code", caps });
}

function notice(more: Partial<Notice> = {}): Notice {
  return {
    id: `NO${"7".repeat(32)}`,
    number: NUMBER,
    list: null,
    audience: "anyone",
    text: "Hello",
    variables: {},
    media: null,
    link: null,
    topic: null,
    expiresAt: Date.now() + 48 * 3_600_000,
    ...more,
  };
}

async function text(body: string): Promise<void> {
  const form = incoming(ACCOUNT, { From: TALKER, To: NUMBER, Body: body });
  expect((await exportsFetch(webhook("/twilio/message", form, ACCOUNT.token))).status).toBe(200);
}

const sender = (phone: string) => env.SENDER.getByName(phone);

async function notify(phone: string, each: Notice): Promise<NoticeReport> {
  return await sender(phone).notify({ phone, notice: each, origin: "https://sms.example.com", revision: 0 });
}

const isDecided = (report: NoticeReport | null) =>
  report?.outcome !== "sent" || report.messages.every(({ sid }) => sid !== null);

it("no notice is lost at the edge of a cap: each one not sent is queued or can be retried", async () => {
  const asked = notice();
  const first = new Map<string, NoticeReport>();
  await Promise.all(PHONES.map(async (phone) => first.set(phone, await notify(phone, asked))));
  const reports = await Promise.all(
    PHONES.map(async (phone) => await eventually(() => sender(phone).noticed(asked.id), isDecided)),
  );
  const count = (outcome: string | null) =>
    reports.filter((report) => (report === null ? null : report.outcome) === outcome).length;
  expect(count("sent")).toBe(1);
  // Nothing is stored of notices that were refused for the cap.
  expect(count("queued") + count(null)).toBe(PHONES.length - 1);
  expect(count(null)).toBe([...first.values()].filter(({ outcome }) => outcome === "refused").length);
});

it("a notice that meets the cap when its turn comes waits until the day is over, and the transcript says so", async () => {
  await saveNumber({ segmentsPerDay: 100 });
  await text("once");
  const asked = notice({ id: `NO${"8".repeat(32)}`, topic: "once" });
  expect(await notify(TALKER, asked)).toMatchObject({ outcome: "queued" });
  await saveNumber({ segmentsPerDay: 1 });
  await text("enough");
  const messages = await eventually(
    () => transcript(TALKER, NUMBER),
    (all) => all.filter(({ status }) => status === "dropped").length === 3,
  );
  const midnight = new Date(Math.ceil(Date.now() / 86_400_000) * 86_400_000).toISOString();
  const why = `the daily cap of the number was reached: the notice waits until ${midnight}`;
  expect(messages.slice(-2)).toMatchObject([
    { text: "Hello", error: { message: why }, notes: [`Not sent: ${why}.`] },
    { text: "What?", error: { message: why } },
  ]);
  expect(await sender(TALKER).noticed(asked.id)).toEqual({ outcome: "queued", until: asked.expiresAt });
  await saveNumber({ segmentsPerDay: 100 });
  expect(await sender(TALKER).withdraw(asked.id)).toEqual({ outcome: "refused", reason: "cancelled" });
});
