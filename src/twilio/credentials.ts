import { encodeUtf8, toBase64 } from "../core/bytes.ts";
import { equalsInConstantTime } from "../core/constant-time.ts";

/** User name and password that stand in the webhooks' URLs; neither has a character that a URL would escape. */
export interface WebhookCredentials {
  readonly username: string;
  readonly password: string;
}

/** What the answer to a request without credentials says, so that Twilio sends them. */
export const BASIC_AUTH_CHALLENGE = 'Basic realm="Parley"';

/** @returns the URL as `https://user:password@host/…`, which is also what Twilio signs; unchanged where there are none */
export function withCredentials(url: string, credentials: WebhookCredentials | null): string {
  if (credentials === null) return url;
  return url.replace(/^https?:\/\//iu, (scheme) => `${scheme}${credentials.username}:${credentials.password}@`);
}

/** The URL to paste into Twilio, where the operator puts in the password that we never show. */
export function withPlaceholder(url: string, username: string | null): string {
  return withCredentials(url, username === null ? null : { username, password: "PASSWORD" });
}

/** @param header the `Authorization` header; compared in constant time */
export async function isAuthorized(header: string, { username, password }: WebhookCredentials): Promise<boolean> {
  const given = /^Basic +(\S+)$/iu.exec(header)?.[1];
  return given !== undefined && (await equalsInConstantTime(given, toBase64(encodeUtf8(`${username}:${password}`))));
}
