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

/** Names that a network gives to its own machines, or that no resolver may know (RFC 6761, RFC 8375, ICANN's .internal). */
const PRIVATE_NAMES = new Set(
  "localhost|localdomain|local|internal|intranet|private|corp|home|lan|arpa|test|invalid|example|onion|alt".split("|"),
);

/** Clouds hand out credentials here; no configuration makes it a place to send anything to. */
const LINK_LOCAL = /^(?:169\.254\.|\[fe[89ab]|\[fd00:ec2:|\[::ffff:a9fe:)/u;

/**
 * May Parley send a request there? Only https on port 443 to public addresses and names. A host in `allowedHosts` is exempt from all of
 * this on the ports 80 and 443 ("crm.internal"), or on the port that it names ("127.0.0.1:8080"); link-local addresses never are.
 *
 * What a public name resolves to cannot be seen before the request: Workers have no resolver of their own. On Cloudflare the request
 * leaves from Cloudflare's network and reaches nobody's private one; where Parley runs elsewhere, the network must refuse it.
 */
export function checkUrl(text: string, allowedHosts: readonly string[] = []): Result<URL, UrlProblem> {
  // The parser would overlook line breaks and tabs, and then read something else than stands there.
  const isPlain = text.length <= OUTBOUND_URL_CHARACTERS && !/\p{Cc}/u.test(text);
  if (!isPlain || !URL.canParse(text)) return fail("not a URL");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail("not https");
  // Bare signs count as well: "https://@host" and "https://:@host" parse to empty credentials.
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
