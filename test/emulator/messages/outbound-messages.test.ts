import twilio from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  ACCOUNT,
  NUMBER,
  PHONE,
  type ReceivedRequest,
  startReceiver,
  startTestEmulator,
  TOKEN,
  waitFor,
} from "../support.ts";

const PNG = Buffer.from("iVBORw0KGgo=", "base64");

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  [emulator, receiver] = await Promise.all([startTestEmulator(), startReceiver(() => ({ status: 204 }))]);
});
afterEach(() => Promise.all([emulator.stop(), receiver.stop()]));

const create = (more: Record<string, unknown> = {}) =>
  emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "Hello", ...more });

const waitForFinalStatus = (sid: string) =>
  waitFor(`the end of ${sid}`, async () => {
    const message = await emulator.client.messages(sid).fetch();
    return ["delivered", "undelivered", "failed", "canceled"].includes(message.status) && message;
  });

function isSigned(request: ReceivedRequest, url: string): boolean {
  return twilio.validateRequest(TOKEN, String(request.headers["x-twilio-signature"]), url, request.form);
}

describe("status callbacks", () => {
  test("report sent and delivered, but not queued, and are signed", async () => {
    const url = `${receiver.origin}/twilio/status?part=1.0&x=%27`;
    const { sid } = await create({ statusCallback: `${url}#rc=2` });
    await waitFor("two callbacks", () => receiver.received.length === 2);
    const byStatus = new Map(receiver.received.map((request) => [request.form["MessageStatus"], request]));
    expect(new Set(byStatus.keys())).toEqual(new Set(["sent", "delivered"]));
    for (const [status, request] of byStatus) {
      expect(request).toMatchObject({ method: "POST", url: "/twilio/status?part=1.0&x=%27" });
      expect(request.headers).toMatchObject({
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "user-agent": "TwilioProxy/1.1",
        "i-twilio-idempotency-token": expect.stringMatching(/^[0-9a-f-]{36}$/u),
      });
      expect(request.form).toMatchObject({
        AccountSid: ACCOUNT,
        ApiVersion: "2010-04-01",
        From: NUMBER,
        MessageSid: sid,
        SmsSid: sid,
        SmsStatus: status,
        To: PHONE,
      });
      expect(isSigned(request, `${receiver.origin}${request.url}`)).toBe(true);
      expect(isSigned(request, `${receiver.origin}/twilio/other`)).toBe(false);
    }
    expect(byStatus.get("sent")?.form["RawDlrDoneDate"]).toBeUndefined();
    expect(byStatus.get("delivered")?.form["RawDlrDoneDate"]).toMatch(/^\d{10}$/u);
    expect(await emulator.attempts(sid)).toMatchObject([
      { kind: "status", status: 204, error: null, url: `${url}#rc=2` },
      { kind: "status", status: 204, error: null },
    ]);
  });

  test("contain the error of an undelivered message", async () => {
    const { sid } = await create({ to: "+12025550177", statusCallback: `${receiver.origin}/status` });
    await waitFor("two callbacks", () => receiver.received.length === 2);
    const last = receiver.received.find(({ form }) => form["MessageStatus"] === "undelivered");
    expect(last?.form).toMatchObject({ ErrorCode: "30003", MessageSid: sid });
    expect(await waitForFinalStatus(sid)).toMatchObject({ status: "undelivered", errorCode: 30003 });
  });

  test("that fail are recorded, and retried by the connection overrides", async () => {
    receiver.behaviour.answer = () => ({ status: 503 });
    const { sid } = await create({ to: "+12025550177", statusCallback: `${receiver.origin}/status#rc=2&rp=5xx` });
    await waitFor("six attempts", () => receiver.received.length === 6);
    const attempts = await waitFor("their records", async () => {
      const all = await emulator.attempts(sid);
      return all.length === 6 && all;
    });
    expect(attempts.every(({ error, status }) => error?.code === 11200 && status === 503)).toBe(true);
    expect((await waitForFinalStatus(sid)).status).toBe("undelivered");
  });

  test("report a canceled message", async () => {
    await emulator.stop();
    emulator = await startTestEmulator({ queuedMs: 600_000, sentMs: 0 });
    const { sid } = await create({ statusCallback: `${receiver.origin}/status` });
    await emulator.client.messages(sid).update({ status: "canceled" });
    await waitFor("a callback", () => receiver.received.length === 1);
    expect(receiver.received[0]?.form["MessageStatus"]).toBe("canceled");
  });
});

test("a message fails if its account is suspended before it is sent", async () => {
  await emulator.stop();
  emulator = await startTestEmulator({ queuedMs: 300, sentMs: 0 });
  const { sid } = await create();
  const settings = { friendlyName: "N", authToken: TOKEN, status: "suspended" };
  await emulator.callJson("PUT", `/emulator/accounts/${ACCOUNT}`, settings);
  expect(await waitForFinalStatus(sid)).toMatchObject({ status: "failed", errorCode: 30002 });
});

describe("a message to a number without a phone", () => {
  test("is undelivered; after the phone is added, the next one is delivered", async () => {
    const late = "+12025550178";
    expect((await waitForFinalStatus((await create({ to: late })).sid)).status).toBe("undelivered");
    await emulator.callJson("POST", "/emulator/phones", { number: late });
    expect((await waitForFinalStatus((await create({ to: late })).sid)).status).toBe("delivered");
  });
});

describe("outbound media", () => {
  beforeEach(() => {
    receiver.behaviour.answer = ({ url }) => {
      if (url === "/picture") return { headers: { "content-type": "image/png; x=y" }, body: PNG };
      if (url === "/large")
        return { headers: { "content-type": "image/png" }, body: Buffer.alloc(5 * 1024 * 1024 + 1) };
      if (url === "/untyped") return { body: "x" };
      return { status: 404 };
    };
  });

  test("are fetched and shown on the phone", async () => {
    const media = [`${receiver.origin}/picture`, `${receiver.origin}/picture`];
    const { sid, numMedia } = await create({ body: "", mediaUrl: media });
    expect(sid).toMatch(/^MM/u);
    expect(numMedia).toBe("2");
    expect(await waitForFinalStatus(sid)).toMatchObject({ status: "delivered", numMedia: "2" });
    const [message] = await emulator.transcript();
    expect(message?.media.map(({ contentType }) => contentType)).toEqual(["image/png", "image/png"]);
    const shown = await fetch(emulator.origin + message?.media[0]?.path);
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(PNG);
  });

  test.each([
    ["/missing", 11200],
    ["/large", 11751],
    ["/untyped", 12300],
  ])("that cannot be fetched (%s) fail the message: %i", async (path, errorCode) => {
    const { sid } = await create({ mediaUrl: [`${receiver.origin}/picture`, receiver.origin + path] });
    expect(await waitForFinalStatus(sid)).toMatchObject({ status: "failed", errorCode });
  });

  test("are listed, fetched and removed by Twilio's client", async () => {
    const { sid } = await create({ mediaUrl: [`${receiver.origin}/picture`] });
    await waitForFinalStatus(sid);
    const [media] = await emulator.client.messages(sid).media.list();
    expect(media).toMatchObject({ parentSid: sid, contentType: "image/png", accountSid: ACCOUNT });
    const mediaSid = media?.sid ?? "";
    expect(await emulator.client.messages(sid).media(mediaSid).fetch()).toMatchObject({ sid: mediaSid });
    expect(await emulator.client.messages(sid).media(mediaSid).remove()).toBe(true);
    expect(await emulator.client.messages(sid).media.list()).toEqual([]);
    await expect(emulator.client.messages(sid).media(mediaSid).fetch()).rejects.toMatchObject({ code: 20404 });
  });
});
