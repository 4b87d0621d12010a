import { OUTBOUND_URL_CHARACTERS } from "../core/limits/outbound.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { isPublicIpv4, isPublicIpv6 } from "./public-address.ts";

export type UrlProblem =
  | "not a URL"
  | "credentials in the URL"
  | "not https"
  | "no public address"
  | "no public name"
  | "port not allowed";

/** Top-level names of private networks, and names that must not resolve (RFC 6761, RFC 8375, ICANN's .internal). */
const PRIVATE_NAMES = new Set(
  "localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|test|invalid|example|onion|alt".split("|"),
);

/** Metadata services of clouds give out credentials here, so these addresses are never allowed. */
const LINK_LOCAL = /^(?:169\.254\.|\[fe[89ab]|\[fd00:ec2:|\[::ffff:a9fe:)/u;

/**
 * Checks that Parley may send requests to a URL: only https on port 443, to public addresses and names. A host in
 * `allowedHosts` is exempt on ports 80 and 443 ("crm.internal"), or on the port it names ("127.0.0.1:8080"). Link-local
 * addresses are never allowed.
 *
 * Workers have no resolver, so the address behind a public name is unknown before the request. On Cloudflare, requests
 * leave from Cloudflare's network and reach no private network; elsewhere, the local network must block them.
 */
export function checkUrl(text: string, allowedHosts: readonly string[] = []): Result<URL, UrlProblem> {
  // The URL parser would drop line breaks and tabs, and so read a different URL than the one written.
  const isPlain = text.length <= OUTBOUND_URL_CHARACTERS && !/\p{Cc}/u.test(text);
  if (!isPlain || !URL.canParse(text)) return fail("not a URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail("not https");
  // Empty credentials count too, as in "https://@host" and "https://:@host".
  if (/^[^/\\?#]*[/\\]*[^/\\?#]*@/u.test(text.trim())) return fail("credentials in the URL");
  const host = url.hostname.replace(/\.+$/u, "");
  if (LINK_LOCAL.test(host)) return fail("no public address");
  if (isAllowedHost(host, url, allowedHosts)) return succeed(url);
  const problem = url.protocol === "https:" ? (findHostProblem(host) ?? findPortProblem(url)) : "not https";
  return problem === null ? succeed(url) : fail(problem);
}

function isAllowedHost(host: string, { port, protocol }: URL, allowedHosts: readonly string[]): boolean {
  const isStandard = port === "" || port === "80" || port === "443";
  const actual = port === "" ? { "http:": "80", "https:": "443" }[protocol] : port;
  return allowedHosts.some((allowed) => {
    const entry = allowed.toLowerCase();
    return (isStandard && entry === host) || entry === `${host}:${actual}`;
  });
}

function findHostProblem(host: string): UrlProblem | null {
  if (host.startsWith("[")) return isPublicIpv6(host.slice(1, -1)) ? null : "no public address";
  const isPublic = isPublicIpv4(host);
  if (isPublic !== null) return isPublic ? null : "no public address";
  const labels = host.split(".");
  return labels.length < 2 || PRIVATE_NAMES.has(labels.at(-1) ?? "") ? "no public name" : null;
}

function findPortProblem({ port }: URL): UrlProblem | null {
  return port === "" ? null : "port not allowed";
}
