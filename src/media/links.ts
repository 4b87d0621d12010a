import { deriveKey } from "../configuration/vault.ts";
import { toHex, utf8 } from "../core/bytes.ts";
import { MEDIA_LINK_SECONDS } from "../core/limits.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { isEqual } from "../core/secret.ts";

/** Hexadecimal digits of a folder's name: nobody finds two people with the same one. */
const FOLDER_DIGITS = 32;

/** @returns the folder of a person's media in R2; does not tell their number to whoever has no MASTER_KEY */
export async function folderOf(masterKey: string | undefined, phone: PhoneNumber): Promise<string> {
  const digest = await digestOf(await deriveKey(masterKey, "media folders"), phone);
  return digest.slice(0, FOLDER_DIGITS);
}

/** Where a medium is in R2. @param folder the person's */
export function keyOf(folder: string, turn: number, index: number): string {
  return `${folder}/${turn}.${index}`;
}

/** Makes URLs that open one medium each, for a while. */
export interface MediaLinks {
  /** @param now milliseconds since 1970 @returns a URL that whoever has it may open, until it expires */
  readonly link: (key: string, now: number) => Promise<string>;
}

/** @param origin where Parley is reached; without a slash at its end */
export async function mediaLinks(masterKey: string | undefined, origin: string): Promise<MediaLinks> {
  const signing = await signingKey(masterKey);
  return {
    link: async (key, now) => {
      const expires = String(Math.floor(now / 1_000) + MEDIA_LINK_SECONDS);
      const signature = await digestOf(signing, signedText(key, expires));
      return `${origin}/media/${key}?expires=${expires}&signature=${signature}`;
    },
  };
}

/** What stands behind `/media/` in a URL. */
export interface OpenedLink {
  readonly key: string;
  readonly expires: string;
  readonly signature: string;
}

/** @returns whether we have signed exactly this; says nothing of whether it has expired */
export async function isSigned(
  masterKey: string | undefined,
  { key, expires, signature }: OpenedLink,
): Promise<boolean> {
  return await isEqual(signature, await digestOf(await signingKey(masterKey), signedText(key, expires)));
}

function signingKey(masterKey: string | undefined): Promise<CryptoKey> {
  return deriveKey(masterKey, "media links");
}

function signedText(key: string, expires: string): string {
  return `${expires} ${key}`;
}

async function digestOf(key: CryptoKey, text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(text))));
}
