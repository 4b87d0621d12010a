import twilio from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, EMPTY_TWIML, NUMBER, PHONE, startReceiver, startTestEmulator, TOKEN, twiml } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  [emulator, receiver] = await Promise.all([startTestEmulator(), startReceiver()]);
});
afterEach(() => Promise.all([emulator.stop(), receiver.stop()]));

const PICTURE = `data:image/png;base64,iVBORw0KGgo=`;

function signature(index: number): string {
  return String(receiver.received[index]?.headers["x-twilio-signature"]);
}

describe("an inbound text", () => {
  test("calls the webhook with all of Twilio's parameters and a signature", async () => {
    const url = `${receiver.origin}/twilio/message?tenant=north&q=%27a%20b`;
    await emulator.setNumber({ smsUrl: url });
    const { sid, status } = await emulator.text("Grüße & 😀 + more");
    expect(status).toBe("received");
    expect(receiver.received).toHaveLength(1);
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: "POST", url: "/twilio/message?tenant=north&q=%27a%20b" });
    expect(request?.headers).toMatchObject({
      "user-agent": "TwilioProxy/1.1",
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "i-twilio-idempotency-token": expect.stringMatching(/^[0-9a-f-]{36}$/u),
    });
    expect(request?.form).toEqual({
      AccountSid: ACCOUNT,
      ApiVersion: "2010-04-01",
      Body: "Grüße & 😀 + more",
      From: PHONE,
      FromCity: "WASHINGTON",
      FromCountry: "US",
      FromState: "DC",
      FromZip: "20004",
      MessageSid: sid,
      NumMedia: "0",
      NumSegments: "1",
      SmsMessageSid: sid,
      SmsSid: sid,
      SmsStatus: "received",
      To: NUMBER,
      ToCity: "WASHINGTON",
      ToCountry: "US",
      ToState: "DC",
      ToZip: "20004",
    });
    expect(twilio.validateRequest(TOKEN, signature(0), url, request?.form ?? {})).toBe(true);
    expect(twilio.validateRequest("b".repeat(32), signature(0), url, request?.form ?? {})).toBe(false);
    expect(twilio.validateRequest(TOKEN, signature(0), url, { ...request?.form, Body: "Other" })).toBe(false);
    expect(await emulator.attempts(sid)).toMatchObject([
      { kind: "message", messageSid: sid, url, attempt: 1, status: 200, error: null, answer: "<Response/>" },
    ]);
    expect(await emulator.client.messages(sid).fetch()).toMatchObject({ direction: "inbound", status: "received" });
  });

  test("is signed with the primary token, not the secondary one", async () => {
    const settings = { friendlyName: "N", authToken: "primary", secondaryAuthToken: "secondary" };
    await emulator.callJson("PUT", `/emulator/accounts/${ACCOUNT}`, settings);
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    await emulator.text("Hi");
    const form = receiver.received[0]?.form ?? {};
    expect(twilio.validateRequest("primary", signature(0), `${receiver.origin}/m`, form)).toBe(true);
    expect(twilio.validateRequest("secondary", signature(0), `${receiver.origin}/m`, form)).toBe(false);
  });

  test("by GET has its parameters in the query, which is signed", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m?a=1`, smsMethod: "GET" });
    await emulator.text("Hi & bye");
    const [request] = receiver.received;
    expect(request).toMatchObject({ method: "GET", body: "" });
    expect(request?.url).toMatch(/^\/m\?a=1&ToCountry=US&/u);
    expect(new URL(`${receiver.origin}${request?.url}`).searchParams.get("Body")).toBe("Hi & bye");
    expect(twilio.validateRequest(TOKEN, signature(0), `${receiver.origin}${request?.url}`, {})).toBe(true);
  });

  test("requests the root if the URL has no path", async () => {
    await emulator.setNumber({ smsUrl: receiver.origin });
    await emulator.text("Hi");
    const [request] = receiver.received;
    expect(request?.url).toBe("/");
    expect(twilio.validateRequest(TOKEN, signature(0), `${receiver.origin}/`, request?.form ?? {})).toBe(true);
  });

  test("has media URLs that need credentials and redirect to URLs that need none", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    const { sid } = await emulator.text("", { mediaUrls: [PICTURE, "data:text/vcard,BEGIN%3AVCARD"] });
    expect(sid).toMatch(/^MM/u);
    const form = receiver.received[0]?.form ?? {};
    expect(form).toMatchObject({
      NumMedia: "2",
      Body: "",
      MediaContentType0: "image/png",
      MediaContentType1: "text/vcard",
    });
    const url = form["MediaUrl0"] ?? "";
    expect(url).toMatch(
      new RegExp(`^${emulator.origin}/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid}/Media/ME[0-9a-f]{32}$`, "u"),
    );
    expect((await fetch(url)).status).toBe(401);
    const headers = { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` };
    const redirect = await fetch(url, { headers, redirect: "manual" });
    expect(redirect.status).toBe(307);
    const location = redirect.headers.get("location") ?? "";
    expect(new URL(location).origin).not.toBe(emulator.origin);
    expect((await fetch(location, { headers })).status).toBe(400);
    const file = await fetch(location);
    expect(file.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await file.arrayBuffer()).toString("base64")).toBe("iVBORw0KGgo=");
  });

  test("has public media URLs if the account says so", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    const settings = { friendlyName: "Northwind", authToken: TOKEN, mediaAuth: false };
    await emulator.callJson("PUT", `/emulator/accounts/${ACCOUNT}`, settings);
    await emulator.text("", { mediaUrls: [PICTURE] });
    const url = receiver.received[0]?.form["MediaUrl0"] ?? "";
    const file = await fetch(url);
    expect(Buffer.from(await file.arrayBuffer()).toString("base64")).toBe("iVBORw0KGgo=");
    expect((await fetch(`${url}.json`)).status).toBe(401);
  });

  test("requests a URL with its non-ASCII letters escaped", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/grüße?q=%C3%BC#rc=0` });
    await emulator.text("Hi");
    expect(receiver.received[0]?.url).toBe("/gr%C3%BC%C3%9Fe?q=%C3%BC");
  });

  test("for a suspended account calls no webhook", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    const settings = { friendlyName: "N", authToken: TOKEN, status: "suspended" };
    await emulator.callJson("PUT", `/emulator/accounts/${ACCOUNT}`, settings);
    const { sid } = await emulator.text("Hi");
    expect([receiver.received, await emulator.attempts(sid)]).toEqual([[], []]);
  });

  test("is only recorded if there is no webhook", async () => {
    const { sid } = await emulator.text("Anybody?");
    expect(await emulator.attempts(sid)).toEqual([]);
    expect(await emulator.transcript()).toMatchObject([{ sid, body: "Anybody?" }]);
  });
});

describe("credentials in the URL", () => {
  test("are sent if the server asks for them, and signed", async () => {
    receiver.behaviour.answer = ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }
        : EMPTY_TWIML;
    const url = receiver.origin.replace("http://", "http://api%40key:s%3Acret@") + "/m";
    await emulator.setNumber({ smsUrl: url });
    await emulator.text("Hi");
    expect(receiver.received.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      `Basic ${Buffer.from("api@key:s:cret").toString("base64")}`,
    ]);
    expect(twilio.validateRequest(TOKEN, signature(1), url, receiver.received[1]?.form ?? {})).toBe(true);
    expect(await emulator.attempts()).toMatchObject([{ status: 200, error: null }]);
  });
});

describe("redirects", () => {
  test("are followed by GET without parameters", async () => {
    receiver.behaviour.answer = ({ url }) =>
      url === "/m" ? { status: 302, headers: { location: "/n?x=1" } } : twiml("<Message>From n</Message>");
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    await emulator.text("Hi");
    expect(receiver.received.map(({ method, url, body }) => [method, url, body !== ""])).toEqual([
      ["POST", "/m", true],
      ["GET", "/n?x=1", false],
    ]);
    expect(twilio.validateRequest(TOKEN, signature(1), `${receiver.origin}/n?x=1`, {})).toBe(true);
    expect((await emulator.transcript()).map(({ body }) => body)).toContain("From n");
  });

  test("without an end are an error", async () => {
    receiver.behaviour.answer = () => ({ status: 301, headers: { location: "/m" } });
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    await emulator.text("Hi");
    expect(await emulator.attempts()).toMatchObject([{ error: { code: 11215 } }]);
  });
});

describe("connection overrides", () => {
  test("set the number of retries, which have the same idempotency token", async () => {
    let calls = 0;
    receiver.behaviour.answer = () => ((calls += 1) < 4 ? { status: 500 } : EMPTY_TWIML);
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m#rc=5&rp=all` });
    const { sid } = await emulator.text("Hi");
    const tokens = receiver.received.map(({ headers }) => headers["i-twilio-idempotency-token"]);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(1);
    expect((await emulator.attempts(sid)).map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 200],
    ]);
    expect(receiver.received.every(({ url }) => url === "/m")).toBe(true);
    await emulator.text("Another");
    expect(receiver.received.at(-1)?.headers["i-twilio-idempotency-token"]).not.toBe(tokens[0]);
  });

  test.each([
    ["", 500, 1],
    ["", 429, 1],
    ["#rc=2&rp=4xx", 500, 1],
    ["#rc=2&rp=4xx", 404, 3],
    ["#rc=2&rp=4xx,5xx", 502, 3],
    ["#rc=0&rp=all", 500, 1],
    ["#rc=9&rp=all", 500, 6],
    ["#nonsense", 500, 1],
  ])("with %j lead to HTTP %i: %i attempts", async (fragment, status, attempts) => {
    receiver.behaviour.answer = () => ({ status });
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m${fragment}` });
    await emulator.text("Hi");
    expect(receiver.received).toHaveLength(attempts);
  });

  test("retry a refused connection once by default", async () => {
    await receiver.stop();
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    const { sid } = await emulator.text("Hi");
    expect(await emulator.attempts(sid)).toMatchObject([
      { attempt: 1, status: null, error: { code: 11205 } },
      { attempt: 2, status: null, error: { code: 11205 } },
    ]);
  });

  test("set the timeouts of a response and of all attempts", async () => {
    receiver.behaviour.answer = () => null;
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m#rt=150&tt=400&rc=5&rp=rt` });
    const { sid } = await emulator.text("Hi");
    const attempts = await emulator.attempts(sid);
    expect(attempts.length).toBeGreaterThanOrEqual(2);
    expect(attempts.length).toBeLessThanOrEqual(4);
    expect(attempts.every(({ error, status }) => error?.code === 11205 && status === null)).toBe(true);
    expect(attempts.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeLessThan(1_000);
  });
});

describe("the fallback", () => {
  beforeEach(() =>
    emulator.setNumber({ smsUrl: `${receiver.origin}/m?a=1#rc=0`, smsFallbackUrl: `${receiver.origin}/f` }),
  );

  test.each([
    ["an HTTP error", { status: 500 }, 11200],
    ["a client error", { status: 403 }, 11200],
    ["no content type", { body: "<Response/>" }, 12300],
    ["JSON", { headers: { "content-type": "application/json" }, body: "{}" }, 12300],
    ["broken XML", { headers: { "content-type": "text/xml" }, body: "<Response><Message>" }, 12100],
    ["other XML", { headers: { "content-type": "application/xml" }, body: "<html/>" }, 12100],
    ["an empty body", { headers: { "content-type": "text/xml" }, body: "" }, 12100],
    [
      "a body that is too large",
      { headers: { "content-type": "text/xml" }, body: `<Response>${" ".repeat(70_000)}</Response>` },
      11750,
    ],
  ])("is called after %s", async (_, reply, code) => {
    receiver.behaviour.answer = ({ url }) => (url === "/f" ? twiml("<Message>Sorry</Message>") : reply);
    const { sid } = await emulator.text("Hi");
    expect(receiver.received.map(({ url }) => url)).toEqual(["/m?a=1", "/f"]);
    const [primary, fallback] = receiver.received;
    expect(fallback?.form).toEqual({
      ...primary?.form,
      ErrorCode: String(code),
      ErrorUrl: `${receiver.origin}/m?a=1`,
    });
    expect(twilio.validateRequest(TOKEN, signature(1), `${receiver.origin}/f`, fallback?.form ?? {})).toBe(true);
    expect(await emulator.attempts(sid)).toMatchObject([
      { kind: "message", error: { code } },
      { kind: "fallback", error: null, status: 200 },
    ]);
    expect((await emulator.transcript()).map(({ body }) => body)).toEqual(["Hi", "Sorry"]);
  });

  test("is called if the connection is refused or the host is not found", async () => {
    const fallback = { smsFallbackUrl: `${receiver.origin}/f` };
    await emulator.setNumber({ smsUrl: "http://127.0.0.1:9/m", ...fallback });
    await emulator.text("Hi");
    await emulator.setNumber({ smsUrl: "http://nowhere.invalid/m", ...fallback });
    await emulator.text("Hi");
    expect(receiver.received.map(({ form }) => form["ErrorCode"])).toEqual(["11205", "11210"]);
  });

  test.each([
    ["a text", { headers: { "content-type": "text/plain" }, body: "Yes?" }],
    ["no content", { status: 204 }],
    ["TwiML as HTML", { headers: { "content-type": "text/html; charset=utf-8" }, body: "<Response/>" }],
  ])("is not called after %s", async (_, reply) => {
    receiver.behaviour.answer = () => reply;
    await emulator.text("Hi");
    expect(receiver.received.map(({ url }) => url)).toEqual(["/m?a=1"]);
    expect(await emulator.attempts()).toMatchObject([{ error: null }]);
  });
});
