import { type TOTP, URI } from "otpauth";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configureSample } from "../../src/cli/sample-configuration.ts";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage } from "../support/phone-page.ts";
import { adminApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";
const MINDED = "+12025550108";
const UNMINDED = "+12025550109";
const PIN = "471100";
const HEADING = "You have a new notification. You can continue our conversation after reading it.";

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

/** Numbers by the party that handles STOP and START, with its replies. */
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
    stopped: "You've opted out of texts from Desk",
    again: "You've opted back in to texts from Desk.",
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
      await put(`/v1/numbers/${number}`, numberOf({ optOut }));
      // By default, a list is for account holders.
      await put(`/v1/lists/news-${optOut}`, { title: "News", number });
      await put(`/v1/lists/tips-${optOut}`, { title: "Tips", number, audience: "anyone" });
    }
    // Registers the numbers and their opt-out handling with the emulator, as at each start.
    await configureSample(stack);
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

  /** Sends a notification to a phone. @returns `sent`, `queued`, or the reason of a refusal */
  async function notify(phone: Phone, more: object): Promise<string> {
    const to = { phones: [await phone.number()] };
    const { body } = await adminApi(stack, "POST", "/v1/notifications", { to, text: "Never", ...more });
    const [recipient] = (body["recipients"] ?? []) as readonly { outcome: string; reason?: string }[];
    return recipient?.reason ?? recipient?.outcome ?? JSON.stringify(body);
  }

  /** Creates a person for a phone, with a PIN and an authenticator app. */
  async function enrol(phone: Phone): Promise<TOTP> {
    const number = await phone.number();
    const path = `/v1/persons/p${number.slice(1)}`;
    await put(path, { name: "Ada Example", phones: [number], pin: PIN, languages: ["en"] });
    const { body } = await adminApi(stack, "POST", `${path}/enrolments`, { issuer: "Desk" });
    const page = await browser.newPage();
    await page.goto(String(body["url"]));
    const totp = URI.parse((await page.locator("a.open").getAttribute("href")) ?? "") as TOTP;
    // The previous code, since the present one is needed later.
    await page.locator("#digits").fill(totp.generate({ timestamp: Date.now() - 30_000 }));
    await page.locator("button").click();
    await page.locator("h1", { hasText: "Your app is set up" }).waitFor();
    await page.close();
    return totp;
  }

  it("offers a list for account holders after the contact signs in, until they sign out", async () => {
    const phone = await open.addPhone(MINDED);
    const { texts, hears, expectEnd } = followThread(phone);
    const totp = await enrol(phone);
    const news = { list: "news-twilio", number: MINDED };

    await texts("NOTIFICATION", "1. Tips: off\nText START or STOP");
    await texts("START News", "What?");
    expect(await notify(phone, news)).toBe("not-linked");

    await texts("login", "To sign in, please send your PIN");
    await texts(PIN, "6-digit code from your authenticator app");
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
    await expectEnd();
    expect(JSON.stringify(await transcript(stack, await phone.number(), MINDED))).not.toContain(PIN);
  });

  describe.each(GUARDS)("if $guard handles STOP and START", ({ number, optOut, started, stopped, again }) => {
    const tips = { list: `tips-${optOut}`, number };
    const STATUS = (state: "on" | "off") => `Notifications:\n1. Tips: ${state}\nText START or STOP`;

    it("subscribes by START and unsubscribes by STOP with a list; lists for account holders stay closed to guests", async () => {
      const phone = await open.addPhone(number);
      const { texts, expectEnd } = followThread(phone);
      await texts("Notification", STATUS("off"));
      expect(await notify(phone, tips)).toBe("not-subscribed");
      await texts("START", ...started, "Tips: on. To switch it off, text STOP 1.");
      await texts("notifications", STATUS("on"));
      expect(await notify(phone, { list: `news-${optOut}`, number })).toBe("not-linked");
      expect(await notify(phone, { number, audience: "linked" })).toBe("not-linked");
      await texts("STOP tips", "Tips: off. To switch it on, text START 1.");
      expect(await notify(phone, tips)).toBe("not-subscribed");
      await texts("start 1", "Tips: on.");
      await texts("Stop 1", "Tips: off.");
      await texts("NOTIFICATION", STATUS("off"));
      await expectEnd();
    });

    it("asks which list START means if there are several", async () => {
      const phone = await open.addPhone(number);
      const { texts, expectEnd } = followThread(phone);
      const totp = await enrol(phone);
      await texts("login", "PIN");
      await texts(PIN, "6-digit code");
      await texts(totp.generate(), "You are signed in");
      await texts("START", ...started, "Which one? Please reply with its number.\n1. News\n2. Tips");
      await texts("2", "Tips: on. To switch it off, text STOP 2.");
      await texts("NOTIFICATION", "1. News: off\n2. Tips: on");
      await expectEnd();
    });

    it("opts out by STOP with one confirmation; START opts in again without subscribing", async () => {
      const phone = await open.addPhone(number);
      const { texts, expectEnd } = followThread(phone);
      const ownNumber = await phone.number();
      const fetchMessages = async () => await transcript(stack, ownNumber, number);
      await texts("start tips", "Tips: on.");
      await texts("STOP", stopped);
      expect(await notify(phone, tips)).toBe("opted-out");
      expect(await notify(phone, { number })).toBe("opted-out");
      for (const silent of ["STOP", "NOTIFICATION", "START tips", "hi"]) {
        await texts(silent);
        await eventually(fetchMessages, (all) => all.at(-1)?.text === silent);
      }
      await texts("START", again);
      await texts("NOTIFICATION", STATUS("off"));
      expect(await notify(phone, tips)).toBe("not-subscribed");
      await expectEnd();
      await eventually(fetchMessages, (all) =>
        all.every(({ direction, status }) => direction === "in" || status === "delivered"),
      );
    });

    it("sends a notification at once, even during a conversation, whose question stays open", async () => {
      const phone = await open.addPhone(number);
      const { texts, hears, expectEnd } = followThread(phone);
      await texts("START tips", "Tips: on.");
      expect(await notify(phone, { ...tips, text: "Tea at {{ at }}.", variables: { at: "five" } })).toBe("sent");
      await hears("Tea at five.");
      await texts("hi", "Which day?");
      expect(await notify(phone, { ...tips, text: "Cake, too." })).toBe("sent");
      await hears(`${HEADING}\nCake, too.`);
      await texts("STOP tips", "Tips: off.");
      await texts("2", "Noted.");
      await expectEnd();
    });

    it("holds a notification with a topic until the conversation ends, and drops it after STOP", async () => {
      const phone = await open.addPhone(number);
      const { texts, hears, expectEnd } = followThread(phone);
      const visit = { ...tips, text: "Your table is free.", topic: "visit", variables: { at: "five" } };
      await texts("START tips", "Tips: on.");
      await texts("hi", "Which day?");
      expect(await notify(phone, visit)).toBe("queued");
      await texts("1", "Noted.");
      await hears("Your table is free.", "Will you come at five?");
      expect(await notify(phone, visit)).toBe("queued");
      await texts("yes", "See you.");
      await hears("Your table is free.", "Will you come at five?");
      // A notification without a list: STOP drops waiting notifications even if no list is concerned.
      expect(await notify(phone, { ...visit, list: undefined })).toBe("queued");
      await texts("STOP", stopped);
      await texts("START", again);
      await texts("hi", "Which day?");
      await texts("1", "Noted.");
      await expectEnd();
    });

    it("asks for PIN and code before a topic for account holders", async () => {
      const phone = await open.addPhone(number);
      const { texts, hears, expectEnd } = followThread(phone);
      const totp = await enrol(phone);
      await texts("START tips", "Tips: on.");
      expect(await notify(phone, { ...tips, text: "Your result is there.", topic: "result" })).toBe("sent");
      await hears("Your result is there.", "To sign in, please send your PIN");
      await texts(PIN, "6-digit code");
      await texts(totp.generate(), "You are signed in, Ada Example.", "All is well, Ada Example.");
      await expectEnd();
    });
  });

  it("sends a broadcast until STOP, even if STOP arrives while the broadcast is running", async () => {
    // Slow enough for a STOP between two texts of one broadcast: each takes more than six seconds.
    await put(`/v1/numbers/${MINDED}`, { ...numberOf(GUARDS[0]), segmentsPerSecond: 0.2 });
    const added = [await open.addPhone(MINDED), await open.addPhone(MINDED)];
    const byNumber = new Map(await Promise.all(added.map(async (each) => [await each.number(), each] as const)));
    const [one, two] = [...byNumber].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, phone]) => phone);
    if (one === undefined || two === undefined) throw new Error("two phones were added");
    const [first, second] = [followThread(one), followThread(two)];
    await put("/v1/lists/flyers", { title: "Flyers", number: MINDED, audience: "anyone" });
    for (const { texts } of [first, second]) await texts("START flyers", "Flyers: on.");
    await waitForSubscribers(2);

    await broadcast("soup", "Soup for all.");
    await first.hears("Soup for all.");
    await second.hears("Soup for all.");
    expect(await waitForProgress("soup")).toMatchObject({ sent: 2, skipped: {} });

    await broadcast("cake", "Cake for all.");
    await first.hears("Cake for all.");
    await second.texts("STOP", GUARDS[0].stopped);
    expect(await waitForProgress("cake")).toMatchObject({ sent: 1, skipped: { "opted-out": 1 } });

    // The second phone is no longer a recipient.
    await waitForSubscribers(1);
    await broadcast("tea", "Tea for all.");
    await first.hears("Tea for all.");
    expect(await waitForProgress("tea")).toMatchObject({ sent: 1, skipped: {} });
    await first.expectEnd();
    await second.expectEnd();
  });

  async function waitForSubscribers(count: number): Promise<void> {
    await eventually(
      async () => (await adminApi(stack, "GET", "/v1/lists/flyers/subscribers?status=on")).body["items"] as object[],
      (items) => items.length === count,
    );
  }

  async function broadcast(id: string, text: string): Promise<void> {
    expect(await put(`/v1/broadcasts/${id}`, { list: "flyers", text, quiet: null })).toMatchObject({ status: "draft" });
    const { status, body } = await adminApi(stack, "POST", `/v1/broadcasts/${id}/start`);
    expect([status, body["status"]]).toEqual([200, "running"]);
  }

  /** Waits until a broadcast is done. @returns its progress */
  async function waitForProgress(id: string): Promise<unknown> {
    const { body } = await eventually(
      async () => await adminApi(stack, "GET", `/v1/broadcasts/${id}`),
      (answer) => answer.body["status"] === "done",
      20_000,
    );
    return body["progress"];
  }
});

function numberOf({ optOut }: { readonly optOut: string }) {
  return { account: ACCOUNT, application: "desk", type: "long-code", optOut };
}

/** Follows the texts that a phone receives, so that missing, doubled and additional texts are noticed. */
function followThread(phone: Phone) {
  let seenCount = 0;
  const hears = async (...answers: readonly string[]) => {
    const all = await eventually(
      async () => await phone.received(),
      (texts) => texts.length >= seenCount + answers.length,
      20_000,
    );
    for (const [index, answer] of answers.entries()) expect(all[seenCount + index]).toContain(answer);
    seenCount += answers.length;
  };
  return {
    hears,
    texts: async (text: string, ...answers: readonly string[]) => {
      await phone.send(text);
      await hears(...answers);
    },
    /** Checks that no further texts have arrived. */
    expectEnd: async () => expect(await phone.received()).toHaveLength(seenCount),
  };
}
