import { createHmac } from "node:crypto";

/** Pairs of name and value; names may repeat. */
export type WebhookParameters = readonly (readonly [string, string])[];

/**
 * Signs a request as Twilio does. Deliberately does not use the Worker's code, so that each checks the
 * other.
 *
 * @param url the configured URL with user information and query, without a fragment
 * @param parameters the body of a POST; empty for a GET
 * @returns base64 of HMAC-SHA1
 */
export function signRequest(authToken: string, url: string, parameters: WebhookParameters): string {
  const hmac = createHmac("sha1", authToken).update(url);
  const pairs = new Map(parameters.map(([name, value]) => [`${name}\0${value}`, name + value]));
  for (const key of [...pairs.keys()].toSorted()) hmac.update(pairs.get(key) ?? "");
  return hmac.digest("base64");
}
