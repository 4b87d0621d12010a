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
  if (isPrivateHost(new URL(baseUrl).hostname)) return null;
  if (protocol !== "https:") return "its address is not https";
  return isPrivateHost(hostname) ? "its address is not public" : null;
}

/** First octets of IPv4 addresses that no public server has. */
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|192\.168|192\.0\.0|198\.1[89]|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])|22[4-9]|2[3-5]\d)\./u;

const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)$/u;

/** Only 2000::/3 is given out, and 2002::/16 in it holds IPv4 addresses. */
const PUBLIC_IPV6 = /^\[(?!2002:)[23][0-9a-f]{3}:/u;

/** @param hostname as a parsed URL has it: in small letters, numbers of an address written out */
function isPrivateHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return !PUBLIC_IPV6.test(hostname);
  const name = hostname.replace(/\.$/u, "");
  return !name.includes(".") || PRIVATE_IPV4.test(name) || PRIVATE_NAME.test(name);
}
