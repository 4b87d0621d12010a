import { createHash } from "node:crypto";
import twilio from "twilio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  adminApi,
  emulatorApi,
  eventually,
  type Fields,
  post,
  signedPost,
  type TestStack,
  testStack,
  transcript,
} from "../support/stack.ts";

const TOKEN = "a".repeat(32);
const OLD = "d".repeat(32);
const NEXT = "b".repeat(32);

let stack: TestStack;
let count = 0;

beforeAll(async () => {
  stack = await testStack();
});

afterAll(async () => {
  await stack.stop();
});

interface Line {
  readonly account: string;
  readonly number: string;
  readonly phone: string;
}

/** An account with a number, and a person who may text it; everything of its own. */
async function line(digit: string, settings: object = {}, smsUrl = url(), authToken = TOKEN): Promise<Line> {
  const account = `AC${digit.repeat(32)}`;
  const number = `+1206555010${digit}`;
  const phone = `+1206555019${digit}`;
  await emulatorApi(stack, "PUT", `/accounts/${account}`, { friendlyName: "Test", authToken });
  await saveAccount(account, { authToken, ...settings });
  await done(adminApi(stack, "PUT", `/v1/numbers/${number}`, { account, application: "pizza", type: "long-code" }));
  await done(emulatorApi(stack, "PUT", `/numbers/${encodeURIComponent(number)}`, { accountSid: account, smsUrl }));
  await done(emulatorApi(stack, "POST", "/phones", { number: phone }));
  return { account, number, phone };
}

async function saveAccount(sid: string, settings: object): Promise<void> {
  await done(adminApi(stack, "PUT", `/v1/accounts/${sid}`, { name: "Test", baseUrl: stack.emulator, ...settings }));
}

async function done(answer: ReturnType<typeof adminApi>): Promise<void> {
  const { status, body } = await answer;
  if (status > 299) throw new Error(`${status} ${JSON.stringify(body)}`);
}

const url = (path = "/twilio/message") => stack.worker + path;

function fieldsOf({ account, number, phone }: Line, more: Readonly<Record<string, string>> = {}) {
  count += 1;
  const MessageSid = `SM${String(count).padStart(32, "0")}`;
  return { MessageSid, AccountSid: account, From: phone, To: number, Body: "menu", ...more } satisfies Fields;
}

/** Texts as a person does, on the emulator. @returns what the webhooks answered, attempt by attempt */
async function textBy({ number, phone }: Line, body: string): Promise<readonly number[]> {
  const path = `/phones/${encodeURIComponent(phone)}/messages?wait=webhook`;
  const sent = await emulatorApi(stack, "POST", path, { to: number, body });
  const { body: page } = await emulatorApi(stack, "GET", `/webhooks?messageSid=${String(sent.body["sid"])}`);
  return (page["items"] as { status: number | null }[]).map(({ status }) => status ?? 0);
}

const refusals = async (account: string) =>
  (await adminApi(stack, "GET", `/v1/accounts/${account}/refusals`)).body["items"] as {
    reason: string;
    hint: string;
    count: number;
  }[];

describe("credentials in the webhook's URL", () => {
  const webhookCredentials = { username: "apikey", password: "Very-Secret_1.~" };
  const withUser = (path?: string) => url(path).replace("//", "//apikey:Very-Secret_1.~@");

  it("are asked for, and what comes with them is taken; status callbacks too", async () => {
    const ours = await line("1", { webhookCredentials }, withUser());
    expect(await textBy(ours, "menu")).toEqual([200]);
    const messages = await eventually(
      () => transcript(stack, ours.phone, ours.number),
      (all) => all.length > 1 && all.every(({ status }) => ["received", "delivered"].includes(status)),
    );
    expect(messages[0]).toMatchObject({ direction: "in", text: "menu" });
    expect(await refusals(ours.account)).toEqual([]);
    expect(stack.logged.filter((logged) => logged.includes("refused"))).toEqual([]);
    expect(stack.logged.join()).not.toContain("Very-Secret");
  });

  it("that the URL in Twilio lacks are named as what is missing", async () => {
    const ours = await line("2", { webhookCredentials });
    expect((await textBy(ours, "menu"))[0]).toBe(401);
    const [refusal] = await eventually(
      () => refusals(ours.account),
      (items) => items.length > 0,
    );
    expect(refusal?.hint).toContain(`paste ${url().replace("//", "//apikey:PASSWORD@")}`);
    expect(await transcript(stack, ours.phone, ours.number)).toEqual([]);
  });

  it.each([
    ["none", {}, 401],
    ["a wrong password", { authorization: `Basic ${btoa("apikey:wrong")}` }, 403],
    ["a wrong user", { authorization: `Basic ${btoa("apiKey:Very-Secret_1.~")}` }, 403],
    ["another scheme", { authorization: "Bearer Very-Secret_1.~" }, 403],
    ["the right ones", { authorization: `Basic ${btoa("apikey:Very-Secret_1.~")}` }, 200],
    [
      "the right ones and no signature",
      { authorization: `Basic ${btoa("apikey:Very-Secret_1.~")}`, "x-twilio-signature": "" },
      403,
    ],
  ])("%s: %s %i", async (_, headers, status) => {
    const ours: Line = { account: `AC${"1".repeat(32)}`, number: "+12065550101", phone: "+12065550191" };
    const fields = fieldsOf(ours);
    const signature = twilio.getExpectedTwilioSignature(TOKEN, withUser(), fields);
    const body = new URLSearchParams(fields).toString();
    const answer = await post(url(), body, { "x-twilio-signature": signature, ...headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? 'Basic realm="Parley"' : null);
  });
});

describe("a JSON webhook", () => {
  it("is taken when its URL has the hash of its body", async () => {
    const ours = await line("3");
    const body = JSON.stringify({ ...fieldsOf(ours, { Body: "mÉnu 👍" }), NumMedia: 0, nested: { a: [1] } });
    const hash = createHash("sha256").update(body).digest("hex");
    const send = async (query: string, sent = body) => {
      const target = url(`/twilio/message${query}`);
      const signature = twilio.getExpectedTwilioSignature(TOKEN, target, {});
      const headers = { "content-type": "application/json", "x-twilio-signature": signature };
      return (await post(target, sent, headers)).status;
    };
    expect(await send("")).toBe(403);
    expect(await send(`?bodySHA256=${hash}`, body.replace("nu", "no"))).toBe(403);
    expect(await transcript(stack, ours.phone, ours.number)).toEqual([]);
    expect(await send(`?bodySHA256=${hash}`)).toBe(200);
    expect((await transcript(stack, ours.phone, ours.number))[0]?.text).toBe("mÉnu 👍");
  });
});

describe("an auth token", () => {
  it("is changed without one refused request", async () => {
    const ours = await line("4", {}, url(), OLD);
    let signing = OLD;
    const end = new AbortController();
    const answers: number[] = [];
    const twilioGoesOn = Promise.all(
      [0, 1, 2, 3].map(async () => {
        while (!end.signal.aborted) answers.push((await signedPost(url(), fieldsOf(ours), signing)).status);
      }),
    );
    const someMore = async () => {
      const seen = answers.length;
      await eventually(
        async () => answers.length,
        (now) => now >= seen + 40,
      );
    };
    await someMore();
    await saveAccount(ours.account, { authToken: OLD, nextAuthToken: NEXT });
    await someMore();
    await emulatorApi(stack, "PUT", `/accounts/${ours.account}`, { friendlyName: "Test", authToken: NEXT });
    signing = NEXT;
    await someMore();
    await saveAccount(ours.account, { authToken: NEXT, nextAuthToken: OLD });
    await someMore();
    await saveAccount(ours.account, { authToken: NEXT });
    await someMore();
    end.abort();
    await twilioGoesOn;
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(200);
    expect(await refusals(ours.account)).toEqual([]);
    expect((await signedPost(url(), fieldsOf(ours), OLD)).status).toBe(403);
    const [refusal] = await eventually(
      () => refusals(ours.account),
      (items) => items.length > 0,
    );
    expect(refusal?.hint).toContain("save it as nextAuthToken before you change it");
  });
});

describe("a text", () => {
  it("of a sub-account is taken under the sub-account's own token, within a Messaging Service or not", async () => {
    const main = await line("5");
    const sub = await line("6");
    const token = "c".repeat(32);
    await emulatorApi(stack, "PUT", `/accounts/${sub.account}`, { friendlyName: "Sub", authToken: token });
    await saveAccount(sub.account, { authToken: token });
    const service = { MessagingServiceSid: `MG${"7".repeat(32)}` };
    for (const more of [{}, service]) {
      expect((await signedPost(url(), fieldsOf(main, more), TOKEN)).status).toBe(200);
      expect((await signedPost(url(), fieldsOf(sub, more), token)).status).toBe(200);
      expect((await signedPost(url(), fieldsOf(sub, more), TOKEN)).status).toBe(403);
    }
    const [refusal] = await eventually(
      () => refusals(sub.account),
      (items) => items.length > 0,
    );
    expect(refusal?.hint).toMatch(/^The request is signed with the auth token of account AC/u);
  });

  it("by GET is refused, and the operator is told to set POST", async () => {
    const ours = await line("7");
    const number = { accountSid: ours.account, smsUrl: url(), smsMethod: "GET" };
    await emulatorApi(stack, "PUT", `/numbers/${encodeURIComponent(ours.number)}`, number);
    expect((await textBy(ours, "menu"))[0]).toBe(405);
    const [refusal] = await eventually(
      () => refusals(ours.account),
      (items) => items.length > 0,
    );
    expect(refusal?.hint).toBe("In Twilio, set the webhook's method to HTTP POST.");
  });
});
