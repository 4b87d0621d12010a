import { OUTBOUND_URL_CHARACTERS } from "../core/limits/outbound.ts";
import { type HostProblem, hostProblem, isMetadataAddress } from "../core/public-host.ts";
import { fail, type Result, succeed } from "../core/result.ts";

export type UrlProblem = "not a URL" | "credentials in the URL" | "not https" | HostProblem | "port not allowed";

/**
 * May Parley send a request there? Only https on port 443 to public addresses and names. A host in `allowedHosts` is exempt from all of
 * this on the ports 80 and 443 ("crm.internal"), or on the port that it names ("127.0.0.1:8080"); link-local addresses never are.
 *
 * What a public name resolves to cannot be seen before the request: Workers have no resolver of their own. On Cloudflare the request
 * leaves from Cloudflare's network and reaches nobody's private one; where Parley runs elsewhere, the network must refuse it.
 */
export function checkUrl(written: string, allowedHosts: readonly string[] = []): Result<URL, UrlProblem> {
  // The parser would overlook line breaks and tabs, and then read something else than stands there.
  const isPlain = written.length <= OUTBOUND_URL_CHARACTERS && !/\p{Cc}/u.test(written);
  if (!isPlain || !URL.canParse(written)) return fail("not a URL");
  const url = new URL(written);
  if (url.protocol !== "https:" && url.protocol !== "http:") return fail("not https");
  // Bare signs count as well: "https://@host" and "https://:@host" parse to empty credentials.
  if (/^[^/\\?#]*[/\\]*[^/\\?#]*@/u.test(written.trim())) return fail("credentials in the URL");
  const host = url.hostname.replace(/\.+$/u, "");
  if (isMetadataAddress(host)) return fail("no public address");
  if (isAllowedHost(host, url, allowedHosts)) return succeed(url);
  const problem = url.protocol === "https:" ? (hostProblem(host) ?? findPortProblem(url)) : "not https";
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

function findPortProblem({ port }: URL): UrlProblem | null {
  return port === "" ? null : "port not allowed";
}
