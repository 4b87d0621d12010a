import { hostProblem } from "../core/public-host.ts";

/** Hosts of Twilio's REST API: the one for all, and those of its regions and edges. */
const TWILIO_API = /^api(?:\.[a-z0-9-]+){0,2}\.twilio\.com$/u;

/**
 * May the account's credentials be sent there? Only to the origin that the operator named; where that is Twilio's own, to all of Twilio's.
 * @param baseUrl the account's
 */
export function mayHaveCredentials({ origin, protocol, hostname }: URL, baseUrl: string): boolean {
  if (origin === baseUrl) return true;
  return protocol === "https:" && TWILIO_API.test(hostname) && TWILIO_API.test(new URL(baseUrl).hostname);
}

/**
 * Whoever sends us an address must not make us look into networks that are none of theirs.
 * @param baseUrl the account's; one on this machine lifts the ban, since everything else may then be here too
 * @returns why nothing may be fetched from there, or null
 */
export function findAddressProblem({ protocol, hostname, username, password }: URL, baseUrl: string): string | null {
  if (protocol !== "https:" && protocol !== "http:") return `its address is neither https nor http, but ${protocol}`;
  if (username !== "" || password !== "") return "its address has credentials in it";
  if (liftsBan(new URL(baseUrl).hostname)) return null;
  if (protocol !== "https:") return "its address is not https";
  return hostProblem(hostname) === null ? null : "its address is not public";
}

/** The last labels of names that lift the ban: fewer than those to which no request goes. */
const LIFTING_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/u;

function liftsBan(hostname: string): boolean {
  const name = hostname.replace(/\.$/u, "");
  const problem = hostProblem(name);
  return problem === "no public address" || (problem !== null && (!name.includes(".") || LIFTING_NAME.test(name)));
}
