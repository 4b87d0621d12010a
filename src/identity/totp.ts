import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { base32nopad } from "@scure/base";

/** TOTP (RFC 6238) with the parameters that every authenticator app supports: SHA-1, six digits, 30 seconds. */
const PERIOD_MILLISECONDS = 30_000;
const DIGITS = 6;

/** Accepted counter offsets: a phone's clock may be 30 seconds fast or slow. */
const DRIFT = [0, -1, 1];

/** The length that RFC 4226 recommends; it equals that of the hash. */
export const TOTP_SECRET_BYTES = 20;

/**
 * @param now milliseconds since 1970
 * @returns the counter (30-second period) that the code belongs to; null if it matches none near the current one
 */
export function findTotpCounter(secret: Uint8Array, code: string, now: number): number | null {
  const current = Math.floor(now / PERIOD_MILLISECONDS);
  return DRIFT.map((drift) => current + drift).find((counter) => calculateTotpCode(secret, counter) === code) ?? null;
}

/** Calculates a code by RFC 4226 §5.3. @param counter 0 or more */
function calculateTotpCode(secret: Uint8Array, counter: number): string {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(Math.max(0, counter)));
  const mac = hmac(sha1, secret, new Uint8Array(message.buffer));
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = new DataView(mac.buffer, mac.byteOffset).getUint32(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/**
 * Builds the URI of a QR code for authenticator apps.
 * @param issuer the organisation that the app shows above its codes
 */
export function toOtpauthUri(secret: Uint8Array, issuer: string, account: string): string {
  const [issuerName, accountName] = [issuer, account].map((text) => encodeURIComponent(text.replaceAll(":", " ")));
  const period = PERIOD_MILLISECONDS / 1_000;
  return `otpauth://totp/${issuerName}:${accountName}?secret=${base32nopad.encode(secret)}&issuer=${issuerName}&algorithm=SHA1&digits=${DIGITS}&period=${period}`;
}
