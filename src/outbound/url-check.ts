import { OUTBOUND_URL_CHARACTERS } from "../core/limits/outbound.ts";
import { type HostProblem, hostProblem, isMetadataAddress } from "../core/public-host.ts";
import { fail, type Result, succeed } from "../core/result.ts";

export type UrlProblem = "not a URL" | "credentials in the URL" | "not https" | HostProblem | "port not allowed";

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
