import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { ANSWER_BYTES } from "../limits.ts";
import type { TwilioError } from "../state/records.ts";
import { parseTarget } from "./request-target.ts";
import { createWebhookError, toWebhookError } from "./webhook-errors.ts";

export interface OutgoingRequest {
  /** Without a fragment. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface IncomingResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Decoded as UTF-8, and truncated at the limit. */
  readonly body: string;
  readonly tooLarge: boolean;
}

export interface ExchangeTimeouts {
  readonly connectMs: number;
  readonly readMs: number;
}

/** The response to an HTTP request, or the stage at which the request failed. */
export type ExchangeOutcome =
  | { readonly kind: "answered"; readonly incoming: IncomingResponse }
  | { readonly kind: "broken"; readonly stage: "connect" | "read"; readonly failure: TwilioError };

/**
 * Sends one request on a new connection: a reused one could close meanwhile, which would leave it unclear whether the
 * request arrived. Uses node:http, since `fetch` normalizes the signed URL and has no connection timeout.
 */
export function exchangeHttp(
  outgoing: OutgoingRequest,
  timeouts: ExchangeTimeouts,
  signal: AbortSignal,
): Promise<ExchangeOutcome> {
  const target = parseTarget(outgoing.url);
  if (target === null) {
    return Promise.resolve({ kind: "broken", stage: "connect", failure: createWebhookError(11100, outgoing.url) });
  }
  return new Promise((resolve) => {
    const { host: hostname, port, path, secure, hostHeader } = target;
    const headers = { ...outgoing.headers, host: hostHeader };
    const options = { hostname, port, path, method: outgoing.method, headers, agent: false, signal };
    const request = (secure ? requestHttps : requestHttp)(options);
    const timer = new ExchangeTimer(timeouts, () => request.destroy());
    const finishExchange = (outcome: ExchangeOutcome): void => {
      timer.stopTimer();
      resolve(outcome);
    };
    const failExchange = (error: unknown): void => {
      finishExchange({
        kind: "broken",
        stage: timer.stage,
        failure: timer.expiry ?? toWebhookError(error, timer.stage),
      });
    };
    request.on("socket", (socket) => socket.once(secure ? "secureConnect" : "connect", () => timer.startReading()));
    request.on("error", failExchange);
    request.on("response", (response) => {
      collectResponse(response, timer).then((incoming) => finishExchange({ kind: "answered", incoming }), failExchange);
    });
    request.end(outgoing.body);
  });
}

/** Enforces the connection timeout, then the read timeout for each chunk of the response. */
class ExchangeTimer {
  stage: "connect" | "read" = "connect";
  /** The timeout's error, once a timeout has expired. */
  expiry: TwilioError | null = null;
  readonly #timeouts: ExchangeTimeouts;
  readonly #abortRequest: () => void;
  #timer: NodeJS.Timeout;

  constructor(timeouts: ExchangeTimeouts, abortRequest: () => void) {
    this.#timeouts = timeouts;
    this.#abortRequest = abortRequest;
    this.#timer = this.#startTimer(timeouts.connectMs, `no connection within ${timeouts.connectMs} ms`);
  }

  startReading(): void {
    this.stage = "read";
    this.restartTimer();
  }

  restartTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#startTimer(this.#timeouts.readMs, `no response within ${this.#timeouts.readMs} ms`);
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  #startTimer(milliseconds: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.expiry = createWebhookError(11205, reason);
      this.#abortRequest();
    }, milliseconds);
  }
}

/** Reads a response up to the limit. */
async function collectResponse(response: IncomingMessage, timer: ExchangeTimer): Promise<IncomingResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    timer.restartTimer();
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    headers: toHeaderMap(response.headers),
    body: Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString("utf8"),
    tooLarge: size > ANSWER_BYTES,
  };
}

function toHeaderMap(headers: NodeJS.Dict<string | string[]>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
}
