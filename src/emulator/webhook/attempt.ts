import { REDIRECTS } from "../limits.ts";
import type { Failure } from "../model.ts";
import { type Exchange, exchange, type Incoming, type Patience } from "./exchange.ts";
import { failure } from "./failures.ts";
import type { RetryReason } from "./overrides.ts";
import { type Parameters, sign } from "./signing.ts";
import { parseTarget, withPath } from "./target.ts";

/** A webhook request as Twilio builds it. */
export interface Call {
  /** Without the fragment. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly parameters: Parameters;
  /** The account's primary token. */
  readonly authToken: string;
  /** The same on every attempt of one webhook. */
  readonly idempotencyToken: string;
}

/** How an attempt ended: with an answer of HTTP 2xx or 3xx, or with a failure that the retry policy may name. */
export type Attempt =
  | { readonly ok: true; readonly url: string; readonly incoming: Incoming }
  | {
      readonly ok: false;
      readonly incoming: Incoming | null;
      readonly failure: Failure;
      readonly reason: RetryReason | null;
    };

/** Makes one attempt: answers a demand for credentials, follows redirects. */
export async function attempt(call: Call, patience: Patience, signal: AbortSignal): Promise<Attempt> {
  let current = call;
  for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
    const outcome = await requestOnce(current, patience, signal);
    if (outcome.kind === "broken") {
      return { ok: false, incoming: null, failure: outcome.failure, reason: outcome.stage === "connect" ? "ct" : "rt" };
    }
    const { incoming } = outcome;
    if (incoming.status < 300 || incoming.status > 399) return judge(current.url, incoming);
    const next = redirected(current, incoming);
    if (next === null) return { ok: false, incoming, failure: failure(11216), reason: null };
    current = next;
  }
  return { ok: false, incoming: null, failure: failure(11215), reason: null };
}

/** Credentials in the URL are sent only when the server asks for them (TWILIO.md 2.4). */
async function requestOnce(call: Call, patience: Patience, signal: AbortSignal): Promise<Exchange> {
  const first = await exchange(build(call), patience, signal);
  const credentials = parseTarget(call.url)?.credentials ?? null;
  if (first.kind === "broken" || first.incoming.status !== 401 || credentials === null) return first;
  if (!/\bbasic\b/iu.test(first.incoming.headers.get("www-authenticate") ?? "")) return first;
  const basic = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  return exchange(build(call, { authorization: `Basic ${basic}` }), patience, signal);
}

function build(call: Call, extra: Readonly<Record<string, string>> = {}) {
  const form = new URLSearchParams(call.parameters.map(([name, value]) => [name, value])).toString();
  const post = call.method === "POST";
  const path = withPath(call.url);
  const url = post || form === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${form}`;
  const headers: Record<string, string> = {
    "user-agent": "TwilioProxy/1.1",
    accept: "*/*",
    "i-twilio-idempotency-token": call.idempotencyToken,
    "x-twilio-signature": sign(call.authToken, url, post ? call.parameters : []),
    ...extra,
  };
  if (post) headers["content-type"] = "application/x-www-form-urlencoded; charset=UTF-8";
  if (post) headers["content-length"] = String(Buffer.byteLength(form));
  return { url, method: call.method, headers, body: post ? form : "" };
}

function judge(url: string, incoming: Incoming): Attempt {
  if (incoming.status < 300) return { ok: true, url, incoming };
  const reason = incoming.status < 500 ? "4xx" : "5xx";
  return { ok: false, incoming, failure: failure(11200, `HTTP ${incoming.status}`), reason };
}

/** 301, 302 and 303 lead to a GET that carries no parameters; 307 and 308 repeat the request. */
function redirected(call: Call, { status, headers }: Incoming): Call | null {
  const location = headers.get("location") ?? "";
  const url = URL.parse(location, call.url);
  if (location === "" || url === null || !url.protocol.startsWith("http")) return null;
  url.hash = "";
  if (status === 307 || status === 308) return { ...call, url: url.href };
  return { ...call, url: url.href, method: "GET", parameters: [] };
}
