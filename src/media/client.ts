import { basicAuthorization } from "../core/bytes.ts";
import { MEDIA_REDIRECTS, MEDIA_TIMEOUT_MILLISECONDS } from "../core/limits/media.ts";
import { parseRetryAfter } from "../twilio/client.ts";
import type { AccountCredentials } from "../twilio/rest-answer.ts";
import { findAddressProblem, mayHaveCredentials } from "./addresses.ts";

/** The outcome of an attempt to fetch a medium. A `passing` failure may be retried, a `barred` one is final. */
export type MediaFetchResult<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "passing"; readonly reason: string; readonly retryAfterMilliseconds: number | null }
  | { readonly kind: "barred"; readonly reason: string };

type BarredFetch = Extract<MediaFetchResult<never>, { kind: "barred" }>;

/**
 * Fetches a medium (`GET MediaUrl`), with the account's credentials if they may be sent there. Idempotent.
 * @param read consumes the response's body; if it throws, the connection counts as lost
 */
export async function fetchMediaFile<Value>(
  account: AccountCredentials,
  url: string,
  read: (response: Response) => Promise<Value>,
): Promise<MediaFetchResult<Value>> {
  const target = URL.parse(url);
  if (target === null) return { kind: "barred", reason: "its URL is invalid" };
  // Not AbortSignal.timeout: its timer would keep a Durable Object awake, and billed, long after the response.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), MEDIA_TIMEOUT_MILLISECONDS);
  try {
    const response = await requestWithTokens(account, target, abort.signal);
    if (!(response instanceof Response)) return response;
    if (response.status === 200) return { kind: "done", value: await read(response) };
    await response.body?.cancel();
    return toFetchFailure(response);
  } catch {
    return toTransientFailure(abort.signal.aborted ? "timeout" : "connection failed");
  } finally {
    clearTimeout(timer);
  }
}

/** Tries the tokens in turn while they are refused. */
async function requestWithTokens(
  account: AccountCredentials,
  url: URL,
  signal: AbortSignal,
): Promise<Response | BarredFetch> {
  const { sid, authTokens, baseUrl } = account;
  if (!mayHaveCredentials(url, baseUrl)) return await followRedirects(url, null, baseUrl, signal);
  let answer: Response | BarredFetch = { kind: "barred", reason: "the account has no auth token" };
  for (const token of authTokens) {
    if (answer instanceof Response) await answer.body?.cancel();
    answer = await followRedirects(url, basicAuthorization(sid, token), baseUrl, signal);
    if (!(answer instanceof Response) || answer.status !== 401) break;
  }
  return answer;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Follows redirects by hand, to drop the credentials as soon as the origin changes. */
async function followRedirects(
  start: URL,
  credentials: string | null,
  baseUrl: string,
  signal: AbortSignal,
): Promise<Response | BarredFetch> {
  let url = start;
  let authorization = credentials;
  for (let hops = 0; hops <= MEDIA_REDIRECTS; hops += 1) {
    const reason = findAddressProblem(url, baseUrl);
    if (reason !== null) return { kind: "barred", reason };
    const headers = { "accept-encoding": "identity", ...(authorization === null ? {} : { authorization }) };
    const response = await fetch(url.href, { headers, redirect: "manual", signal });
    if (!REDIRECT_STATUSES.has(response.status)) return response;
    await response.body?.cancel();
    const next = URL.parse(response.headers.get("location") ?? "", url.href);
    if (next === null) return { kind: "barred", reason: `HTTP ${response.status} has no valid location` };
    if (next.origin !== url.origin) authorization = null;
    url = next;
  }
  return { kind: "barred", reason: `it was redirected more than ${MEDIA_REDIRECTS} times` };
}

function toFetchFailure({ status, headers }: Response): MediaFetchResult<never> {
  switch (status) {
    case 401:
      return toTransientFailure(
        "Twilio refuses the account's auth token (HTTP 401): save the account with its current one",
      );
    case 404:
      return toTransientFailure("Twilio does not have it (HTTP 404)");
    case 429:
      return toTransientFailure("Twilio is busy (HTTP 429)", parseRetryAfter(headers.get("retry-after")));
    default:
      return status === 408 || status === 425 || status >= 500
        ? toTransientFailure(`HTTP ${status}`, parseRetryAfter(headers.get("retry-after")))
        : { kind: "barred", reason: `HTTP ${status}` };
  }
}

function toTransientFailure(reason: string, retryAfterMilliseconds: number | null = null): MediaFetchResult<never> {
  return { kind: "passing", reason, retryAfterMilliseconds };
}
