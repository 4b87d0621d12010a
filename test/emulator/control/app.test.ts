import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EmulatedMessage } from "../../../src/emulator/contract.ts";
import { MEDIA_LINK_MILLISECONDS } from "../../../src/emulator/limits.ts";
import { MediaLinks } from "../../../src/emulator/media-links.ts";
import { ACCOUNT, NUMBER, PHONE, startReceiver, startTestEmulator, waitFor } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.stop());

async function readRefusal(response: Response): Promise<readonly [number, string]> {
  const { error } = (await response.json()) as { error: string };
  expect(error).toMatch(/^.+\.$/su);
  return [response.status, error];
}

const messages = `/emulator/phones/${PHONE}/messages`;

describe("phones", () => {
  test("get the next free number or the requested one", async () => {
    expect(await emulator.callJson("POST", "/emulator/phones")).toEqual({ number: "+12025550141" });
    expect(await emulator.callJson("POST", "/emulator/phones", {})).toEqual({ number: "+12025550142" });
    expect(await emulator.callJson("POST", "/emulator/phones", { number: "+44 20 7946 0000" })).toEqual({
      number: "+442079460000",
    });
    expect((await emulator.state()).phones.map(({ number }) => number)).toEqual([
      PHONE,
      "+12025550141",
      "+12025550142",
      "+442079460000",
    ]);
  });

  test("are refused if all free numbers are in use", async () => {
    for (let count = 1; count < 60; count += 1) await emulator.callJson("POST", "/emulator/phones");
    expect((await readRefusal(await emulator.call("POST", "/emulator/phones")))[0]).toBe(409);
  });

  test.each([
    [{ number: PHONE }, 409, /already/u],
    [{ number: "Bob" }, 400, /E\.164/u],
    [{ number: "12345" }, 400, /E\.164/u],
    [{ number: NUMBER }, 400, /operator's/u],
    [{ numbre: "+12025550150" }, 400, /numbre/u],
    [[], 400, /document/u],
  ])("are refused: %j", async (body, status, sentence) => {
    const [code, words] = await readRefusal(await emulator.call("POST", "/emulator/phones", body));
    expect([code, sentence.test(words)]).toEqual([status, true]);
  });

  test("are deleted", async () => {
    expect((await emulator.call("DELETE", `/emulator/phones/${encodeURIComponent(PHONE)}`)).status).toBe(204);
    expect((await readRefusal(await emulator.call("DELETE", `/emulator/phones/${PHONE}`)))[0]).toBe(404);
    expect((await readRefusal(await emulator.call("GET", messages)))[0]).toBe(404);
    expect((await readRefusal(await emulator.call("POST", messages, { to: NUMBER, body: "Hi" })))[0]).toBe(404);
  });
});

const sendFiles = (files: readonly Blob[], to = NUMBER) => {
  const data = new FormData();
  data.set("to", to);
  data.set("body", "Look");
  for (const file of files) data.append("media", file, "file");
  return fetch(emulator.origin + messages, { method: "POST", body: data });
};

describe("texts from a phone", () => {
  test.each([
    [{ to: "+12025550109", body: "Hi" }, 404, /operator's/u],
    [{ to: NUMBER }, 400, /body or a file/u],
    [{ to: NUMBER, body: "x".repeat(1_601) }, 400, /1600/u],
    [{ body: "Hi" }, 400, /"to"/u],
    [{ to: NUMBER, mediaUrls: ["http://127.0.0.1:9/x"] }, 400, /127/u],
    [{ to: NUMBER, mediaUrls: Array.from({ length: 11 }, () => "data:text/plain,x") }, 400, /10 files/u],
  ])("are refused: %j", async (body, status, sentence) => {
    const [code, words] = await readRefusal(await emulator.call("POST", messages, body));
    expect([code, sentence.test(words)]).toEqual([status, true]);
  });

  test("contain files", async () => {
    const response = await sendFiles([
      new Blob(["one"], { type: "image/png" }),
      new Blob(["two"], { type: "video/mp4" }),
    ]);
    expect(response.status).toBe(201);
    const message = (await response.json()) as EmulatedMessage;
    expect(message).toMatchObject({
      body: "Look",
      media: [{ contentType: "image/png" }, { contentType: "video/mp4" }],
    });
    const shown = await Promise.all(
      message.media.map(async ({ path }) => (await fetch(emulator.origin + path)).text()),
    );
    expect(shown).toEqual(["one", "two"]);
  });

  test("are refused with more or larger files than Twilio accepts", async () => {
    const large = new Blob([new Uint8Array(5 * 1024 * 1024 + 1)], { type: "image/png" });
    expect(await readRefusal(await sendFiles([large]))).toEqual([413, expect.stringContaining("5 MB")]);
    const many = Array.from({ length: 11 }, () => new Blob(["x"], { type: "image/png" }));
    expect(await readRefusal(await sendFiles(many))).toEqual([400, expect.stringContaining("10 files")]);
  });

  test("are listed by the number that they were sent to", async () => {
    const other = "+12025550101";
    await emulator.setNumber({}, other);
    for (const to of [NUMBER, other]) await emulator.callJson("POST", messages, { to, body: `To ${to}` });
    const transcript = (query: string) => emulator.callJson<{ items: EmulatedMessage[] }>("GET", messages + query);
    expect((await transcript("")).items).toHaveLength(2);
    expect((await transcript(`?with=${encodeURIComponent(other)}`)).items).toMatchObject([{ body: `To ${other}` }]);
  });
});

describe("files", () => {
  test.each([
    ["image/svg+xml", "image/svg+xml"],
    ["text/html", "text/html"],
    ["application/pdf", "application/pdf"],
    ["evil\r\nx: y", "application/octet-stream"],
  ])("of type %j are never served as executable content", async (written, served) => {
    const data = `--b\r\nContent-Disposition: form-data; name="to"\r\n\r\n${NUMBER}\r\n--b\r\nContent-Disposition: form-data; name="media"; filename="x"\r\nContent-Type: ${written.split("\r")[0]}\r\n\r\n<script>\r\n--b--\r\n`;
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const response = await fetch(emulator.origin + messages, { method: "POST", headers, body: data });
    const message = (await response.json()) as EmulatedMessage;
    const file = await fetch(emulator.origin + message.media[0]?.path);
    expect(file.headers.get("content-type")).toBe(served);
    expect(file.headers.get("content-disposition")).toBe("attachment");
    expect(file.headers.get("content-security-policy")).toMatch(/sandbox/u);
    expect(file.headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("that do not exist are not found", async () => {
    expect((await readRefusal(await emulator.call("GET", "/emulator/media/MEnothing")))[0]).toBe(404);
    expect((await readRefusal(await fetch(`${emulator.mediaOrigin}/media/nothing`)))[0]).toBe(404);
  });
});

test("a link to a file expires", () => {
  const links = new MediaLinks();
  const token = (now: number) => links.createLink("ME1", now).replace("/media/", "");
  const first = token(0);
  expect(links.openLink(first, MEDIA_LINK_MILLISECONDS - 1)).toBe("ME1");
  expect(links.openLink(first, MEDIA_LINK_MILLISECONDS)).toBeNull();
  expect(links.openLink(token(1), MEDIA_LINK_MILLISECONDS)).toBe("ME1");
  expect(links.openLink("other", 0)).toBeNull();
});

describe("accounts and numbers", () => {
  test("are replaced as a whole, and keep their SID", async () => {
    const put = () => emulator.callJson<{ sid: string }>("PUT", `/emulator/numbers/${NUMBER}`, { accountSid: ACCOUNT });
    const first = await put();
    expect(await put()).toEqual(first);
    await emulator.setNumber({ smsUrl: "https://x.example/#rc=1", smsMethod: "GET", friendlyName: "F" });
    expect((await emulator.state()).numbers).toMatchObject([
      { sid: first.sid, smsUrl: "https://x.example/#rc=1", smsMethod: "GET", friendlyName: "F" },
    ]);
    await put();
    expect((await emulator.state()).numbers).toMatchObject([{ smsUrl: "", smsMethod: "POST", friendlyName: NUMBER }]);
  });

  test.each([
    [`/emulator/accounts/${ACCOUNT}`, { friendlyName: "x" }, 400],
    [`/emulator/accounts/${ACCOUNT}`, { friendlyName: "x", authToken: "a b" }, 400],
    [`/emulator/accounts/${ACCOUNT}`, { friendlyName: "x", authToken: "t", status: "gone" }, 400],
    ["/emulator/accounts/AC1", { friendlyName: "x", authToken: "t" }, 400],
    ["/emulator/numbers/Bob", { accountSid: ACCOUNT }, 400],
    ["/emulator/numbers/+12025550109", { accountSid: `AC${"9".repeat(32)}` }, 400],
    ["/emulator/numbers/+12025550109", { accountSid: ACCOUNT, smsUrl: "javascript:alert(1)" }, 400],
    ["/emulator/numbers/+12025550109", { accountSid: ACCOUNT, smsMethod: "PUT" }, 400],
    [`/emulator/numbers/${PHONE}`, { accountSid: ACCOUNT }, 409],
  ])("are refused: %s %j", async (path, body, status) => {
    expect((await readRefusal(await emulator.call("PUT", path, body)))[0]).toBe(status);
  });

  test("are returned without tokens", async () => {
    expect(JSON.stringify(await emulator.state())).not.toMatch(/token|a{32}/iu);
  });
});

const addPhone = (headers: Record<string, string>) =>
  fetch(`${emulator.origin}/emulator/phones`, { method: "POST", headers });

describe("a request from a page of another site", () => {
  test.each([
    [{ origin: "https://evil.example" }],
    [{ origin: "null" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-site", origin: "http://127.0.0.1:1" }],
  ])("is refused: %j", async (headers) => {
    expect((await readRefusal(await addPhone(headers as Record<string, string>)))[0]).toBe(403);
    expect((await emulator.state()).phones).toHaveLength(1);
  });

  test("differs from one of the emulator's page or of a program", async () => {
    expect((await addPhone({ origin: emulator.origin, "sec-fetch-site": "same-origin" })).status).toBe(201);
    expect((await addPhone({})).status).toBe(201);
  });

  test("is refused under a foreign host name", async () => {
    const { get } = await import("node:http");
    const status = await new Promise((resolve) => {
      get(`${emulator.origin}/emulator/state`, { headers: { host: "evil.example" } }, (response) => {
        resolve(response.statusCode);
        response.resume();
      });
    });
    expect(status).toBe(403);
  });
});

describe("a reset", () => {
  test("deletes phones and messages, keeps accounts and numbers, and aborts work in flight", async () => {
    const receiver = await startReceiver(() => null);
    try {
      await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
      await emulator.callJson("POST", messages, { to: NUMBER, body: "STOP" });
      await waitFor("the webhook", () => receiver.received.length === 1);
      await emulator.callJson("POST", "/emulator/reset");
      await waitFor("its end", () => receiver.aborted() === 1);
      const state = await emulator.state();
      expect(state).toMatchObject({ accounts: [{ sid: ACCOUNT }], numbers: [{ phoneNumber: NUMBER }] });
      expect([state.phones, state.messages, await emulator.attempts()]).toEqual([[], [], []]);
      await emulator.callJson("POST", "/emulator/phones", { number: PHONE });
      const again = await emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "No block is left" });
      expect(await emulator.client.messages.list()).toMatchObject([{ sid: again.sid }]);
    } finally {
      await receiver.stop();
    }
  });

  test("of everything also deletes accounts and numbers", async () => {
    await emulator.callJson("POST", "/emulator/reset?all=true");
    expect(await emulator.state()).toEqual({ accounts: [], numbers: [], phones: [], messages: [] });
  });
});
