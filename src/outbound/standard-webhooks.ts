/** The headers that Standard Webhooks signs a request with, by their names. */
export interface SignatureHeaders {
  readonly "webhook-id": string;
  /** Seconds since 1970. */
  readonly "webhook-timestamp": string;
  /** One or more, with spaces between: "v1," and an HMAC in base64. */
  readonly "webhook-signature": string;
}

/**
 * Signs a message as Standard Webhooks does (standardwebhooks.com, symmetric signatures).
 * @param secret with "whsec_" before it the base64 of the key, else the key itself
 * @param now milliseconds since 1970
 */
export async function signMessage(id: string, body: string, secret: string, now: number): Promise<SignatureHeaders> {
  const timestamp = String(Math.floor(now / 1_000));
  const signature = await computeHmac(await importKey(secret), `${id}.${timestamp}.${body}`);
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${encodeBase64(signature)}` };
}

/** How far the clocks may be apart, in seconds; what is older may be a repetition. */
const TOLERANCE_SECONDS = 300;

/**
 * Was the message signed with the secret, and lately?
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
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const each of signed["webhook-signature"].split(" ").slice(0, 10)) {
    const bytes = each.startsWith("v1,") ? decodeBase64(each.slice(3)) : null;
    if (bytes !== null && (await crypto.subtle.verify("HMAC", key, bytes, content))) return true;
  }
  return false;
}

async function importKey(secret: string): Promise<CryptoKey> {
  const decoded = secret.startsWith("whsec_") ? decodeBase64(secret.slice("whsec_".length)) : null;
  const bytes = decoded ?? new TextEncoder().encode(secret);
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

async function computeHmac(key: CryptoKey, content: string): Promise<ArrayBuffer> {
  return await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
}

function encodeBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

/** @returns null where the text is no base64 */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
