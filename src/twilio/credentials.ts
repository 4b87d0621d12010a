import { encodeUtf8, toBase64 } from "../core/bytes.ts";
import { equalsInConstantTime } from "../core/constant-time.ts";

/** User name and password in the URLs of webhooks. Neither contains a character that a URL would escape. */
export interface WebhookCredentials {
  readonly username: string;
  readonly password: string;
}

/** The `WWW-Authenticate` challenge. Twilio sends credentials only after it. */
export const BASIC_AUTH_CHALLENGE = 'Basic realm="Parley"';

/** @returns the URL as `https://user:password@host/…`, as Twilio signs it; unchanged without credentials */
export function withCredentials(url: string, credentials: WebhookCredentials | null): string {
  if (credentials === null) return url;
  return url.replace(/^https?:\/\//iu, (scheme) => `${scheme}${credentials.username}:${credentials.password}@`);
}

/** Returns the URL to paste into Twilio, with a placeholder for the password, which Parley never shows. */
export function withPlaceholder(url: string, username: string | null): string {
  return withCredentials(url, username === null ? null : { username, password: "PASSWORD" });
}

/** Compares the `Authorization` header with the credentials, in constant time. */
export async function isAuthorized(header: string, { username, password }: WebhookCredentials): Promise<boolean> {
  const received = /^Basic +(\S+)$/iu.exec(header)?.[1];
  return (
    received !== undefined && (await equalsInConstantTime(received, toBase64(encodeUtf8(`${username}:${password}`))))
  );
}
