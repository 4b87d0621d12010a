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
  if (isPrivateHost(new URL(baseUrl).hostname)) return null;
  if (protocol !== "https:") return "its address is not https";
  return isPrivateHost(hostname) ? "its address is not public" : null;
}

/** The beginnings of IPv4 addresses that are not public. */
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|192\.168|192\.0\.0|198\.1[89]|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|22[4-9]|2[3-5]\d)\./u;

const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/u;

/** Only 2000::/3 is public, except 2002::/16, which embeds IPv4 addresses. */
const PUBLIC_IPV6 = /^\[(?!2002:)[23][0-9a-f]{3}:/u;

/** @param hostname as in a parsed URL: lower case, IPv4 addresses as four numbers */
function isPrivateHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return !PUBLIC_IPV6.test(hostname);
  const name = hostname.replace(/\.$/u, "");
  return !name.includes(".") || PRIVATE_IPV4.test(name) || PRIVATE_NAME.test(name);
}
