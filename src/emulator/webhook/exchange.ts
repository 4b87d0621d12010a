import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { ANSWER_BYTES } from "../limits.ts";
import type { Failure } from "../model.ts";
import { failure, failureOfError } from "./failures.ts";
import { parseTarget } from "./target.ts";

export interface Outgoing {
  /** Without a fragment. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Incoming {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** UTF-8; cut where it exceeds the limit. */
  readonly body: string;
  readonly tooLarge: boolean;
}

export interface Patience {
  readonly connectMs: number;
  readonly readMs: number;
}

/** One HTTP request and its answer; or at what stage it broke. */
export type Exchange =
  | { readonly kind: "answered"; readonly incoming: Incoming }
  | { readonly kind: "broken"; readonly stage: "connect" | "read"; readonly failure: Failure };

/**
 * Sends one request on a connection of its own: a kept one could close under it and make it unclear whether the request
 * arrived. The path travels as configured; `fetch` would normalise what is signed, and knows no connection timeout.
 */
export function exchange(outgoing: Outgoing, patience: Patience, signal: AbortSignal): Promise<Exchange> {
  const target = parseTarget(outgoing.url);
  if (target === null) {
    return Promise.resolve({ kind: "broken", stage: "connect", failure: failure(11100, outgoing.url) });
  }
  return new Promise((resolve) => {
    const { host: hostname, port, path, secure, hostHeader } = target;
    const headers = { ...outgoing.headers, host: hostHeader };
    const options = { hostname, port, path, method: outgoing.method, headers, agent: false, signal };
    const request = (secure ? requestHttps : requestHttp)(options);
    const clock = new Clock(patience, () => request.destroy());
    const finish = (outcome: Exchange): void => {
      clock.stop();
      resolve(outcome);
    };
    const broken = (error: unknown): void => {
      finish({ kind: "broken", stage: clock.stage, failure: clock.expiry ?? failureOfError(error, clock.stage) });
    };
    request.on("socket", (socket) => socket.once(secure ? "secureConnect" : "connect", () => clock.connected()));
    request.on("error", broken);
    request.on("response", (response) => {
      readWhole(response, clock).then((incoming) => finish({ kind: "answered", incoming }), broken);
    });
    request.end(outgoing.body);
  });
}

/** How long the connection, and then every next piece of the answer, may take. */
class Clock {
  stage: "connect" | "read" = "connect";
  /** Set when the time was up. */
  expiry: Failure | null = null;
  readonly #patience: Patience;
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout;

  constructor(patience: Patience, giveUp: () => void) {
    this.#patience = patience;
    this.#giveUp = giveUp;
    this.#timer = this.#start(patience.connectMs, `no connection within ${patience.connectMs} ms`);
  }

  connected(): void {
    this.stage = "read";
    this.restart();
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start(this.#patience.readMs, `no answer within ${this.#patience.readMs} ms`);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #start(milliseconds: number, reason: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.expiry = failure(11205, reason);
      this.#giveUp();
    }, milliseconds);
  }
}

/** Reads an answer up to the limit; what is beyond is left unread. */
async function readWhole(response: IncomingMessage, clock: Clock): Promise<Incoming> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    clock.restart();
    chunks.push(chunk);
    size += chunk.length;
    if (size > ANSWER_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    headers: headerMap(response.headers),
    body: Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString("utf8"),
    tooLarge: size > ANSWER_BYTES,
  };
}

function headerMap(headers: NodeJS.Dict<string | string[]>): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")]));
}
