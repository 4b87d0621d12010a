import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage, PNG } from "../support/phone-page.ts";
import { adminApi, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";

/** Responses of the operator's system, by path. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  "/seats": Array.from({ length: 14 }, (_, index) => ({ name: `Seat ${index + 101}`, id: index + 101 })),
  "/weather": { today: { words: "sunny" } },
  "/articles": [{ title: "Opening hours of the pier", url: "https://example.com/hours" }, { title: "Another" }],
};

/** A topic with every kind of step on one path. */
const tour = (origin: string) => ({
  title: "The tour",
  keywords: ["tour", "show"],
  steps: [
    { kind: "say", id: "hello", text: "Welcome to the tour.", link: { url: "https://example.com/map", label: "Map" } },
    {
      kind: "say",
      id: "facts",
      card: { title: "Pier 7", subtitle: "open", fields: [{ label: "Boats", value: "three" }] },
    },
    {
      kind: "say",
      id: "more",
      links: [{ url: "https://example.com/a", label: "Prices" }, { url: "https://example.com/b" }],
    },
    { kind: "ask", id: "name", text: "Your name?", save: "name" },
    {
      kind: "ask",
      id: "ticket",
      text: "Ticket, {{ name }}?",
      save: "ticket",
      answer: { is: "text", pattern: "AA-99" },
      retry: "Like AB-12, please.",
    },
    {
      kind: "ask",
      id: "people",
      text: "How many of you?",
      save: "people",
      answer: { is: "number", maximum: 9, units: ["people"] },
    },
    { kind: "ask", id: "day", text: "Which day?", save: "day", answer: { is: "date" } },
    { kind: "ask", id: "mail", text: "Your e-mail?", save: "mail", answer: { is: "email" } },
    { kind: "ask", id: "phone", text: "Another phone?", save: "phone", answer: { is: "phone", country: "US" } },
    {
      kind: "choice",
      id: "drink",
      text: "A drink?",
      save: "drink",
      options: [{ label: "Lemonade" }, { label: "Coffee", value: "black coffee" }, { label: "Nothing" }],
    },
    {
      kind: "choice",
      id: "seat",
      text: "Which seat?",
      save: "seat",
      from: {
        request: { url: `${origin}/seats` },
        label: "{{ item.name }}",
        value: "{{ item.id }}",
        failed: "trouble",
      },
    },
    { kind: "upload", id: "picture", text: "A picture of you?", save: "picture" },
    { kind: "set", id: "set", values: { many: "{% if people > 2 %}yes{% endif %}" } },
    { kind: "branch", id: "branch", cases: [{ when: 'many == "yes"', next: "group" }] },
    { kind: "say", id: "pair", text: "Two by two.", next: "weather" },
    { kind: "say", id: "group", text: "A group of {{ people }}!" },
    { kind: "call", id: "weather", request: { url: `${origin}/weather` }, save: "weather", failed: "trouble" },
    { kind: "say", id: "told", text: "It is {{ weather.today.words }}." },
    {
      kind: "search",
      id: "search",
      text: "This may help:",
      request: { url: `${origin}/articles` },
      result: "{{ item.title }} {{ item.url }}",
      failed: "trouble",
    },
    { kind: "topic", id: "aside", topic: "aside", returns: true },
    { kind: "wait", id: "wait", seconds: 5 },
    { kind: "confirm", id: "sure", text: "{{ drink }} on seat {{ seat }}, all right?", yes: "done", no: "drink" },
    { kind: "say", id: "trouble", text: "The system is out." },
    { kind: "end", id: "done", text: "See you, {{ name }}, on {{ day | local_date }} ({{ ticket }}, {{ mail }})." },
  ],
});

const aside = {
  title: "An aside",
  keywords: ["aside"],
  steps: [
    { kind: "confirm", id: "like", text: "Do you like it so far?", yes: "fine", no: "fine" },
    { kind: "say", id: "fine", text: "Noted." },
  ],
};

const quiet = {
  title: "Quiet",
  keywords: ["quiet", "show"],
  steps: [
    {
      kind: "ask",
      id: "a",
      text: "Say something.",
      save: "a",
      silence: { after: 5, text: "Hello?", giveUp: { after: 5, text: "Then not." } },
    },
  ],
};

const CLOSED = { zone: "UTC", week: {} };

describe.skipIf(chromiumPath === null)("topics on the phone page", () => {
  let stack: TestStack;
  let browser: Browser;
  let open: PhonePage;
  let system: Server;

  beforeAll(async () => {
    system = createServer(({ url = "" }, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(ANSWERS[url] ?? null));
    }).listen(0, "127.0.0.1");
    await once(system, "listening");
    const host = `127.0.0.1:${(system.address() as AddressInfo).port}`;
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
    const put = async (path: string, body: object) => {
      const { status, body: answer } = await adminApi(stack, "PUT", path, body);
      if (status > 299) throw new Error(JSON.stringify(answer));
    };
    await put("/v1/topics/tour", tour(`http://${host}`));
    await put("/v1/topics/aside", aside);
    await put("/v1/topics/quiet", quiet);
    const assistant = { kind: "topics", topics: ["tour", "aside", "quiet"], menu: "tour" };
    const base = { name: "Tours", assistant, allowedHosts: [host] };
    await put("/v1/applications/tours", base);
    await put("/v1/applications/brief", { ...base, idleSeconds: 2, messages: { sessionEnded: true, greeting: true } });
    await put("/v1/applications/closed", { ...base, language: "es", hours: CLOSED });
    for (const [index, application] of ["tours", "brief", "closed"].entries())
      await put(`/v1/numbers/+1202555010${index}`, { account: ACCOUNT, application, type: "long-code" });
    open = await PhonePage.open(browser, stack.emulator);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    system?.close();
  });

  async function talk(phone: Phone, lines: readonly (readonly [text: string, ...answers: readonly string[]])[]) {
    for (const [text, ...answers] of lines) {
      await phone.send(text);
      for (const answer of answers) await phone.answer(answer);
    }
  }

  it("runs every kind of step", { timeout: 120_000 }, async () => {
    const phone = await open.addPhone("+12025550100");
    await talk(phone, [
      [
        "tour",
        "Welcome to the tour.",
        "Map: https://example.com/map",
        "Pier 7: open",
        "Prices: https://example.com/a",
        "Your name?",
      ],
      ["Guest", "Ticket, Guest?"],
      ["12", "Like AB-12, please."],
      ["cd-34", "How many of you?"],
      ["many", "Please reply with a number"],
      ["three people", "Which day?"],
      ["3 May 2027", "Your e-mail?"],
      ["guest at example", "doesn't look like an email"],
      ["guest@example.com", "Another phone?"],
      ["(202) 555-0143", "A drink?"],
      ["tea", "1. Lemonade"],
      ["cofee", "Which seat?"],
      ["11", "Seat 111"],
      ["2", "A picture of you?"],
      ["no", "Please send a picture"],
    ]);
    await phone.sendPicture(PNG);
    for (const answer of ["A group of 3!", "It is sunny.", "Opening hours of the pier", "Do you like it so far?"])
      await phone.answer(answer);
    await talk(phone, [
      ["👍", "Noted.", "black coffee on seat 112, all right?"],
      ["maybe", "Please answer yes or no."],
      ["yes", "See you, Guest, on"],
    ]);
    const said = (await transcript(stack, await phone.number(), "+12025550100")).filter(
      ({ direction }) => direction === "out",
    );
    expect(said.map(({ status }) => status)).toEqual(said.map(() => "delivered"));
    expect(said.map(({ text }) => text).join("\n")).not.toMatch(/\{\{|\{%/u);
  });

  it("understands the commands that always work", async () => {
    const phone = await open.addPhone("+12025550100");
    await talk(phone, [
      ["nonsense", "Sorry, I didn't understand that."],
      ["tour", "Your name?"],
      ["help", "you can text"],
      ["Guest", "Ticket, Guest?"],
      ["back", "Your name?"],
      ["agent", "no one is free"],
      ["exit", "Goodbye!"],
      ["menu", "Welcome to the tour."],
    ]);
  });

  it("asks which topic a text means if several match", async () => {
    const phone = await open.addPhone("+12025550100");
    await talk(phone, [
      ["show", "Did you mean"],
      ["2", "Say something."],
    ]);
  });

  it("reminds a silent contact, then gives up", { timeout: 60_000 }, async () => {
    const phone = await open.addPhone("+12025550100");
    await talk(phone, [["quiet", "Say something.", "Hello?", "Then not."]]);
  });

  it("greets, and announces that an idle conversation has ended", async () => {
    const phone = await open.addPhone("+12025550101");
    await talk(phone, [["tour", "Welcome to Tours.", "This conversation has ended."]]);
  });

  it("replies out of hours in the operator's language", async () => {
    const phone = await open.addPhone("+12025550102");
    await talk(phone, [["tour", "Tours"]]);
    const [closed = ""] = await phone.received();
    expect(closed).toContain("En este momento Tours no atiende mensajes.");
    expect(await phone.received()).toHaveLength(1);
  });
});
