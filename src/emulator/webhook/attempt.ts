import { MAXIMUM_REDIRECTS } from "../limits.ts";
import type { TwilioError } from "../state/records.ts";
import type { RetryReason } from "./connection-overrides.ts";
import { type ExchangeOutcome, type ExchangeTimeouts, exchangeHttp, type IncomingResponse } from "./http-exchange.ts";
import { ensurePath, parseTarget } from "./request-target.ts";
import { signRequest, type WebhookParameters } from "./signature.ts";
import { createWebhookError } from "./webhook-errors.ts";

/** The data of a webhook request. */
export interface WebhookCall {
  /** Without a fragment. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly parameters: WebhookParameters;
  /** The account's primary token. */
  readonly authToken: string;
  /** The same on every attempt of one webhook. */
  readonly idempotencyToken: string;
}

/** The result of an attempt: a response with HTTP 2xx, or a failure with the reason that a retry policy may name. */
export type AttemptOutcome =
  | { readonly ok: true; readonly url: string; readonly incoming: IncomingResponse }
  | {
      readonly ok: false;
      readonly incoming: IncomingResponse | null;
      readonly failure: TwilioError;
      readonly reason: RetryReason | null;
    };

/** Makes one attempt, including a retry with credentials and HTTP redirects. */
export async function attemptCall(
  call: WebhookCall,
  timeouts: ExchangeTimeouts,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  let current = call;
  for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects += 1) {
    const outcome = await requestOnce(current, timeouts, signal);
    if (outcome.kind === "broken") {
      return { ok: false, incoming: null, failure: outcome.failure, reason: outcome.stage === "connect" ? "ct" : "rt" };
    }
    const { incoming } = outcome;
    if (incoming.status < 300 || incoming.status > 399) return judgeResponse(current.url, incoming);
    const next = followRedirect(current, incoming);
    if (next === null) return { ok: false, incoming, failure: createWebhookError(11216), reason: null };
    current = next;
  }
  return { ok: false, incoming: null, failure: createWebhookError(11215), reason: null };
}

/** Sends a request. Credentials in the URL are sent only after the server asked for them. */
async function requestOnce(
  call: WebhookCall,
  timeouts: ExchangeTimeouts,
  signal: AbortSignal,
): Promise<ExchangeOutcome> {
  const first = await exchangeHttp(buildRequest(call), timeouts, signal);
  const credentials = parseTarget(call.url)?.credentials ?? null;
  if (first.kind === "broken" || first.incoming.status !== 401 || credentials === null) return first;
  if (!/\bbasic\b/iu.test(first.incoming.headers.get("www-authenticate") ?? "")) return first;
  const basic = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  return exchangeHttp(buildRequest(call, { authorization: `Basic ${basic}` }), timeouts, signal);
}

function buildRequest(call: WebhookCall, extraHeaders: Readonly<Record<string, string>> = {}) {
  const form = new URLSearchParams(call.parameters.map(([name, value]) => [name, value])).toString();
  const isPost = call.method === "POST";
  const path = ensurePath(call.url);
  const url = isPost || form === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${form}`;
  const headers: Record<string, string> = {
    "user-agent": "TwilioProxy/1.1",
    accept: "*/*",
    "i-twilio-idempotency-token": call.idempotencyToken,
    "x-twilio-signature": signRequest(call.authToken, url, isPost ? call.parameters : []),
    ...extraHeaders,
  };
  if (isPost) headers["content-type"] = "application/x-www-form-urlencoded; charset=UTF-8";
  if (isPost) headers["content-length"] = String(Buffer.byteLength(form));
  return { url, method: call.method, headers, body: isPost ? form : "" };
}

function judgeResponse(url: string, incoming: IncomingResponse): AttemptOutcome {
  if (incoming.status < 300) return { ok: true, url, incoming };
  const reason = incoming.status < 500 ? "4xx" : "5xx";
  return { ok: false, incoming, failure: createWebhookError(11200, `HTTP ${incoming.status}`), reason };
}

/** Creates the redirected request: a GET without parameters for 301, 302 and 303; the same request for 307 and 308. */
function followRedirect(call: WebhookCall, { status, headers }: IncomingResponse): WebhookCall | null {
  const location = headers.get("location") ?? "";
  const url = URL.parse(location, call.url);
  if (location === "" || url === null || !url.protocol.startsWith("http")) return null;
  url.hash = "";
  if (status === 307 || status === 308) return { ...call, url: url.href };
  return { ...call, url: url.href, method: "GET", parameters: [] };
}
