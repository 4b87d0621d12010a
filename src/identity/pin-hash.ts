import { scrypt } from "@noble/hashes/scrypt.js";
import { encodeUtf8, parseBase64, toBase64 } from "../core/bytes.ts";
import { deriveKey } from "../core/vault.ts";

/**
 * What one comparison costs: 2^13 rounds over 8 MB, 32 ms of CPU time where it was measured (workerd on a 2-core server), so that an import of
 * 200 PINs stays far below the 30 s that a request has. More would not help: a PIN of six digits is found in a million tries, whatever one of
 * them costs. What a thief of the database lacks is the pepper, which is not in it; everybody else has three tries a day.
 */
const SCRYPT_COST = { N: 2 ** 13, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

export const PIN_SALT_BYTES = 16;

/** Writes down a PIN so that it can be compared and not be read. @param salt random, its own for every PIN */
export async function hashPin(
  masterKey: string | undefined,
  person: string,
  pin: string,
  salt: Uint8Array,
): Promise<string> {
  const hash = scrypt(await pepperPin(masterKey, person, pin), salt, { ...SCRYPT_COST, dkLen: HASH_BYTES });
  return ["scrypt", SCRYPT_COST.N, SCRYPT_COST.r, SCRYPT_COST.p, toBase64(salt), toBase64(hash)].join("$");
}

/** @param stored as `hashPin` has written it, perhaps when it cost something else */
export async function isCorrectPin(
  masterKey: string | undefined,
  person: string,
  pin: string,
  stored: string,
): Promise<boolean> {
  const [kind, N, r, p, salt, hash] = stored.split("$");
  const expected = parseBase64(hash ?? "");
  const salted = parseBase64(salt ?? "");
  if (kind !== "scrypt" || !expected?.length || salted === null) return false;
  const cost = { N: Number(N), r: Number(r), p: Number(p), dkLen: expected.length };
  const given = scrypt(await pepperPin(masterKey, person, pin), salted, cost);
  // Every byte is looked at, whatever the first ones are.
  return given.reduce((difference, byte, index) => difference | (byte ^ (expected[index] ?? 0)), 0) === 0;
}

/** Who has the database and no MASTER_KEY cannot even begin to try PINs. */
async function pepperPin(masterKey: string | undefined, person: string, pin: string): Promise<Uint8Array> {
  const key = await deriveKey(masterKey, "pins");
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(`${person}\n${pin}`)));
}
