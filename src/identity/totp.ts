import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { base32nopad } from "@scure/base";

/** Codes of authenticator apps: RFC 6238 with what every app takes for granted, SHA-1, six digits, half a minute. */
const PERIOD_MILLISECONDS = 30_000;
const DIGITS = 6;

/** A phone's clock may be half a minute off, either way. */
const DRIFT = [0, -1, 1];

/** As the app's makers recommend, and as long as the hash. */
export const TOTP_SECRET_BYTES = 20;

/**
 * @param now milliseconds since 1970
 * @returns the number of the half minute whose code it is, or null where it is of none near
 */
export function findTotpCounter(secret: Uint8Array, code: string, now: number): number | null {
  const current = Math.floor(now / PERIOD_MILLISECONDS);
  return DRIFT.map((drift) => current + drift).find((counter) => calculateTotpCode(secret, counter) === code) ?? null;
}

/** RFC 4226 §5.3. @param counter 0 or more */
function calculateTotpCode(secret: Uint8Array, counter: number): string {
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(Math.max(0, counter)));
  const mac = hmac(sha1, secret, new Uint8Array(message.buffer));
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = new DataView(mac.buffer, mac.byteOffset).getUint32(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, "0");
}

/** What a QR code for an authenticator app says. @param issuer for whom the codes are, as the app shows it */
export function toOtpauthUri(secret: Uint8Array, issuer: string, account: string): string {
  const [from, who] = [issuer, account].map((text) => encodeURIComponent(text.replaceAll(":", " ")));
  const period = PERIOD_MILLISECONDS / 1_000;
  return `otpauth://totp/${from}:${who}?secret=${base32nopad.encode(secret)}&issuer=${from}&algorithm=SHA1&digits=${DIGITS}&period=${period}`;
}
