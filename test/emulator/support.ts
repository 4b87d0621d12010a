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

/** Polls until there is a value. @param what is named in the error after the timeout */
export async function waitFor<Value>(
  what: string,
  probe: () => Value | null | undefined | false | Promise<Value | null | undefined | false>,
  milliseconds = 5_000,
): Promise<Value> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`timeout after ${milliseconds} ms while waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as sent. */
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

/** Starts a web server that records requests. @param answer creates the response; null leaves the request open */
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
    /** Number of requests that the client aborted. */
    aborted: () => aborted,
    to: (path: string) => received.filter(({ url }) => url.split("?")[0] === path),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Starts an emulator with an account, a number and a phone, and offers the calls that most tests make. */
export async function startTestEmulator(pace = FAST) {
  const emulator = await startEmulator({ port: 0, pace });
  const { origin } = emulator;

  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(origin + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  const callJson = async <Value>(method: string, path: string, body?: unknown): Promise<Value> => {
    const response = await call(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text}`);
    return (text === "" ? null : JSON.parse(text)) as Value;
  };

  await callJson("PUT", `/emulator/accounts/${ACCOUNT}`, { friendlyName: "Northwind", authToken: TOKEN });
  await callJson("PUT", `/emulator/numbers/${NUMBER}`, { accountSid: ACCOUNT });
  await callJson("POST", "/emulator/phones", { number: PHONE });

  return {
    origin,
    mediaOrigin: emulator.context.mediaOrigin,
    stop: () => emulator.stop(),
    call,
    callJson,
    client: createTwilioClient(origin, ACCOUNT, TOKEN),
    setNumber: (settings: Record<string, unknown>, number = NUMBER) =>
      callJson("PUT", `/emulator/numbers/${number}`, { accountSid: ACCOUNT, ...settings }),
    /** Sends a text from the phone and waits for its webhooks. */
    text: (body: string, more: Record<string, unknown> = {}) =>
      callJson<EmulatedMessage>("POST", `/emulator/phones/${PHONE}/messages?wait=webhook`, {
        to: NUMBER,
        body,
        ...more,
      }),
    state: () => callJson<EmulatorState>("GET", "/emulator/state"),
    transcript: async () =>
      (await callJson<{ items: EmulatedMessage[] }>("GET", `/emulator/phones/${PHONE}/messages?with=${NUMBER}`)).items,
    attempts: async (messageSid?: string) => {
      const query = messageSid === undefined ? "" : `?messageSid=${messageSid}`;
      return (await callJson<{ items: WebhookAttempt[] }>("GET", `/emulator/webhooks${query}`)).items;
    },
  };
}

/** Creates Twilio's client, with its requests to api.twilio.com redirected to the emulator. */
export function createTwilioClient(origin: string, sid: string, token: string): twilio.Twilio {
  const httpClient = new twilio.RequestClient();
  httpClient.axios.interceptors.request.use((config) =>
    Object.assign(config, { url: config.url?.replace("https://api.twilio.com", origin) }),
  );
  return twilio(sid, token, { httpClient });
}
