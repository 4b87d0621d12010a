import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ACCOUNT } from "./texts.ts";

/** A reply that nobody sends is a fault, and no slow reply. */
const PATIENCE_MILLISECONDS = 30_000;

/** Twilio's REST API, as light as it can be: it takes every message at once, and reports on none. */
export class Twilio {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #waiting = new Map<string, (at: number) => void>();
  #requests = 0;
  #lastCallback = "";
  #lastSid = "";

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests to the REST API so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Where the message that came last wants to be reported. */
  get lastCallback(): string {
    return this.#lastCallback;
  }

  get lastSid(): string {
    return this.#lastSid;
  }

  /** @returns when the reply to a text had come, in `performance.now()`'s milliseconds */
  reply(words: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Nobody has answered "${words}".`)), PATIENCE_MILLISECONDS);
      this.#waiting.set(words, (at) => {
        clearTimeout(timer);
        resolve(at);
      });
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    request.setEncoding("latin1");
    for await (const chunk of request) text += chunk as string;
    this.#requests += 1;
    if (request.method !== "POST")
      return send(response, 200, { sid: ACCOUNT.sid, status: "active", friendly_name: "" });
    const form = new URLSearchParams(text);
    this.#lastCallback = form.get("StatusCallback") ?? "";
    this.#lastSid = `SM${this.#requests.toString(16).padStart(32, "f")}`;
    send(response, 201, messageOf(form, this.#lastSid));
    const words = form.get("Body") ?? "";
    this.#waiting.get(words)?.(performance.now());
    this.#waiting.delete(words);
  }
}

function messageOf(form: URLSearchParams, sid: string): object {
  return {
    sid,
    account_sid: ACCOUNT.sid,
    status: "queued",
    direction: "outbound-api",
    from: form.get("From"),
    to: form.get("To"),
    body: form.get("Body"),
    num_segments: "1",
    num_media: "0",
    date_created: new Date().toUTCString(),
    error_code: null,
    error_message: null,
  };
}

function send(response: ServerResponse, status: number, document: object): void {
  const body = JSON.stringify(document);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
