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
  /** Sent as JSON; a GET has none. */
  readonly body?: JsonValue;
  readonly expect: "json" | "text";
  /**
   * Sent with each try, so that a system that knows the header does the work once. There it is: one more try after a timeout, a lost
   * connection, or HTTP 500, 502, 503 and 504. Left out: never a second one.
   */
  readonly idempotencyKey?: string;
  /** Signed as Standard Webhooks has it: `id` is the message's, `secret` the name of the secret. */
  readonly signature?: { readonly id: string; readonly secret: string };
}

export interface OutboundRules {
  /** As `checkUrl` takes them. */
  readonly allowedHosts: readonly string[];
  /** Values by their names; they appear in headers and nowhere else. */
  readonly secrets: ReadonlyMap<string, string>;
  /** For one try with its redirects and the whole answer. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Sends a request to a system of the operator's. Never throws for what happens on the way; `where` is the origin at which it happened, or
 * the name of the secret, and nothing of the path, the headers or the body.
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

/** Where the request is now, for the case that it fails there. */
interface CurrentHop {
  hop: RequestHop;
}

async function tryOnce(firstHop: RequestHop, expect: "json" | "text", rules: OutboundRules): Promise<OutboundAnswer> {
  // Not AbortSignal.timeout: its timer would keep a Durable Object awake, and billed, long after the answer.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), rules.timeoutMilliseconds ?? OUTBOUND_TIMEOUT_MILLISECONDS);
  const current: CurrentHop = { hop: firstHop };
  try {
    return await followRedirects(current, expect, rules.allowedHosts, abort.signal);
  } catch {
    // The error's own words may hold the URL.
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

/** Counts while it reads, after the runtime has decompressed. @returns null where there is more than we take */
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
