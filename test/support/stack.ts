import twilio from "twilio";
import { inject } from "vitest";
import { createSecrets } from "../../src/cli/secrets.ts";
import { type RunningStack, startStack } from "../../src/cli/stack.ts";

export interface TestStack extends RunningStack {
  /** What the Worker has logged, a JSON line each. */
  readonly logged: string[];
}

/** Nobody watches the messages on their way. */
const PACE = { queuedMs: 20, sentMs: 20 };

/** The whole of Parley on free ports, its state in memory unless a folder is given. */
export async function testStack(state: string | null = null, secrets = createSecrets()): Promise<TestStack> {
  const logged: string[] = [];
  const onLog = (_: string, line: string) => logged.push(line);
  const prepared = inject("preparedWorker");
  const stack = await startStack({ port: 0, emulatorPort: 0, state, secrets, onLog, pace: PACE, prepared });
  return { ...stack, logged };
}

export type Fields = Readonly<Record<string, string | string[]>>;

/** A webhook request, signed by Twilio's own package. */
export async function signedPost(url: string, fields: Fields, token: string, signedUrl = url): Promise<Response> {
  const signature = twilio.getExpectedTwilioSignature(token, signedUrl, fields);
  return await post(url, encode(fields), { "x-twilio-signature": signature });
}

export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const type = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
  return await fetch(url, { method: "POST", headers: { ...type, ...headers }, body, redirect: "manual" });
}

export function encode(fields: Fields): string {
  const form = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    for (const each of [value].flat()) form.append(key, each);
  }
  return form.toString();
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function adminApi(stack: RunningStack, method: string, path: string, body?: unknown): Promise<ApiAnswer> {
  const response = await fetch(stack.worker + path, {
    method,
    headers: { authorization: `Bearer ${stack.adminKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

export async function emulatorApi(
  stack: RunningStack,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${stack.emulator}/emulator${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
}

export interface TranscriptMessage {
  readonly id: string;
  readonly conversation: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly media: readonly {
    readonly status: string;
    readonly url: string;
    readonly contentType: string | null;
    readonly size: number | null;
  }[];
  readonly status: string;
  readonly sid: string | null;
  readonly error: { readonly code: number | null; readonly message: string } | null;
}

export async function transcript(
  stack: RunningStack,
  phone: string,
  number: string,
): Promise<readonly TranscriptMessage[]> {
  const [one, two] = [phone, number].map(encodeURIComponent);
  const { status, body } = await adminApi(stack, "GET", `/v1/senders/${one}/conversations/${two}/messages?limit=200`);
  return status === 404 ? [] : (body["items"] as TranscriptMessage[]);
}

/** Looks again and again until it holds. @throws with what was there last, after ten seconds where nothing else is said */
export async function eventually<Value>(
  look: () => Promise<Value>,
  holds: (value: Value) => boolean,
  patienceMilliseconds = 10_000,
): Promise<Value> {
  for (const deadline = Date.now() + patienceMilliseconds; ; ) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > deadline) throw new Error(`It never came to hold; last there was ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
