import { base64 } from "@scure/base";

export function toBase64(bytes: Uint8Array): string {
  return base64.encode(bytes);
}

/** @returns the bytes, or null if the text is not canonical base64 (RFC 4648 §4, padded, no stray bits) */
export function parseBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(base64.decode(text));
  } catch {
    return null;
  }
}

/**
 * Reads base64 as other programs write it: also without padding, with spaces or with stray bits.
 * @returns null if the text is not base64
 */
export function fromLooseBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return parseBase64(btoa(atob(text)));
  } catch {
    return null;
  }
}

/** @returns the `Authorization` header of a user name and a password */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${toBase64(encodeUtf8(`${username}:${password}`))}`;
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text) as Uint8Array<ArrayBuffer>;
}

/** @returns the text; invalid UTF-8 becomes U+FFFD */
export function decodeUtf8(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}
