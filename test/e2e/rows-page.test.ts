import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage, PNG } from "../support/phone-page.ts";
import { adminApi, emulatorApi, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";

/** Settings of an application; `menu` and `agent` name topics. */
interface Settings {
  readonly words?: object;
  readonly menu?: string;
  readonly agent?: string;
  readonly [field: string]: unknown;
}

const DELIVERED = "[data-direction='in'][data-status='delivered']";

type Line = readonly [text: string, ...answers: readonly string[]];

/** The settings of applications and topics, apart from the kinds of steps, from the contact's point of view. */
describe.skipIf(chromiumPath === null)("the built-in assistant on the phone page", () => {
  let stack: TestStack;
  let browser: Browser;
  let open: PhonePage;
  let system: Server;
  let host: string;
  let numbers = 0;
  /** Requests to the operator's system, with their idempotency keys. */
  const requests: (readonly [url: string, key: string])[] = [];

  beforeAll(async () => {
    system = createServer(({ url = "", headers }, response) => {
      requests.push([url, String(headers["idempotency-key"])]);
      if (url === "/boat.png") response.setHeader("content-type", "image/png").end(PNG);
      if (url === "/broken") response.writeHead(500).end();
      // Other requests get no response.
    }).listen(0, "127.0.0.1");
    await once(system, "listening");
    host = `127.0.0.1:${(system.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
    open = await PhonePage.open(browser, stack.emulator);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    system?.closeAllConnections();
    system?.close();
  });

  async function put(path: string, body: object, method = "PUT") {
    const answer = await adminApi(stack, method, path, body);
    if (answer.status > 299) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  /** Creates an application with its topics and a number. @returns the number */
  async function createApplication(id: string, topics: Readonly<Record<string, object>>, settings: Settings = {}) {
    for (const [topic, document] of Object.entries(topics))
      await put(`/v1/topics/${id}-${topic}`, { title: topic, ...document });
    await putApplication(id, topics, settings);
    numbers += 1;
    const number = `+120255501${String(10 + numbers)}`;
    await put(`/v1/numbers/${number}`, { account: ACCOUNT, application: id, type: "long-code", description: id });
    const smsUrl = `${stack.worker}/twilio/message`;
    const url = `/numbers/${encodeURIComponent(number)}`;
    const { status, body } = await emulatorApi(stack, "PUT", url, { accountSid: ACCOUNT, friendlyName: id, smsUrl });
    if (status > 299) throw new Error(JSON.stringify(body));
    return number;
  }

  async function putApplication(
    id: string,
    topics: Readonly<Record<string, object>>,
    settings: Settings,
  ): Promise<void> {
    const { words, menu, agent, ...rest } = settings;
    const own = (topic: string | undefined) => (topic === undefined ? undefined : `${id}-${topic}`);
    const all = Object.keys(topics).map((topic) => `${id}-${topic}`);
    const assistant = { kind: "topics", topics: all, menu: own(menu), agent: own(agent), words };
    await put(`/v1/applications/${id}`, { name: "Harbour", allowedHosts: [host], ...rest, assistant });
  }

  async function talk(phone: Phone, lines: readonly Line[]): Promise<void> {
    for (const [text, ...answers] of lines) {
      await phone.send(text);
      for (const answer of answers) await phone.answer(answer);
    }
  }

  const say = (text: string, more: object = {}) => ({ kind: "say", id: "say", text, ...more });
  const go = (...steps: readonly object[]) => ({ keywords: ["go"], steps });

  it("sends and receives pictures, also by link, and passes them to the topic", async () => {
    const number = await createApplication("pictures", {
      boat: {
        keywords: ["boat"],
        steps: [
          { kind: "set", id: "where", values: { at: `http://${host}` } },
          say("Our boat.", { image: "{{ at }}/boat.png" }),
        ],
      },
      look: { keywords: ["look"], steps: [say("You sent {{ media.size }}: {{ media[0].contentType }}.")] },
      upload: go({ kind: "upload", id: "up", text: "A picture?", save: "picture" }, say("{{ picture }}")),
    });
    const phone = await open.addPhone(number);
    await talk(phone, [["boat", "Our boat."]]);
    await phone.frame.locator("[data-direction='in'] img").waitFor();
    await phone.sendPicture(PNG, "look");
    await phone.answer("You sent 1: image/png.");
    await talk(phone, [
      ["go", "A picture?"],
      ["I have none", "Please send a picture"],
      ["here: https://example.com/me.jpg", "https://example.com/me.jpg"],
      ["go", "A picture?"],
    ]);
    await phone.sendFile({ name: "me.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n") });
    await phone.answer("Sorry, we can't open that type of file.");
  });

  it("supports renamed and disabled commands, and ends with bye", async () => {
    const words = { agent: ["desk"], back: false, menu: ["list"] };
    const number = await createApplication(
      "words",
      {
        main: go({ kind: "ask", id: "name", text: "Name?", save: "name" }, say("Hello {{ name }}.")),
        desk: { steps: [say("Our desk: 202-555-0109.")] },
        list: { steps: [say("Text GO.")] },
      },
      { words, agent: "desk", menu: "list" },
    );
    const phone = await open.addPhone(number);
    await talk(phone, [
      ["list", "Text GO."],
      ["go", "Name?"],
      ["help", "you can text LIST, HELP, DESK, EXIT at any time."],
      ["desk", "Our desk: 202-555-0109."],
      ["go", "Name?"],
      ["back", "Hello back."],
      ["bye", "Goodbye!"],
    ]);
  });

  it("handles help and exit during a wait, and other texts after it", async () => {
    const number = await createApplication("patient", {
      main: go(say("Wait."), { kind: "wait", id: "wait", seconds: 4 }, { ...say("Thank you."), id: "on" }),
    });
    const phone = await open.addPhone(number);
    await talk(phone, [["go", "Wait."], ["what?"], ["help me", "you can text"]]);
    expect(await phone.received()).toHaveLength(2);
    await phone.answer("Thank you.");
    await phone.answer("Sorry, I didn't understand that.");
    await talk(phone, [
      ["go", "Wait."],
      ["exit", "Goodbye!"],
    ]);
  });

  it("ends an idle conversation silently by default, and forgets its variables", async () => {
    const number = await createApplication(
      "idle",
      {
        main: go(
          { kind: "ask", id: "name", text: "Hello{% if name %} {{ name }}{% endif %}. Name?", save: "name" },
          say("Noted."),
        ),
      },
      { idleSeconds: 3 },
    );
    const phone = await open.addPhone(number);
    await talk(phone, [
      ["go", "Hello. Name?"],
      ["Guest", "Noted."],
      ["go", "Hello Guest. Name?"],
    ]);
    await phone.frame.page().waitForTimeout(3_500);
    await talk(phone, [["go"]]);
    await phone.frame.locator(DELIVERED, { hasText: "Hello. Name?" }).nth(1).waitFor();
    expect(await phone.received()).toHaveLength(4);
  });

  it("sends the configured failure message if the assistant cannot answer", async () => {
    const topics = {
      main: go({ kind: "ask", id: "code", text: "Which currency?", save: "code" }, say("{{ 5 | currency: code }}")),
    };
    const one = await createApplication("failing", topics);
    const two = await createApplication("failing-kindly", topics, {
      messages: { failure: "Our fault. Call 202-555-0109." },
    });
    const [phone, other] = [await open.addPhone(one), await open.addPhone(two)];
    await talk(phone, [
      ["go", "Which currency?"],
      ["doubloons", "We're sorry, but we can't respond to your message."],
    ]);
    await talk(other, [
      ["go", "Which currency?"],
      ["doubloons", "Our fault. Call 202-555-0109."],
    ]);
  });

  it("retries a request once after a timeout of ten seconds, then continues with its failure step", {
    timeout: 90_000,
  }, async () => {
    const call = (path: string) => ({
      kind: "call",
      id: "call",
      request: { url: `http://${host}${path}` },
      failed: "down",
    });
    const down = { kind: "say", id: "down", text: "Our system is out." };
    const number = await createApplication(
      "slow",
      {
        slow: {
          keywords: ["slow"],
          steps: [call("/never"), { ...say("Up."), next: "end" }, { ...down, next: "end" }, { kind: "end", id: "end" }],
        },
        broken: {
          keywords: ["broken"],
          steps: [
            call("/broken"),
            { ...say("Up."), next: "end" },
            { ...down, next: "end" },
            { kind: "end", id: "end" },
          ],
        },
      },
      { momentSeconds: 2 },
    );
    const phone = await open.addPhone(number);
    await talk(phone, [["slow", "One moment, please."]]);
    await phone.send("hello?");
    await phone.frame.locator(DELIVERED, { hasText: "Our system is out." }).waitFor({ timeout: 40_000 });
    await phone.answer("Sorry, I didn't understand that.");
    const keys = requests.filter(([url]) => url === "/never").map(([, key]) => key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    const other = await open.addPhone(number);
    await talk(other, [["broken", "Our system is out."]]);
  });

  it("names a holiday, and uses each language's commands", async () => {
    const days = [0, 1].map((day) => new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10));
    const holidays = days.map((date) => ({ date, name: "Founders' Day" }));
    const topics = { main: go(say("Open.")) };
    const closed = await createApplication("holiday", topics, { hours: { zone: "UTC", week: {}, holidays } });
    const german = await createApplication("german", topics, {
      language: "de",
      messages: { notUnderstood: { en: "Sorry?", de: "Wie bitte? Schreiben Sie GO." }, greeting: true },
    });
    const [one, two] = [await open.addPhone(closed), await open.addPhone(german)];
    await talk(one, [["go", "Harbour is closed today (Founders' Day)."]]);
    await talk(two, [
      ["quatsch", "Willkommen bei Harbour.", "Wie bitte? Schreiben Sie GO."],
      ["hilfe", "Sie können jederzeit MENÜ, HILFE, AGENT, ZURÜCK, BEENDEN schreiben."],
    ]);
  });

  it("shares variables among the topics of a conversation", async () => {
    const number = await createApplication("variables", {
      main: go({ kind: "ask", id: "boat", text: "Which boat?", save: "boat" }, say("{{ boat }}, of course.")),
      bill: {
        keywords: ["bill"],
        steps: [say("{{ boat | upcase }} for {{ sender | phone }}: {{ 8.5 | currency: 'USD' }}")],
      },
    });
    const phone = await open.addPhone(number);
    await talk(phone, [
      ["go", "Which boat?"],
      ["Albatross", "Albatross, of course."],
      ["bill", "ALBATROSS for ("],
    ]);
  });

  it("refuses an invalid document with all its errors, and keeps the published one", async () => {
    const topics = { sound: go(say("Sound.")) };
    const number = await createApplication("documents", topics);
    const broken = {
      titel: "x",
      keywords: ["STOP"],
      steps: [
        say("{{ nme | upcas }}", { next: "nowhere" }),
        { kind: "choice", id: "c", text: "?", options: [{ label: "A" }, { label: "a" }] },
        { kind: "handoff", id: "h" },
      ],
    };
    const { status, body } = await adminApi(stack, "PUT", "/v1/topics/documents-sound", broken);
    expect(status).toBe(422);
    const pointers = (body["errors"] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(
      expect.arrayContaining([
        "/titel",
        "/title",
        "/steps/0/text",
        "/steps/0/next",
        "/steps/1/options/1/label",
        "/steps/2/kind",
      ]),
    );
    await talk(await open.addPhone(number), [["go", "Sound."]]);
  });

  it("lets a tester try a draft, publishes it and rolls back; open conversations keep their version", async () => {
    const version = (words: string) => ({
      title: "fares",
      ...go({ kind: "confirm", id: "sure", text: `${words}: shall we?` }, say(`${words} it is.`)),
    });
    const number = await createApplication("fares", { fares: version("Winter") });
    const [tester, early, late, last] = [
      await open.addPhone(number),
      await open.addPhone(number),
      await open.addPhone(number),
      await open.addPhone(number),
    ];
    await talk(early, [["go", "Winter: shall we?"]]);
    await put("/v1/topics/fares-fares", version("Summer"));
    await put(`/v1/topics/fares-fares/trials/${await tester.number()}`, {});
    await talk(tester, [["go", "Summer: shall we?"]]);
    await talk(late, [["go", "Winter: shall we?"]]);
    const published = await put("/v1/topics/fares-fares/publications", {}, "POST");
    expect(published).toMatchObject({ version: 2 });
    await talk(early, [["yes", "Winter it is."]]);
    await talk(late, [
      ["yes", "Winter it is."],
      ["exit", "Goodbye!"],
      ["go", "Summer: shall we?"],
    ]);
    await put("/v1/topics/fares-fares/publications", { version: 1 }, "POST");
    await talk(last, [["go", "Winter: shall we?"]]);
    await talk(late, [["yes", "Summer it is."]]);
  });

  it("answers only texts in open conversations if inboundOpens is false", async () => {
    const topics = { main: go({ kind: "ask", id: "name", text: "Name?", save: "name" }, say("Hello {{ name }}.")) };
    const number = await createApplication("closed-line", topics);
    const [known, stranger] = [await open.addPhone(number), await open.addPhone(number)];
    await talk(known, [["go", "Name?"]]);
    await putApplication("closed-line", topics, { inboundOpens: false });
    await stranger.send("go");
    await talk(known, [
      ["Guest", "Hello Guest."],
      ["exit", "Goodbye!"],
    ]);
    await known.send("go");
    await known.frame.locator("[data-direction='out']").nth(3).waitFor();
    await putApplication("closed-line", topics, {});
    await known.send("go");
    await known.frame.locator(DELIVERED, { hasText: "Name?" }).nth(1).waitFor();
    expect(await known.received()).toHaveLength(4);
    expect(await stranger.received()).toEqual([]);
    const kept = await transcript(stack, await stranger.number(), number);
    expect(kept.map(({ direction, text }) => [direction, text])).toEqual([["in", "go"]]);
  });
});
