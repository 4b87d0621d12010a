import type { JsonValue } from "../core/json.ts";
import { OUTBOUND_BODY_BYTES, OUTBOUND_TIMEOUT_MILLISECONDS } from "../core/limits/outbound.ts";
import { fillHeaders, type OutboundHeaders } from "./headers.ts";
import {
  type AnswerContent,
  isTransientFailure,
  type OutboundAnswer,
  type OutboundFailure,
  parseContent,
} from "./outbound-answer.ts";
import { type HttpMethod, nextHop, type RequestHop } from "./redirect.ts";
import { signMessage } from "./standard-webhooks.ts";
import { checkUrl } from "./url-check.ts";

export interface OutboundRequest {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers?: OutboundHeaders;
  /** Sent as JSON, except with GET. */
  readonly body?: JsonValue;
  readonly expect: "json" | "text";
  /**
   * Sent with each try, so that a server that supports the header performs the request once. If present, there is one
   * retry after a timeout, a lost connection, or HTTP 500, 502, 503 or 504; if absent, there is none.
   */
  readonly idempotencyKey?: string;
  /** Signs the request by Standard Webhooks: `id` is the message's id, `secret` the name of the secret. */
  readonly signature?: { readonly id: string; readonly secret: string };
}

export interface OutboundRules {
  /** As in `checkUrl`. */
  readonly allowedHosts: readonly string[];
  /** Values by name; used in headers and signatures only. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Timeout of one try, including redirects and the whole response. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Sends a request to one of the operator's systems. Never throws for network failures. `where` is the origin that
 * failed, or the name of the secret, and reveals nothing of path, headers or body.
 */
export async function sendRequest(request: OutboundRequest, rules: OutboundRules): Promise<OutboundAnswer> {
  const firstHop = await prepareFirstHop(request, rules);
  if ("kind" in firstHop) return firstHop;
  const answer = await tryOnce(firstHop, request.expect, rules);
  return request.idempotencyKey !== undefined && isTransientFailure(answer)
    ? await tryOnce(firstHop, request.expect, rules)
    : answer;
}

async function prepareFirstHop(
  request: OutboundRequest,
  { allowedHosts, secrets }: OutboundRules,
): Promise<RequestHop | OutboundAnswer> {
  const checked = checkUrl(request.url, allowedHosts);
  if (!checked.ok) return toFailedAnswer("not allowed", toOrigin(request.url));
  const filled = fillHeaders(request.headers ?? {}, secrets);
  if (!filled.ok) return toFailedAnswer("secret", filled.failure);
  const body = request.body === undefined || request.method === "GET" ? null : JSON.stringify(request.body);
  const { signature } = request;
  const key = signature === undefined ? null : secrets.get(signature.secret);
  if (key === undefined) return toFailedAnswer("secret", signature?.secret ?? "");
  const signed = key === null ? {} : await signMessage(signature?.id ?? "", body ?? "", key, Date.now());
  const headers = {
    accept: request.expect === "json" ? "application/json" : "text/plain, */*",
    "user-agent": "Parley",
    ...(body === null ? {} : { "content-type": "application/json" }),
    ...filled.value,
    ...signed,
    ...(request.idempotencyKey === undefined ? {} : { "idempotency-key": request.idempotencyKey }),
  };
  return { method: request.method, url: checked.value, headers, body, redirects: 0 };
}

/** The request's current hop, needed to report the origin that failed. */
interface CurrentHop {
  hop: RequestHop;
}

async function tryOnce(firstHop: RequestHop, expect: "json" | "text", rules: OutboundRules): Promise<OutboundAnswer> {
  // Not AbortSignal.timeout: its timer would keep a Durable Object awake, and billed, long after the response.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), rules.timeoutMilliseconds ?? OUTBOUND_TIMEOUT_MILLISECONDS);
  const current: CurrentHop = { hop: firstHop };
  try {
    return await followRedirects(current, expect, rules.allowedHosts, abort.signal);
  } catch {
    // The error's message may contain the URL.
    return toFailedAnswer(abort.signal.aborted ? "timeout" : "connection", current.hop.url.origin);
  } finally {
    clearTimeout(timer);
  }
}

async function followRedirects(
  current: CurrentHop,
  expect: "json" | "text",
  allowedHosts: readonly string[],
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  for (;;) {
    const { method, url, headers, body } = current.hop;
    const response = await fetch(url, { method, headers, body, redirect: "manual", signal });
    const { status } = response;
    const next = nextHop(current.hop, { status, location: response.headers.get("location") }, allowedHosts);
    if (next === null) return await toOutboundAnswer(response, expect, url.origin);
    await response.body?.cancel();
    if (!next.ok) return toFailedAnswer(next.failure, url.origin);
    current.hop = next.value;
  }
}

async function toOutboundAnswer(response: Response, expect: "json" | "text", where: string): Promise<OutboundAnswer> {
  const text = await readBodyText(response);
  if (text === null) return toFailedAnswer("too large", where);
  const content: AnswerContent | null = parseContent(text, response.status, expect);
  return content === null ? toFailedAnswer("not JSON", where) : { kind: "answered", status: response.status, content };
}

/**
 * Reads the body and counts its decompressed bytes.
 * @returns null if it exceeds the limit
 */
async function readBodyText(response: Response): Promise<string | null> {
  if (response.body === null) return "";
  const reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > OUTBOUND_BODY_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function toOrigin(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}

function toFailedAnswer(reason: OutboundFailure, where: string): OutboundAnswer {
  return { kind: "failed", reason, where };
}
