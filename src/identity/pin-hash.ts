import { scrypt } from "@noble/hashes/scrypt.js";
import { encodeUtf8, parseBase64, toBase64 } from "../core/bytes.ts";
import { deriveKey } from "../core/vault.ts";

/**
 * The cost of one comparison: 2^13 rounds over 8 MB, measured as 32 ms of CPU time in workerd on a 2-core server. An
 * import of 200 PINs therefore stays far below the 30 s limit of a request. A higher cost would not help: a PIN of six
 * digits is found within a million tries at any cost. The protection against a stolen database is the pepper, which is
 * not stored in it; guesses from outside are limited to three a day.
 */
const SCRYPT_COST = { N: 2 ** 13, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

export const PIN_SALT_BYTES = 16;

/** Hashes a PIN with scrypt over its peppered form. @param salt random, a new one for every PIN */
export async function hashPin(
  masterKey: string | undefined,
  person: string,
  pin: string,
  salt: Uint8Array,
): Promise<string> {
  const hash = scrypt(await pepperPin(masterKey, person, pin), salt, { ...SCRYPT_COST, dkLen: HASH_BYTES });
  return ["scrypt", SCRYPT_COST.N, SCRYPT_COST.r, SCRYPT_COST.p, toBase64(salt), toBase64(hash)].join("$");
}

/** @param stored a result of `hashPin`, possibly made with another cost */
export async function isCorrectPin(
  masterKey: string | undefined,
  person: string,
  pin: string,
  stored: string,
): Promise<boolean> {
  const [kind, N, r, p, salt, hash] = stored.split("$");
  const expected = parseBase64(hash ?? "");
  const saltBytes = parseBase64(salt ?? "");
  if (kind !== "scrypt" || !expected?.length || saltBytes === null) return false;
  const cost = { N: Number(N), r: Number(r), p: Number(p), dkLen: expected.length };
  const actual = scrypt(await pepperPin(masterKey, person, pin), saltBytes, cost);
  // Compares every byte, so that the time does not reveal the position of the first difference.
  return actual.reduce((difference, byte, index) => difference | (byte ^ (expected[index] ?? 0)), 0) === 0;
}

/**
 * Applies an HMAC with a key derived from MASTER_KEY: without that key a copy of the database is of no use for
 * guessing.
 */
async function pepperPin(masterKey: string | undefined, person: string, pin: string): Promise<Uint8Array> {
  const key = await deriveKey(masterKey, "pins");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(`${person}\n${pin}`)));
}
