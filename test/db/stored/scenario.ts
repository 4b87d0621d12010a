import { env } from "cloudflare:workers";
import { inject } from "vitest";
import { openDatabase } from "../../../src/db/database.ts";
import { changeAttempts } from "../../../src/db/persons.ts";
import { acceptCode, countGuess } from "../../../src/identity/pin-attempts.ts";
import { PersonDirectory } from "../../../src/identity/store.ts";
import {
  api,
  emulate,
  eventually,
  exportsFetch,
  incoming,
  migrateDatabase,
  ONE,
  put,
  webhook,
} from "../../support/worker.ts";

export const NUMBER = "+12025550100";
export const PHONE = "+12025550140";

const GREET = {
  title: "Greet",
  keywords: ["go"],
  steps: [
    { kind: "ask", id: "name", text: { en: "Which name?", pt: "Qual nome?" }, save: "name" },
    { kind: "ask", id: "place", text: "Hello {{ name }}. Where are you?", save: "place" },
    { kind: "say", id: "hello", text: "{{ name }} of {{ place }}, welcome." },
  ],
};

const PARCEL = {
  title: "Parcel",
  keywords: ["parcel"],
  requires: "linked",
  steps: [
    {
      kind: "choice",
      id: "which",
      text: "Which?",
      from: { request: { url: "https://crm.example.com/parcels" }, label: "{{ item.id }}", failed: "gone" },
      save: "parcel",
      silence: { after: 600, text: "Still there?", giveUp: { after: 600, next: "gone" } },
    },
    {
      kind: "call",
      id: "find",
      request: {
        method: "POST",
        url: "https://crm.example.com/parcels",
        headers: { authorization: { secret: "crm", prefix: "Bearer " } },
        body: { parcel: "{{ parcel }}" },
      },
      save: "found",
      failed: "gone",
    },
    { kind: "topic", id: "again", topic: "greet", returns: true },
    { kind: "end", id: "gone", text: "We cannot look it up." },
  ],
};

const SHOP = {
  name: "Shop",
  language: "en",
  zone: "America/New_York",
  idleSeconds: 3_600,
  assistant: { kind: "topics", topics: ["greet", "parcel"], menu: "greet", words: { help: false } },
  messages: { greeting: false, goodbye: { en: "Bye." } },
  linking: { by: "text", codeByText: true, keepDays: 7 },
  allowedHosts: ["crm.example.com"],
};

/** Everything that an operator can have saved, and what people have done since. */
export async function playAnew(): Promise<void> {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], [PHONE]);
  await put(`/v1/accounts/${ONE.sid}`, {
    name: "Test",
    authToken: ONE.token,
    nextAuthToken: "e9".repeat(16),
    webhookCredentials: { username: "parley", password: "password" },
    baseUrl: inject("emulator"),
    countries: ["US", "CA"],
    prices: { currency: "USD", segment: 0.05, countries: { US: 0.01 }, media: 0.02 },
    caps: { segmentsPerDay: 1_000, moneyPerDay: 50 },
  });
  await put("/v1/secrets/crm", { value: "crm-key", hosts: ["crm.example.com"] });
  await put("/v1/secrets/bot", { value: "bot-key-of-some-length-that-is-enough", hosts: ["bot.example.com"] });
  await put("/v1/topics/greet", GREET);
  await put("/v1/topics/parcel", PARCEL);
  for (const topic of ["greet", "parcel"]) await mustPost(`/v1/topics/${topic}/publications`, undefined);
  await put("/v1/topics/greet", { ...GREET, title: "Greet, a draft" });
  await put(`/v1/topics/greet/trials/${PHONE.replace("140", "141")}`, {});
  await put("/v1/applications/shop", SHOP);
  await put("/v1/applications/bot", {
    name: "Bot",
    assistant: { kind: "webhook", url: "https://bot.example.com/parley", signature: "bot" },
  });
  await put(`/v1/numbers/${NUMBER}`, {
    account: ONE.sid,
    application: "shop",
    type: "long-code",
    optOut: "parley",
    segmentsPerSecond: 2,
    description: "The shop",
    rateLimit: { perMinute: 20, perHour: 200 },
    loopGuard: true,
    caps: { segmentsPerDay: 500, moneyPerDay: 20 },
  });
  await put("/v1/lists/offers", {
    title: { en: "Offers", pt: "Ofertas" },
    number: NUMBER,
    audience: "anyone",
    doubleOptIn: true,
    zone: "America/New_York",
    heading: "From the shop",
  });
  await put(`/v1/lists/offers/subscribers/${PHONE}`, { proof: "a form" });
  await put("/v1/persons/customer-7", {
    name: "Customer Seven",
    phones: [PHONE],
    pin: "90471108",
    languages: ["en", "pt-BR"],
    attributes: { branch: "Lisbon" },
  });
  await mustPost("/v1/persons/customer-7/enrolments", { issuer: "Shop" });
  await put("/v1/persons/customer-8", { name: "Customer Eight", phones: [] });
  await tryToSignIn();
  await refuseText();
  await put(`/v1/senders/${PHONE}/consents/${NUMBER}`, { status: "given", proof: "a form" });
  await mustPost("/v1/notifications", {
    to: { phones: [PHONE] },
    number: NUMBER,
    list: "offers",
    audience: "anyone",
    text: { en: "Your {{ thing }} is here." },
    variables: { thing: "parcel" },
    link: { url: "https://shop.example.com/{{ thing }}", label: "More" },
    media: "https://shop.example.com/{{ thing }}.png",
    expiresInSeconds: 7_200,
  });
  await put("/v1/broadcasts/spring", { list: "offers", text: "Hello", quiet: null });
  await eventually(
    async () => await (await api("GET", "/v1/lists/offers/subscribers")).json<{ items: unknown[] }>(),
    ({ items }) => items.length === 1,
  );
  await eventually(
    async () => await (await api("GET", "/v1/consents")).json<{ items: unknown[] }>(),
    ({ items }) => items.length === 1,
  );
}

async function mustPost(path: string, body: unknown): Promise<void> {
  const response = await api("POST", path, body);
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
}

/** One person's code was right and their next PIN was wrong; the other was wrong three times. */
async function tryToSignIn(): Promise<void> {
  const db = openDatabase(env.DB);
  const counter = 59_000_000;
  await changeAttempts(db, "customer-7", (before) => ({
    attempts: acceptCode(before, "guess-1", counter) ?? before,
    value: null,
  }));
  const identities = new PersonDirectory(env, PHONE);
  await identities.checkPin("customer-7", await identities.sealGuess("0000", "guess-2"), Date.now());
  for (const guess of ["guess-3", "guess-4", "guess-5"])
    await changeAttempts(db, "customer-8", (before) => ({
      attempts: countGuess(before, guess, Date.now()) ?? before,
      value: null,
    }));
}

/** A webhook that Twilio has not made as the operator wants it. */
async function refuseText(): Promise<void> {
  const form = incoming(ONE, { From: PHONE, To: NUMBER, Body: "go" });
  const { status } = await exportsFetch(webhook("/twilio/message", form, ONE.token));
  if (status !== 401) throw new Error(`the webhook answers ${status}`);
}
