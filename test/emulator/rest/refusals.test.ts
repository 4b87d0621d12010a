import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ACCOUNT, createTwilioClient, NUMBER, PHONE, startTestEmulator, TOKEN } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
beforeAll(async () => {
  emulator = await startTestEmulator();
  await emulator.callJson("PUT", `/emulator/accounts/AC${"2".repeat(32)}`, {
    friendlyName: "Other",
    authToken: "other",
  });
  await emulator.callJson("PUT", "/emulator/numbers/+12025550102", { accountSid: `AC${"2".repeat(32)}` });
});
afterAll(() => emulator.stop());

const basic = (user: string, password: string) => ({ authorization: `Basic ${btoa(`${user}:${password}`)}` });

describe("a message is refused", () => {
  const good = { To: PHONE, From: NUMBER, Body: "Hello" };
  const callback = (url: string) => ({ ...good, StatusCallback: url });
  const cases: [string, number, number, Record<string, string | string[]>][] = [
    ["no To", 21604, 400, { From: NUMBER, Body: "Hello" }],
    ["an empty To", 21604, 400, { ...good, To: "" }],
    ["a To that is not a number", 21211, 400, { ...good, To: "Bob" }],
    ["a To that is a short code", 21211, 400, { ...good, To: "12345" }],
    ["no From", 21603, 400, { To: PHONE, Body: "Hello" }],
    ["an unknown From", 21659, 400, { ...good, From: "+12025550109" }],
    ["a From of another account", 21606, 400, { ...good, From: "+12025550102" }],
    ["the same From and To", 21266, 400, { ...good, To: NUMBER }],
    ["a messaging service", 21705, 400, { To: PHONE, Body: "Hello", MessagingServiceSid: `MG${"0".repeat(32)}` }],
    ["an empty messaging service", 21704, 400, { To: PHONE, Body: "Hello", MessagingServiceSid: "" }],
    ["no content", 21602, 400, { To: PHONE, From: NUMBER }],
    ["a body that is too long", 21617, 400, { ...good, Body: "x".repeat(1_601) }],
    [
      "too many media",
      21623,
      400,
      { ...good, MediaUrl: Array.from({ length: 11 }, (_, n) => `https://x.example/${n}`) },
    ],
    ["an invalid media URL", 21620, 400, { ...good, MediaUrl: "ftp://x.example/a.png" }],
    ["an invalid callback URL", 21609, 400, callback("not a url")],
    ["a callback with an underscore in its host", 21609, 400, callback("https://my_host.example/")],
    ["a callback URL that is too long", 21609, 400, callback(`https://x.example/${"a".repeat(4_000)}`)],
    ["a validity out of range", 21624, 400, { ...good, ValidityPeriod: "36001" }],
    ["Twilio's test number 5001", 21211, 400, { ...good, To: "+15005550001" }],
    ["Twilio's test number 5002", 21612, 400, { ...good, To: "+15005550002" }],
    ["Twilio's test number 5003", 21408, 400, { ...good, To: "+15005550003" }],
    ["Twilio's test number 5004", 21610, 400, { ...good, To: "+15005550004" }],
    ["Twilio's test number 5009", 21614, 400, { ...good, To: "+15005550009" }],
    ["Twilio's test sender 5001", 21212, 400, { ...good, From: "+15005550001" }],
    ["Twilio's test sender 5007", 21606, 400, { ...good, From: "+15005550007" }],
    ["Twilio's test sender 5008", 21611, 400, { ...good, From: "+15005550008" }],
  ];
  test.each(cases)("for %s: %i", async (_, code, status, form) => {
    const body = new URLSearchParams(
      Object.entries(form).flatMap(([name, values]) => [values].flat().map((value) => [name, value])),
    );
    const path = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
    const response = await fetch(emulator.origin + path, { method: "POST", headers: basic(ACCOUNT, TOKEN), body });
    expect(response.status).toBe(status);
    const document = await response.json();
    expect(document).toEqual({
      code,
      message: expect.stringMatching(/\S/u),
      more_info: `https://www.twilio.com/docs/errors/${code}`,
      status,
    });
  });

  test("and Twilio's client throws its exception", async () => {
    const refused = emulator.client.messages.create({ to: "Bob", from: NUMBER, body: "Hello" });
    await expect(refused).rejects.toMatchObject({
      code: 21211,
      status: 400,
      moreInfo: "https://www.twilio.com/docs/errors/21211",
      message: expect.stringContaining("Bob"),
    });
  });

  test("but not at the limits", async () => {
    const body = "x".repeat(1_600);
    expect(
      (await emulator.client.messages.create({ to: PHONE, from: NUMBER, body, validityPeriod: 36_000 })).body,
    ).toBe(body);
  });
});

describe("a request is not authenticated", () => {
  const account = `/2010-04-01/Accounts/${ACCOUNT}.json`;
  test.each([
    ["without credentials", {}],
    ["with a wrong token", basic(ACCOUNT, "wrong")],
    ["with an unknown account", basic(`AC${"9".repeat(32)}`, TOKEN)],
    ["with the credentials of another account", basic(`AC${"2".repeat(32)}`, "other")],
    ["with an invalid header", { authorization: "Basic !!!" }],
    ["with a bearer token", { authorization: `Bearer ${TOKEN}` }],
  ])("%s", async (_, headers) => {
    for (const path of [
      account,
      account.replace(".json", "/Messages.json"),
      account.replace(".json", "/Nothing.json"),
    ]) {
      const response = await fetch(emulator.origin + path, { headers: headers as Record<string, string> });
      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toMatch(/^Basic /u);
      expect(await response.json()).toMatchObject({ code: 20003, status: 401 });
    }
  });

  test("and Twilio's client throws its exception", async () => {
    const refused = createTwilioClient(emulator.origin, ACCOUNT, "wrong").messages.list({ limit: 1 });
    await expect(refused).rejects.toMatchObject({ code: 20003, status: 401, message: "Authenticate" });
  });
});

describe("an account that is not active", () => {
  const sid = `AC${"3".repeat(32)}`;
  test("can be fetched, but cannot send", async () => {
    await emulator.callJson("PUT", `/emulator/accounts/${sid}`, {
      friendlyName: "S",
      authToken: "s",
      status: "suspended",
    });
    await emulator.callJson("PUT", "/emulator/numbers/+12025550103", { accountSid: sid });
    const client = createTwilioClient(emulator.origin, sid, "s");
    expect((await client.api.v2010.accounts(sid).fetch()).status).toBe("suspended");
    const sent = client.messages.create({ to: PHONE, from: "+12025550103", body: "Hello" });
    await expect(sent).rejects.toMatchObject({ code: 20005 });
  });
});

describe("routes", () => {
  test.each([
    ["GET", "/Messages/SMnothing.json", 404, 20404],
    ["GET", `/Messages/SM${"0".repeat(32)}.json`, 404, 20404],
    ["GET", "/Nothing.json", 404, 20404],
    ["GET", "/Messages", 404, 20404],
    ["DELETE", ".json", 405, 20004],
    ["PUT", "/Messages.json", 405, 20004],
    ["DELETE", "/Messages.json", 405, 20004],
    ["POST", `/Messages/SM${"0".repeat(32)}/Media.json`, 405, 20004],
    ["POST", "/Messages.json", 413, 20413],
  ])("%s %s: %i", async (method, path, status, code) => {
    const init = status === 413 ? { body: `Body=${"x".repeat(300_000)}` } : {};
    const url = `${emulator.origin}/2010-04-01/Accounts/${ACCOUNT}${path}`;
    const response = await fetch(url, { method, headers: basic(ACCOUNT, TOKEN), ...init });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, status });
  });

  test("do not return messages and media of other accounts", async () => {
    const { sid } = await emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "Hello" });
    const other = createTwilioClient(emulator.origin, `AC${"2".repeat(32)}`, "other");
    await expect(other.messages(sid).fetch()).rejects.toMatchObject({ code: 20404 });
    expect(await other.messages.list()).toEqual([]);
    const mms = await emulator.text("", { mediaUrls: ["data:image/png,x"] });
    const [file] = await emulator.client.messages(mms.sid).media.list();
    await expect(other.messages(mms.sid).media.list()).rejects.toMatchObject({ code: 20404 });
    await expect(
      other
        .messages(mms.sid)
        .media(file?.sid ?? "")
        .fetch(),
    ).rejects.toMatchObject({ code: 20404 });
    await expect(
      emulator.client
        .messages(sid)
        .media(file?.sid ?? "")
        .fetch(),
    ).rejects.toMatchObject({ code: 20404 });
  });
});
