import { encodeUtf8, fromLooseBase64, toBase64 } from "../core/bytes.ts";

/** The headers of a request that is signed by Standard Webhooks. */
export interface SignatureHeaders {
  readonly "webhook-id": string;
  /** Seconds since 1970. */
  readonly "webhook-timestamp": string;
  /** One or more signatures, separated by spaces: "v1," and a base64 HMAC. */
  readonly "webhook-signature": string;
}

/**
 * Signs a message with a symmetric signature (standardwebhooks.com).
 * @param secret the base64 of the key after "whsec_", or the key itself
 * @param now milliseconds since 1970
 */
export async function signMessage(id: string, body: string, secret: string, now: number): Promise<SignatureHeaders> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = await computeHmac(await importKey(secret), `${id}.${timestamp}.${body}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${toBase64(signature)}` };
}

/** The maximum age of a message, and difference between clocks, in seconds. Older messages may be replays. */
const TOLERANCE_SECONDS = 300;

/**
 * Whether the message carries a recent signature with this secret.
 * @param now milliseconds since 1970
 */
export async function isMessageSigned(
  signed: SignatureHeaders,
  body: string,
  secret: string,
  now: number,
): Promise<boolean> {
  const { "webhook-id": id, "webhook-timestamp": timestamp } = signed;
  if (!/^\d{1,12}$/u.test(timestamp) || Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = await importKey(secret);
  const content = encodeUtf8(`${id}.${timestamp}.${body}`);
  for (const candidate of signed["webhook-signature"].split(" ").slice(0, 10)) {
    const bytes = candidate.startsWith("v1,") ? fromLooseBase64(candidate.slice(3)) : null;
    if (bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, content))) return true;
  }
  return false;
}

async function importKey(secret: string): Promise<CryptoKey> {
  const decoded = secret.startsWith("whsec_") ? fromLooseBase64(secret.slice("whsec_".length)) : null;
  const bytes = decoded ?? encodeUtf8(secret);
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

async function computeHmac(key: CryptoKey, content: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(content)));
}
