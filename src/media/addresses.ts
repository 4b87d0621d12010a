import { hostProblem } from "../core/public-host.ts";

/** Hosts of Twilio's REST API, including regions and edges. */
const TWILIO_API = /^api(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/u;

/**
 * Whether the account's credentials may be sent to a URL: only to the configured origin or, if that is Twilio's, to all
 * of Twilio's API hosts.
 * @param baseUrl the account's base URL
 */
export function mayHaveCredentials({ origin, protocol, hostname }: URL, baseUrl: string): boolean {
  if (origin === baseUrl) return true;
  return protocol === "https:" && TWILIO_API.test(hostname) && TWILIO_API.test(new URL(baseUrl).hostname);
}

/**
 * Checks that a media URL does not lead into a private network.
 * @param baseUrl the account's base URL; a private one, as in development, allows all hosts
 * @returns why the URL must not be fetched, or null
 */
export function findAddressProblem({ protocol, hostname, username, password }: URL, baseUrl: string): string | null {
  if (protocol !== "https:" && protocol !== "http:") return `its address is neither https nor http, but ${protocol}`;
  if (username !== "" || password !== "") return "its address has credentials in it";
  if (liftsBan(new URL(baseUrl).hostname)) return null;
  if (protocol !== "https:") return "its address is not https";
  return hostProblem(hostname) === null ? null : "its address is not public";
}

/** The last labels of names that lift the ban: fewer than those that no request may reach. */
const LIFTING_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/u;

function liftsBan(hostname: string): boolean {
  const name = hostname.replace(/\.$/u, "");
  const problem = hostProblem(name);
  return problem === "no public address" || (problem !== null && (!name.includes(".") || LIFTING_NAME.test(name)));
}
