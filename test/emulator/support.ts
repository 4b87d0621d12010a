import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import twilio from "twilio";
import type { EmulatedMessage, EmulatorState, WebhookAttempt } from "../../src/emulator/contract.ts";
import { startEmulator } from "../../src/emulator/server.ts";

export const ACCOUNT = `AC${"1".repeat(32)}`;
export const TOKEN = "a".repeat(32);
export const NUMBER = "+12025550100";
export const PHONE = "+12025550140";

const FAST = { queuedMs: 5, sentMs: 5 };

/** Tries until there is a value, and says what it waited for when there never is one. */
export async function until<Value>(
  what: string,
  probe: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  milliseconds = 5_000,
): Promise<Value> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they were on the wire. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
}

export interface ReceiverReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export const EMPTY_TWIML: ReceiverReply = { headers: { "content-type": "text/xml" }, body: "<Response/>" };

export function twiml(content: string): ReceiverReply {
  return { headers: { "content-type": "text/xml" }, body: `<?xml version="1.0"?><Response>${content}</Response>` };
}

/** A web server of the operator's. `answer` decides; null leaves the request hanging. */
export async function startReceiver(answer: (request: ReceivedRequest) => ReceiverReply | null = () => EMPTY_TWIML) {
  const received: ReceivedRequest[] = [];
  const behaviour = { answer };
  let aborted = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const { method = "", url = "", headers } = request;
    const one: ReceivedRequest = { method, url, headers, body, form: Object.fromEntries(new URLSearchParams(body)) };
    received.push(one);
    response.on("close", () => (aborted += response.writableFinished ? 0 : 1));
    const reply = behaviour.answer(one);
    if (reply === null) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(reply.body ?? "");
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behaviour,
    /** How many requests were given up by the one who asked. */
    aborted: () => aborted,
    to: (path: string) => received.filter(({ url }) => url.split("?")[0] === path),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A running emulator with an account, and the few calls that most tests make. */
export async function startTestEmulator(pace = FAST) {
  const emulator = await startEmulator({ port: 0, pace });
  const { origin } = emulator;

  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(origin + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  const done = async <Value>(method: string, path: string, body?: unknown): Promise<Value> => {
    const response = await call(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as Value;
  };

  await done("PUT", `/emulator/accounts/${ACCOUNT}`, { friendlyName: "Northwind", authToken: TOKEN });
  await done("PUT", `/emulator/numbers/${NUMBER}`, { accountSid: ACCOUNT });
  await done("POST", "/emulator/phones", { number: PHONE });

  return {
    origin,
    mediaOrigin: emulator.context.mediaOrigin,
    stop: () => emulator.stop(),
    call,
    done,
    client: twilioClient(origin, ACCOUNT, TOKEN),
    setNumber: (settings: Record<string, unknown>, number = NUMBER) =>
      done("PUT", `/emulator/numbers/${number}`, { accountSid: ACCOUNT, ...settings }),
    /** Sends a text from the phone and waits until its webhooks are over. */
    text: (body: string, more: Record<string, unknown> = {}) =>
      done<EmulatedMessage>("POST", `/emulator/phones/${PHONE}/messages?wait=webhook`, { to: NUMBER, body, ...more }),
    state: () => done<EmulatorState>("GET", "/emulator/state"),
    transcript: async () =>
      (await done<{ items: EmulatedMessage[] }>("GET", `/emulator/phones/${PHONE}/messages?with=${NUMBER}`)).items,
    attempts: async (messageSid?: string) => {
      const query = messageSid === undefined ? "" : `?messageSid=${messageSid}`;
      return (await done<{ items: WebhookAttempt[] }>("GET", `/emulator/webhooks${query}`)).items;
    },
  };
}

/** Twilio's own client, whose requests to api.twilio.com go to the emulator. */
export function twilioClient(origin: string, sid: string, token: string): twilio.Twilio {
  const httpClient = new twilio.RequestClient();
  httpClient.axios.interceptors.request.use((config) =>
    Object.assign(config, { url: config.url?.replace("https://api.twilio.com", origin) }),
  );
  return twilio(sid, token, { httpClient });
}
