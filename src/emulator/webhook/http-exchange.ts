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
  /** UTF-8; cut where it exceeds the limit. */
  readonly body: string;
  readonly tooLarge: boolean;
}

export interface ExchangeTimeouts {
  readonly connectMs: number;
  readonly readMs: number;
}

/** One HTTP request and its answer; or at what stage it broke. */
export type ExchangeOutcome =
  | { readonly kind: "answered"; readonly incoming: IncomingResponse }
  | { readonly kind: "broken"; readonly stage: "connect" | "read"; readonly failure: TwilioError };

/**
 * Sends one request on a connection of its own: a kept one could close under it and make it unclear whether the request
 * arrived. The path travels as configured; `fetch` would normalise what is signed, and knows no connection timeout.
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
    const clock = new ExchangeTimer(timeouts, () => request.destroy());
    const finishExchange = (outcome: ExchangeOutcome): void => {
      clock.stopTimer();
      resolve(outcome);
    };
    const failExchange = (error: unknown): void => {
      finishExchange({
        kind: "broken",
        stage: clock.stage,
        failure: clock.expiry ?? toWebhookError(error, clock.stage),
      });
    };
    request.on("socket", (socket) => socket.once(secure ? "secureConnect" : "connect", () => clock.startReading()));
    request.on("error", failExchange);
    request.on("response", (response) => {
      collectResponse(response, clock).then((incoming) => finishExchange({ kind: "answered", incoming }), failExchange);
    });
    request.end(outgoing.body);
  });
}

/** How long the connection, and then every next piece of the answer, may take. */
class ExchangeTimer {
  stage: "connect" | "read" = "connect";
  /** Set when the time was up. */
  expiry: TwilioError | null = null;
  readonly #timeouts: ExchangeTimeouts;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout;

  constructor(timeouts: ExchangeTimeouts, giveUp: () => void) {
    this.#timeouts = timeouts;
    this.#giveUp = giveUp;
    this.#timer = this.#startTimer(timeouts.connectMs, `no connection within ${timeouts.connectMs} ms`);
  }

  startReading(): void {
    this.stage = "read";
    this.restartTimer();
  }

  restartTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#startTimer(this.#timeouts.readMs, `no answer within ${this.#timeouts.readMs} ms`);
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  #startTimer(milliseconds: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.expiry = createWebhookError(11205, reason);
      this.#giveUp();
    }, milliseconds);
  }
}

/** Reads an answer up to the limit; what is beyond is left unread. */
async function collectResponse(response: IncomingMessage, clock: ExchangeTimer): Promise<IncomingResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    clock.restartTimer();
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
