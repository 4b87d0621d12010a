import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  adminApi,
  emulatorApi,
  encode,
  eventually,
  type Fields,
  post,
  signedPost,
  type TestStack,
  testStack,
  transcript,
} from "../support/stack.ts";

const ACCOUNT = `AC${"a".repeat(32)}`;
const OTHER = `AC${"b".repeat(32)}`;
const TOKEN = "a".repeat(32);
const NEXT_TOKEN = "c".repeat(32);
const OTHER_TOKEN = "b".repeat(32);
const NUMBER = "+12025550110";
const OTHER_NUMBER = "+12025550111";
const SHORT_CODE = "54321";
const PHONE = "+12025550190";
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

let stack: TestStack;
let count = 0;

beforeAll(async () => {
  stack = await testStack();
  for (const [sid, authToken] of [
    [ACCOUNT, TOKEN],
    [OTHER, OTHER_TOKEN],
  ] as const) {
    await emulatorApi(stack, "PUT", `/accounts/${sid}`, { friendlyName: "Test", authToken });
  }
  const body = { name: "Test", authToken: TOKEN, baseUrl: stack.emulator };
  await adminApi(stack, "PUT", `/v1/accounts/${ACCOUNT}`, { ...body, nextAuthToken: NEXT_TOKEN });
  await adminApi(stack, "PUT", `/v1/accounts/${OTHER}`, { ...body, authToken: OTHER_TOKEN });
  const number = { account: ACCOUNT, application: "pizza", type: "long-code" };
  await adminApi(stack, "PUT", `/v1/numbers/${NUMBER}`, number);
  await adminApi(stack, "PUT", `/v1/numbers/${OTHER_NUMBER}`, { ...number, account: OTHER });
  await adminApi(stack, "PUT", `/v1/numbers/${SHORT_CODE}`, { ...number, type: "short-code" });
});

afterAll(async () => {
  await stack.stop();
});

function text(fields: Fields = {}): Fields {
  count += 1;
  const MessageSid = `SM${String(count).padStart(32, "0")}`;
  return {
    MessageSid,
    AccountSid: ACCOUNT,
    From: PHONE,
    To: NUMBER,
    Body: "hi",
    NumMedia: "0",
    NumSegments: "1",
    ...fields,
  };
}

const url = (path = "/twilio/message") => stack.worker + path;

describe("a text that Twilio has signed", () => {
  it("is taken, and answered with an empty TwiML document", async () => {
    const response = await signedPost(url(), text(), TOKEN);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^text\/xml/u);
    expect(await response.text()).toBe(EMPTY);
  });

  it.each([
    ["under the next token, while tokens are rotated", text(), NEXT_TOKEN, {}],
    ["to a short code", text({ To: SHORT_CODE }), TOKEN, {}],
    ["to a number of another account", text({ AccountSid: OTHER, To: OTHER_NUMBER }), OTHER_TOKEN, {}],
    ["within a Messaging Service", text({ MessagingServiceSid: `MG${"1".repeat(32)}` }), TOKEN, {}],
    ["with parameters nobody knows, and repeated ones", text({ NewThing: ["b", "a", "b", ""] }), TOKEN, {}],
    [
      "a picture without a text",
      text({ Body: "", NumMedia: "1", MediaUrl0: "https://api.twilio.com/m", MediaContentType0: "image/png" }),
      TOKEN,
      {},
    ],
  ])("is taken %s", async (_, fields, token) => {
    const response = await signedPost(url(), fields, token);
    expect([response.status, await response.text()]).toEqual([200, EMPTY]);
  });

  it("is taken with a port or a query in the URL that the operator typed", async () => {
    const { port } = new URL(stack.worker);
    const withQuery = `${url()}?a=b%20c&d='`;
    expect((await signedPost(withQuery, text(), TOKEN)).status).toBe(200);
    expect((await signedPost(url(), text(), TOKEN, url().replace(`:${port}`, ""))).status).toBe(200);
  });

  it.each([
    ["NUL bytes and controls", "a\u0000b\u0001\u001bc"],
    ["1,600 emoji", "👍🏽".repeat(800)],
    ["right-to-left marks, byte order marks, a lone joiner", "\ufeff\u202e\u200d"],
    ["what looks like SQL, Liquid and TwiML", "'; DROP TABLE turn; -- {{ sender }} </Message>"],
    ["line ends of every kind", "a\r\nb\rc\nd\u2028e"],
  ])("may hold %s", async (_, body) => {
    const from = `+1202555${String(1_000 + count)}`;
    expect((await signedPost(url(), text({ Body: body, From: from }), TOKEN)).status).toBe(200);
    const [first] = await transcript(stack, from, NUMBER);
    expect(first?.text).toBe(body);
  });

  it("may hold half a surrogate pair or broken UTF-8: what cannot be text becomes U+FFFD, as in the signature", async () => {
    const from = "+12065550101";
    const fields = { ...text({ From: from }), Body: "a\ufffdb" };
    const body = encode(fields).replace("a%EF%BF%BDb", "a%EDb");
    const { default: twilio } = await import("twilio");
    const signature = twilio.getExpectedTwilioSignature(TOKEN, url(), fields);
    expect((await post(url(), body, { "x-twilio-signature": signature })).status).toBe(200);
    expect((await transcript(stack, from, NUMBER))[0]?.text).toBe("a\ufffdb");
  });

  it("may have as many parameters as fit", async () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [index.toString(36), ""]));
    const fields = { ...text(), ...many };
    expect(encode(fields).length).toBeLessThan(64 * 1_024);
    expect((await signedPost(url(), fields, TOKEN)).status).toBe(200);
  });
});

describe("what is refused", () => {
  const stranger = "+12065550199";
  const from = (fields: Fields = {}) => text({ From: stranger, ...fields });

  it.each([
    ["no signature", 403, () => post(url(), encode(from()))],
    ["a signature of nothing", 403, () => post(url(), encode(from()), { "x-twilio-signature": "" })],
    [
      "rubbish for a signature",
      403,
      () => post(url(), encode(from()), { "x-twilio-signature": "é".repeat(1_000).replaceAll("é", "!") }),
    ],
    ["a wrong token", 403, () => signedPost(url(), from(), OTHER_TOKEN)],
    ["another URL", 403, () => signedPost(url(), from(), TOKEN, url("/twilio/fallback"))],
    ["an unknown account", 403, () => signedPost(url(), from({ AccountSid: `AC${"d".repeat(32)}` }), TOKEN)],
    ["an unknown number", 403, () => signedPost(url(), from({ To: "+12025550119" }), TOKEN)],
    ["a number of another account", 403, () => signedPost(url(), from({ To: OTHER_NUMBER }), TOKEN)],
    ["a body that is too large", 413, () => signedPost(url(), from({ Body: "x".repeat(64 * 1_024) }), TOKEN)],
    ["a body that is too large and says nothing of its length", 413, () => streamed("x".repeat(70_000))],
    ["no AccountSid", 400, () => signedPost(url(), from({ AccountSid: "" }), TOKEN)],
    ["no MessageSid", 400, () => signedPost(url(), from({ MessageSid: "" }), TOKEN)],
    ["no From", 400, () => signedPost(url(), text({ From: "" }), TOKEN)],
    ["a From of another channel", 400, () => signedPost(url(), text({ From: `whatsapp:${stranger}` }), TOKEN)],
    ["a To that is no number", 400, () => signedPost(url(), from({ To: "Parley" }), TOKEN)],
    ["media that are not there", 400, () => signedPost(url(), from({ NumMedia: "1" }), TOKEN)],
    [
      "JSON that nobody signed",
      403,
      () => fetch(url(), { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }),
    ],
    ["XML", 415, () => fetch(url(), { method: "POST", headers: { "content-type": "text/xml" }, body: "<x/>" })],
    ["no content type", 415, () => fetch(url(), { method: "POST", body: new Uint8Array([1, 2, 3]) })],
    ["a GET", 405, () => fetch(url())],
    ["a PUT", 405, () => fetch(url(), { method: "PUT", body: "x" })],
    ["a GET of the status URL", 405, () => fetch(url("/twilio/status"))],
    [
      "a status without a signature",
      403,
      () => post(url("/twilio/status?part=1.0"), encode(from({ MessageStatus: "sent" }))),
    ],
    [
      "a status of no part",
      400,
      () => signedPost(url("/twilio/status"), text({ To: stranger, MessageStatus: "sent" }), TOKEN),
    ],
    ["a fallback without a signature", 403, () => post(url("/twilio/fallback"), encode(from()))],
  ])("%s: %i", async (_, status, request) => {
    const response = await sendUntilAnswered(request);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, detail: expect.any(String) });
    if (status === 405) return;
    const lines = await eventually(
      // The runtime writes lines of its own between those of Parley, which are JSON.
      async () => stack.logged.filter((line) => line.startsWith("{")),
      (all) => all.length > 0,
    );
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ event: "webhook-refused", status }),
    ]);
    expect(stack.logged.join("\n")).not.toMatch(/2025552999|\bhi\b|xxxx/u);
    expect(await transcript(stack, stranger, NUMBER)).toEqual([]);
  });

  /**
   * Sends a request, and again if the connection was reset: a server may answer and close the connection before it has
   * read the whole body, and then the client may not see the answer.
   */
  async function sendUntilAnswered(request: () => Promise<Response>, tries = 5): Promise<Response> {
    stack.logged.length = 0;
    try {
      return await request();
    } catch (error) {
      const cause = error instanceof Error ? (error.cause as { readonly code?: string } | undefined) : undefined;
      const isReset = /^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/u.test(cause?.code ?? "");
      if (!isReset || tries <= 1) throw error;
      return await sendUntilAnswered(request, tries - 1);
    }
  }

  async function streamed(content: string): Promise<Response> {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(content));
        controller.close();
      },
    });
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "x" };
    return await fetch(url(), { method: "POST", headers, body, duplex: "half" } as RequestInit);
  }

  it("says which field is wrong, and what would be right", async () => {
    const response = await signedPost(url(), from({ To: "Parley", NumMedia: "many" }), TOKEN);
    expect((await response.json<{ errors: object[] }>()).errors).toEqual([
      {
        pointer: "To",
        detail: "To is missing or malformed; it must be a phone number as +14255550100, or a short code.",
      },
      { pointer: "NumMedia", detail: "NumMedia is missing or malformed; it must be a whole number." },
    ]);
  });
});

describe("the fallback URL", () => {
  it("takes the text as the Request URL would have, and once", async () => {
    const phone = "+12065550110";
    const fields = { ...text({ From: phone }), ErrorCode: "11200", ErrorUrl: url() };
    for (let times = 0; times < 3; times += 1) {
      const response = await signedPost(url("/twilio/fallback"), fields, TOKEN);
      expect([response.status, await response.text()]).toEqual([200, EMPTY]);
    }
    expect((await transcript(stack, phone, NUMBER)).filter(({ direction }) => direction === "in")).toHaveLength(1);
  });
});
