import { decodeUtf8, encodeUtf8, parseBase64, toBase64 } from "./bytes.ts";

const MASTER_KEY_BYTES = 32;
const NONCE_BYTES = 12;
const VERSION = "v1";

/** A vault that seals secrets with AES-256-GCM. */
export interface SecretVault {
  /**
   * @param purpose names the use of the secret, as `account:AC…:authToken`; a sealed text opens for the same purpose
   * only
   */
  readonly seal: (secret: string, purpose: string) => Promise<string>;
  /** @returns the secret, or null if the text was sealed with another key or for another purpose */
  readonly open: (sealed: string, purpose: string) => Promise<string | null>;
}

/** @returns what is wrong with a MASTER_KEY, or null if it is valid */
export function checkMasterKey(masterKey: string | undefined): string | null {
  if (masterKey === undefined || masterKey === "") return "MASTER_KEY is not set.";
  const bytes = parseBase64(masterKey);
  return bytes?.length === MASTER_KEY_BYTES ? null : `MASTER_KEY must be ${MASTER_KEY_BYTES} bytes in base64.`;
}

/** @throws if the key is not 32 bytes in base64; call `checkMasterKey` first */
export async function openVault(masterKey: string | undefined): Promise<SecretVault> {
  const key = await crypto.subtle.importKey("raw", decodeMasterKey(masterKey), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  return {
    seal: async (secret, purpose) => {
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const algorithm = { name: "AES-GCM", iv, additionalData: encodeUtf8(purpose) };
      const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, encodeUtf8(secret)));
      return [VERSION, toBase64(iv), toBase64(sealed)].join(".");
    },
    open: async (text, purpose) => {
      const [version, nonce, sealed] = text.split(".");
      const iv = parseBase64(nonce ?? "");
      const content = parseBase64(sealed ?? "");
      if (version !== VERSION || iv === null || content === null) return null;
      try {
        const algorithm = { name: "AES-GCM", iv, additionalData: encodeUtf8(purpose) };
        return decodeUtf8(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, content)));
      } catch {
        return null;
      }
    },
  };
}

/**
 * Derives a key for HMAC-SHA-256 that serves one purpose: it reveals neither the master key nor the key of another
 * purpose.
 * @throws if the master key is not 32 bytes in base64
 */
export async function deriveKey(masterKey: string | undefined, purpose: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", decodeMasterKey(masterKey), "HKDF", false, ["deriveKey"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encodeUtf8(purpose) };
  return await crypto.subtle.deriveKey(algorithm, material, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function decodeMasterKey(masterKey: string | undefined): Uint8Array<ArrayBuffer> {
  const bytes = parseBase64(masterKey ?? "");
  if (bytes?.length !== MASTER_KEY_BYTES) throw new Error(checkMasterKey(masterKey) ?? "MASTER_KEY");
  return bytes;
}
