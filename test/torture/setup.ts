import { createServer } from "node:net";
import { WEBHOOK_RETRY_FRAGMENT } from "../../src/configuration/public-origin.ts";
import { isShortCode } from "../../src/core/phone.ts";
import { drawChance } from "../../src/emulator/faults/seeded-chance.ts";
import type { SlowBot } from "./bot.ts";
import { PART_COUNTS, topicOf } from "./words.ts";

/** Two accounts, each with a long code, where Twilio itself refuses what is sent after STOP, and a short code, where nobody does but Parley. */
const ACCOUNTS = ["1", "2"].map((digit) => ({
  sid: `AC${digit.repeat(32)}`,
  authToken: digit.repeat(32),
}));
const TOPICS_NUMBERS = ["+12025550100", "55501", "+12025550101", "55502"] as const;

/** Where a slow bot answers, over HTTP. */
const BOT_NUMBER = "+12025550102";

export const NUMBERS = [...TOPICS_NUMBERS, BOT_NUMBER] as const;

/** Does what answers on a number take its time, so that texts wait for it? */
export function answersLater(number: string): boolean {
  return number === BOT_NUMBER;
}

/** Is it Parley that answers STOP and START there? */
export function isConfirmed(number: string): boolean {
  return isShortCode(number);
}

export interface Targets {
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
}

export function phoneOf(index: number): string {
  return `+1425555${String(index).padStart(4, "0")}`;
}

/** Tells Twilio and Parley of the accounts, the topics and their numbers, and the phones. */
export async function setUp(targets: Targets, senders: number): Promise<void> {
  const { parley, twilio } = editors(targets);
  for (const { sid, authToken } of ACCOUNTS) {
    await twilio("PUT", `/accounts/${sid}`, { friendlyName: "Torture", authToken });
    await parley(`/accounts/${sid}`, { name: "Torture", authToken, baseUrl: targets.emulator });
  }
  const topics = PART_COUNTS.map((parts) => `echo-${parts}`);
  for (const parts of PART_COUNTS) await parley(`/topics/echo-${parts}`, topicOf(parts));
  const assistant = { kind: "topics", topics };
  await parley("/applications/echo", { name: "Echo", assistant, idleSeconds: 86_400 });
  for (const [index, number] of TOPICS_NUMBERS.entries())
    await connect(targets, number, ACCOUNTS[Math.floor(index / 2)]?.sid, "echo");
  for (let index = 0; index < senders; index += 1) await twilio("POST", "/phones", { number: phoneOf(index) });
}

/** Tells them of the bot, and of the number on which it answers. */
export async function setUpBot(targets: Targets, { host, secret }: Pick<SlowBot, "host" | "secret">): Promise<void> {
  const { parley } = editors(targets);
  await parley("/secrets/bot", { value: secret, hosts: [host] });
  const assistant = { kind: "webhook", url: `http://${host}/`, signature: "bot" };
  await parley("/applications/bot", { name: "Bot", assistant, idleSeconds: 86_400, allowedHosts: [host] });
  await connect(targets, BOT_NUMBER, ACCOUNTS[0]?.sid, "bot");
}

async function connect(targets: Targets, number: string, account = "", application = ""): Promise<void> {
  const { parley, twilio } = editors(targets);
  const type = isShortCode(number) ? "short-code" : "long-code";
  // Nobody is patient here, and every text is counted.
  await parley(`/numbers/${number}`, { account, application, type, rateLimit: false, loopGuard: false });
  await twilio("PUT", `/numbers/${number}`, {
    accountSid: account,
    smsUrl: `${targets.worker}/twilio/message${WEBHOOK_RETRY_FRAGMENT}`,
    smsFallbackUrl: `${targets.worker}/twilio/fallback${WEBHOOK_RETRY_FRAGMENT}`,
  });
}

function editors({ worker, emulator, adminKey }: Targets) {
  return {
    parley: (path: string, body: object) => send("PUT", `${worker}/v1${path}`, body, adminKey),
    twilio: (method: string, path: string, body: object) => send(method, `${emulator}/emulator${path}`, body),
  };
}

/** A list lags less than the Worker, told to wait 2 s, waits. */
const USUAL = {
  create: {
    busy: 0.02,
    busyRetryAfter: 0.01,
    errorBefore: 0.03,
    errorAfter: 0.015,
    resetBefore: 0.01,
    resetAfter: 0.015,
    // Twilio answers in some tenths of a second: time to be killed in between.
    slow: 0.5,
    slowMs: 120,
  },
  list: { error: 0.1, lag: 0.3, lagMs: 1_000 },
  webhook: { repeat: 0.15, copies: 3, concurrent: 0.5, spreadMs: 400, lost: 0.04, late: 0.05, lateMs: 300 },
  callback: { early: 0.05, doubled: 0.1, missing: 0.02, reversed: 0.05 },
} as const;

/** How Twilio's misbehaviour changes while the Worker is killed. */
const SPELLS: readonly object[] = [
  USUAL,
  // An answer comes when the doubt would long be settled, were the Worker dead.
  { ...USUAL, create: { ...USUAL.create, slow: 0.15, slowMs: 3_000 } },
  { ...USUAL, create: { ...USUAL.create, errorBefore: 0.05, errorAfter: 0.05 }, list: { ...USUAL.list, error: 0.5 } },
  { ...USUAL, callback: { early: 0.3, doubled: 0.5, missing: 0.3, reversed: 0.3 } },
  { ...USUAL, webhook: { ...USUAL.webhook, repeat: 0.7, copies: 5, lost: 0.2, late: 0.3, lateMs: 900 } },
  // Longer than the Worker waits for an answer.
  { ...USUAL, create: { ...USUAL.create, slow: 0.01, slowMs: 21_000 } },
  {},
];

export const KILLS_IN_A_SPELL = 10;

/** @returns the plan of Twilio's faults after so many kills */
export function faults(seed: number, kills: number): object {
  const spell = Math.floor(kills / KILLS_IN_A_SPELL);
  return { seed: seed + spell, ...SPELLS[spell % SPELLS.length] };
}

/** Makes, changes or ends something over HTTP. @throws with what the other side said */
export async function send(method: string, url: string, body?: object, key = ""): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...(key === "" ? {} : { authorization: `Bearer ${key}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return text === "" ? null : JSON.parse(text);
}

/** A free port that no outgoing connection of this machine takes while the Worker is dead. */
export async function freePort(seed: number): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const port = 20_000 + Math.floor(drawChance(seed, `port ${tries} ${process.pid}`) * 10_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
