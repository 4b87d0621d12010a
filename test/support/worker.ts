import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { inject } from "vitest";
import { forgetConfiguration, loadConfiguration } from "../../src/configuration/store.ts";
import type { Message } from "../../src/sender/records/transcript.ts";

import { checkAnswer } from "./contract.ts";

const ADMIN_KEY = "test-admin-key";
export const ORIGIN = "http://127.0.0.1:9";

export interface TestAccount {
  readonly sid: string;
  readonly token: string;
}

export const ONE: TestAccount = { sid: `AC${"1".repeat(32)}`, token: "e1".repeat(16) };
export const TWO: TestAccount = { sid: `AC${"2".repeat(32)}`, token: "e2".repeat(16) };

/** Of a number that tests text as no person does. */
export const UNBRAKED = { rateLimit: false, loopGuard: false };

/** A topic that repeats what it is told. */
export const ECHO = {
  title: "Echo",
  keywords: ["go"],
  steps: [
    { kind: "ask", id: "ask", text: "What?", save: "said" },
    { kind: "ask", id: "echo", text: "{{ said }}", save: "said", next: "echo" },
  ],
};

/** A topic that answers in three messages. */
export const THRICE = {
  title: "Thrice",
  keywords: ["thrice"],
  steps: [1, 2, 3].map((count) => ({ kind: "say", id: `s${count}`, text: `${count}` })),
};

export async function migrateDatabase(): Promise<void> {
  await applyD1Migrations(env.DB, env.MIGRATIONS);
  forgetConfiguration();
}

/** The account ONE, with a number on which the topic ECHO answers, here and at the emulator. */
export async function answerWithEcho(number: string, phones: readonly string[]): Promise<void> {
  await migrateDatabase();
  await emulate(ONE, [number], phones);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await put("/v1/topics/echo", ECHO);
  await put("/v1/applications/echo", { name: "Echo", assistant: { kind: "topics", topics: ["echo"] } });
  await put(`/v1/numbers/${number}`, { account: ONE.sid, application: "echo", type: "long-code", ...UNBRAKED });
}

/** A request to the Worker, from outside. */
export async function exportsFetch(request: Request): Promise<Response> {
  return await exports.default.fetch(request);
}

/** Calls the admin API with the admin key. @throws if the answer is not as the API document has it */
export async function api(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await send(method, path, body, headers);
  await checkAnswer(method, path, response);
  return response;
}

async function send(
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return await exportsFetch(
    new Request(ORIGIN + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
}

export async function put(path: string, body: unknown): Promise<void> {
  const response = await send("PUT", path, body);
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
}

/** A list as another isolate saves it: this one, whose configuration is fresh, does not hear of it. */
export async function putListElsewhere(id: string, number: string): Promise<void> {
  forgetConfiguration();
  await loadConfiguration(env, () => undefined);
  const list = JSON.stringify({ title: id, number, audience: "anyone", doubleOptIn: false, zone: "UTC" });
  const values = "VALUES (?, ?, ?, ?, ?)";
  await env.DB.batch([
    env.DB.prepare(`INSERT INTO lists (id, number, document, created_at, updated_at) ${values}`).bind(
      id,
      number,
      list,
      Date.now(),
      Date.now(),
    ),
    env.DB.prepare("UPDATE revisions SET revision = revision + 1"),
  ]);
}

/** Saves a topic and publishes it. */
export async function publish(topic: string, document: unknown): Promise<void> {
  await put(`/v1/topics/${topic}`, document);
  const response = await api("POST", `/v1/topics/${topic}/publications`);
  if (!response.ok) throw new Error(`publishing ${topic}: ${response.status} ${await response.text()}`);
}

/** Makes an account known to the emulator, with a number, and a phone for each sender. */
export async function emulate(
  account: TestAccount,
  numbers: readonly string[],
  phones: readonly string[],
): Promise<void> {
  await emulator("PUT", `/emulator/accounts/${account.sid}`, { friendlyName: "Test", authToken: account.token });
  for (const number of numbers) {
    await emulator("PUT", `/emulator/numbers/${encodeURIComponent(number)}`, { accountSid: account.sid });
  }
  for (const number of phones) await emulator("POST", "/emulator/phones", { number }, [201, 409]);
}

export async function emulator(
  method: string,
  path: string,
  body?: unknown,
  expected = [200, 201, 204],
): Promise<unknown> {
  const response = await fetch(inject("emulator") + path, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!expected.includes(response.status)) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** What has reached a phone at Twilio, oldest first. */
export async function reached(phone: string, from: string): Promise<readonly string[]> {
  const path = `/emulator/phones/${encodeURIComponent(phone)}/messages?with=${encodeURIComponent(from)}`;
  const { items } = (await emulator("GET", path)) as {
    items: { direction: string; body: string; createdAt: number }[];
  };
  return items.filter(({ direction }) => direction !== "inbound").map(({ body }) => body);
}

let count = 0;

/** A text as Twilio's webhook would bring it; every one has a SID of its own unless it is given. */
export function incoming(account: TestAccount, fields: Readonly<Record<string, string>>): Record<string, string> {
  count += 1;
  const sid = `SM${String(count).padStart(32, "0")}`;
  return {
    MessageSid: sid,
    AccountSid: account.sid,
    NumMedia: "0",
    NumSegments: "1",
    ApiVersion: "2010-04-01",
    ...fields,
  };
}

export function webhook(
  path: string,
  fields: Readonly<Record<string, string>>,
  token: string,
  signedUrl = ORIGIN + path,
): Request {
  return new Request(ORIGIN + path, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": sign(signedUrl, fields, token),
    },
    body: new URLSearchParams(fields).toString(),
  });
}

/** Signs as Twilio does, by a library that is not the one that verifies. */
function sign(url: string, fields: Readonly<Record<string, string>>, token: string): string {
  const sorted = Object.keys(fields).toSorted();
  const data = url + sorted.map((key) => key + fields[key]).join("");
  return btoa(String.fromCharCode(...hmac(sha1, utf8ToBytes(token), utf8ToBytes(data))));
}

export async function transcript(phone: string, number: string): Promise<readonly Message[]> {
  const path = `/v1/senders/${encodeURIComponent(phone)}/conversations/${encodeURIComponent(number)}/messages?limit=200`;
  const response = await api("GET", path);
  if (response.status === 404) return [];
  return (await response.json<{ items: Message[] }>()).items;
}

/** Looks again and again until it holds. @throws with what was there last, after five seconds */
export async function eventually<Value>(
  look: () => Promise<Value>,
  holds: (value: Value) => boolean,
  patience = 250,
): Promise<Value> {
  for (let tries = 0; ; tries += 1) {
    const value = await look();
    if (holds(value)) return value;
    if (tries > patience) throw new Error(`It never came to hold; last there was ${JSON.stringify(value)}`);
    await scheduler.wait(20);
  }
}
