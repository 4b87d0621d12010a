import { type TOTP, URI } from "otpauth";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage } from "../support/phone-page.ts";
import { adminApi, emulatorApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";
const MINDED = "+12025550108";
const UNMINDED = "+12025550109";
const PIN = "471100";

const TOPICS = {
  talk: {
    title: "Talk",
    keywords: ["hi"],
    steps: [
      { kind: "choice", id: "day", text: "Which day?", options: [{ label: "Today" }, { label: "Sunday" }] },
      { kind: "end", id: "done", text: "Noted." },
    ],
  },
  visit: {
    title: "Visit",
    keywords: ["visit"],
    steps: [
      { kind: "confirm", id: "come", text: "Will you come at {{ at }}?" },
      { kind: "end", id: "done", text: "See you." },
    ],
  },
  result: {
    title: "Result",
    keywords: ["result"],
    requires: "linked",
    steps: [{ kind: "end", id: "said", text: "All is well, {{ person.name }}." }],
  },
};

/** Who answers STOP and START on a number, and what they say. */
const GUARDS = [
  {
    guard: "Twilio",
    number: MINDED,
    optOut: "twilio",
    started: ["You have successfully been re-subscribed"],
    stopped: "You have successfully been unsubscribed.",
    again: "You have successfully been re-subscribed",
  },
  {
    guard: "Parley",
    number: UNMINDED,
    optOut: "parley",
    started: [],
    stopped: "You have opted out of texts from Desk",
    again: "You are opted in to texts from Desk again.",
  },
] as const;

describe.skipIf(chromiumPath === null)("notifications on the phone page", () => {
  let stack: TestStack;
  let browser: Browser;
  let open: PhonePage;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
    for (const [id, topic] of Object.entries(TOPICS)) await put(`/v1/topics/${id}`, topic);
    const assistant = { kind: "topics", topics: Object.keys(TOPICS) };
    await put("/v1/applications/desk", { name: "Desk", assistant, messages: { notUnderstood: "What?" } });
    for (const { number, optOut } of GUARDS) {
      await put(`/v1/numbers/${number}`, { account: ACCOUNT, application: "desk", type: "long-code", optOut });
      const settings = {
        accountSid: ACCOUNT,
        smsUrl: `${stack.worker}/twilio/message`,
        optOut: optOut === "twilio",
      };
      expect((await emulatorApi(stack, "PUT", `/numbers/${number}`, settings)).status).toBe(201);
      // A list that says nothing of its audience is for account holders.
      await put(`/v1/lists/news-${optOut}`, { title: "News", number });
      await put(`/v1/lists/tips-${optOut}`, { title: "Tips", number, audience: "anyone" });
    }
    open = await PhonePage.open(browser, stack.emulator);
  }, 60_000);

  afterAll(async () => {
    expect(open.errors).toEqual([]);
    await open?.close();
    await browser?.close();
    await stack?.stop();
  });

  async function put(path: string, body: object): Promise<Record<string, unknown>> {
    const { status, body: answer } = await adminApi(stack, "PUT", path, body);
    if (status > 299) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** What becomes of a notification to a phone: `sent`, `queued`, or why it is refused. */
  async function notify(phone: Phone, more: object): Promise<string> {
    const to = { phones: [await phone.number()] };
    const { body } = await adminApi(stack, "POST", "/v1/notifications", { to, text: "Never", ...more });
    const [recipient] = (body["recipients"] ?? []) as readonly { outcome: string; reason?: string }[];
    return recipient?.reason ?? recipient?.outcome ?? JSON.stringify(body);
  }

  /** A person whose phone it is, with a PIN and an authenticator app. */
  async function enrol(phone: Phone): Promise<TOTP> {
    const number = await phone.number();
    const path = `/v1/persons/p${number.slice(1)}`;
    await put(path, { name: "Ada Example", phones: [number], pin: PIN, languages: ["en"] });
    const { body } = await adminApi(stack, "POST", `${path}/enrolments`, { issuer: "Desk" });
    const page = await browser.newPage();
    await page.goto(String(body["url"]));
    const totp = URI.parse((await page.locator("a.open").getAttribute("href")) ?? "") as TOTP;
    // The code before: the present one is still to come.
    await page.locator("#digits").fill(totp.generate({ timestamp: Date.now() - 30_000 }));
    await page.locator("button").click();
    await page.locator("h1", { hasText: "Your app is set up" }).waitFor();
    await page.close();
    return totp;
  }

  it("a person signs in and has a list that guests have not, until they sign out", async () => {
    const phone = await open.addPhone(MINDED);
    const { texts, hears, over } = thread(phone);
    const totp = await enrol(phone);
    const news = { list: "news-twilio", number: MINDED };

    await texts("NOTIFICATION", "1. Tips: off\nText START or STOP");
    await texts("START News", "What?");
    expect(await notify(phone, news)).toBe("not-linked");

    await texts("login", "To sign in, please send your PIN");
    await texts(PIN, "6-digit code that your authenticator app shows");
    await texts(totp.generate(), "You are signed in, Ada Example.");
    await texts("NOTIFICATION", "1. News: off\n2. Tips: off");
    expect(await notify(phone, news)).toBe("not-subscribed");

    await texts("START News", "News: on. To switch it off, text STOP 1.");
    const text = "{{ person.name }}, your parcel is at {{ place }}.";
    expect(await notify(phone, { ...news, text, variables: { place: "gate 4" } })).toBe("sent");
    await hears("Ada Example, your parcel is at gate 4.");
    await texts("STOP News", "News: off. To switch it on, text START 1.");
    expect(await notify(phone, news)).toBe("not-subscribed");

    await texts("start 1", "News: on.");
    await texts("logout", "You are signed out.");
    await texts("NOTIFICATION", "1. Tips: off\nText START or STOP");
    expect(await notify(phone, news)).toBe("not-linked");
    await texts("STOP News", "What?");
    await over();
    expect(JSON.stringify(await transcript(stack, await phone.number(), MINDED))).not.toContain(PIN);
  });
});

/** What a phone has heard in order, so that nothing comes twice and nothing comes that should not. */
function thread(phone: Phone) {
  let heard = 0;
  const hears = async (...answers: readonly string[]) => {
    const all = await eventually(
      async () => await phone.received(),
      (texts) => texts.length >= heard + answers.length,
    );
    for (const [index, answer] of answers.entries()) expect(all[heard + index]).toContain(answer);
    heard += answers.length;
  };
  return {
    hears,
    texts: async (text: string, ...answers: readonly string[]) => {
      await phone.send(text);
      await hears(...answers);
    },
    /** There is no more than that. */
    over: async () => expect(await phone.received()).toHaveLength(heard),
  };
}
