import { encodeUtf8, toHex } from "../core/bytes.ts";
import { equalsInConstantTime } from "../core/constant-time.ts";
import { ASSISTANT_MEDIA_LINK_SECONDS, MEDIA_LINK_SECONDS, MEDIA_WAIT_MILLISECONDS } from "../core/limits/media.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { deriveKey } from "../core/vault.ts";

/** Hexadecimal digits of a folder's name: too many for two contacts to collide. */
const FOLDER_DIGITS = 32;

/** @returns the folder of a contact's media in R2; does not reveal the phone number without MASTER_KEY */
export async function deriveFolder(masterKey: string | undefined, phone: PhoneNumber): Promise<string> {
  const digest = await computeDigest(await deriveKey(masterKey, "media folders"), phone);
  return digest.slice(0, FOLDER_DIGITS);
}

/**
 * Returns a medium's key in R2.
 * @param folder the contact's folder
 * @param sid the SID of the text, known before the text has a turn
 */
export function toMediaKey(folder: string, sid: string, index: number): string {
  return `${folder}/${sid}.${index}`;
}

/** Signs URLs, each of which opens one medium for a limited time. */
export interface MediaUrlSigner {
  /**
   * @param now milliseconds since 1970
   * @returns a URL that needs no further credentials until it expires
   */
  readonly link: (key: string, now: number, seconds?: number) => Promise<string>;
}

/** @param origin Parley's public origin, without a trailing slash */
export async function createMediaSigner(masterKey: string | undefined, origin: string): Promise<MediaUrlSigner> {
  const signingKey = await deriveSigningKey(masterKey);
  return {
    link: async (key, now, seconds = MEDIA_LINK_SECONDS) => {
      const expires = String(Math.floor(now / 1_000) + seconds);
      const signature = await computeDigest(signingKey, toSignedText(key, expires));
      return `${origin}/media/${key}?expires=${expires}&signature=${signature}`;
    },
  };
}

/** The parts of an inbound text that media URLs are made of. */
export interface MediaText {
  readonly from: PhoneNumber;
  readonly sid: string;
  readonly media: readonly unknown[];
}

/**
 * Signs a URL for each medium of a text, for assistants and the operator's systems. It opens Parley's copy, also if
 * that is made later.
 * @param now when the text arrived; milliseconds since 1970
 */
export async function createMediaUrls(
  masterKey: string | undefined,
  origin: string,
  { from, sid, media }: MediaText,
  now: number,
): Promise<readonly string[]> {
  const [folder, { link }] = await Promise.all([deriveFolder(masterKey, from), createMediaSigner(masterKey, origin)]);
  return await Promise.all(
    media.map((_, index) => link(toMediaKey(folder, sid, index), now, ASSISTANT_MEDIA_LINK_SECONDS)),
  );
}

/** Whether a URL may belong to a text so new that its copy may still be made. */
export function mayBePending(expires: number, now: number): boolean {
  const issuedAt = (expires - ASSISTANT_MEDIA_LINK_SECONDS) * 1_000;
  return issuedAt > now - MEDIA_WAIT_MILLISECONDS;
}

/** The parts of a media URL. */
export interface SignedMediaUrl {
  readonly key: string;
  readonly expires: string;
  readonly signature: string;
}

/** Whether Parley has signed the URL. Does not check whether it has expired. */
export async function isSignedMediaUrl(
  masterKey: string | undefined,
  { key, expires, signature }: SignedMediaUrl,
): Promise<boolean> {
  return await equalsInConstantTime(
    signature,
    await computeDigest(await deriveSigningKey(masterKey), toSignedText(key, expires)),
  );
}

function deriveSigningKey(masterKey: string | undefined): Promise<CryptoKey> {
  return deriveKey(masterKey, "media links");
}

function toSignedText(key: string, expires: string): string {
  return `${expires} ${key}`;
}

async function computeDigest(key: CryptoKey, text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(text))));
}
