import { OUTBOUND_REDIRECTS } from "../core/limits/outbound.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { checkUrl } from "./url-check.ts";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One request of a chain of redirects. */
export interface RequestHop {
  readonly method: HttpMethod;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** How many redirects led here. */
  readonly redirects: number;
}

/**
 * Headers that may follow a redirect to another origin. Any other header may be a key, meant for the first origin only.
 */
const PUBLIC_HEADERS = new Set(["accept", "accept-language", "content-type", "idempotency-key", "user-agent"]);

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Returns the request that a redirect asks for: 307 and 308 keep method and body, the others become a GET. A change of
 * origin drops all headers that may be keys, for the remainder of the chain.
 * @returns null if the response is not a redirect
 */
export function nextHop(
  hop: RequestHop,
  answer: { readonly status: number; readonly location: string | null },
  allowedHosts: readonly string[],
): Result<RequestHop, "not allowed" | "too many redirects"> | null {
  if (!REDIRECT_STATUSES.has(answer.status) || answer.location === null) return null;
  if (hop.redirects >= OUTBOUND_REDIRECTS) return fail("too many redirects");
  if (!URL.canParse(answer.location, hop.url.href)) return fail("not allowed");
  // An absolute location is checked as it was written, not as it was parsed.
  const absolute = URL.canParse(answer.location) ? answer.location : new URL(answer.location, hop.url).href;
  const checked = checkUrl(absolute, allowedHosts);
  if (!checked.ok) return fail("not allowed");
  const keepsMethod = answer.status === 307 || answer.status === 308;
  const keepsBody = keepsMethod && hop.body !== null;
  const sameOrigin = checked.value.origin === hop.url.origin;
  const headers = Object.entries(hop.headers).filter(
    ([name]) => (sameOrigin || PUBLIC_HEADERS.has(name)) && (keepsBody || name !== "content-type"),
  );
  return succeed({
    method: keepsMethod ? hop.method : "GET",
    url: checked.value,
    headers: Object.fromEntries(headers),
    body: keepsMethod ? hop.body : null,
    redirects: hop.redirects + 1,
  });
}
