import { createHmac } from "node:crypto";

/** Name and value; a name may come several times. */
export type WebhookParameters = readonly (readonly [string, string])[];

/**
 * Twilio's signature of a request (TWILIO.md 2.4). With node:crypto, on purpose not with the Worker's code: each checks the
 * other.
 *
 * @param url as configured, with user information and query, without the fragment
 * @param parameters those in the body of a POST; none for a GET
 * @returns base64 of HMAC-SHA1
 */
export function signRequest(authToken: string, url: string, parameters: WebhookParameters): string {
  const hmac = createHmac("sha1", authToken).update(url);
  const pairs = new Map(parameters.map(([name, value]) => [`${name}\0${value}`, name + value]));
  for (const key of [...pairs.keys()].toSorted()) hmac.update(pairs.get(key) ?? "");
  return hmac.digest("base64");
}
