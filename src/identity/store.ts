import { base64urlnopad } from "@scure/base";
import { encodeUtf8, parseBase64, toHex } from "../core/bytes.ts";
import { equalsInConstantTime } from "../core/constant-time.ts";
import { IDENTITY_CHECK_MILLISECONDS } from "../core/limits/identity.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { deriveKey, openVault } from "../core/vault.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import {
  changeAttempts,
  findPersonPhones,
  findPersonsByPhone,
  insertPersonChanges,
  type PersonRow,
  parseAttempts,
  saveIdentityPage,
  toPerson,
} from "../db/persons.ts";
import type { IdentityResult, TextedCode } from "./identity-check.ts";
import type { IdentityChannel } from "./person.ts";
import { acceptCode, acceptPin, countGuess, type PinAttempts } from "./pin-attempts.ts";
import { isCorrectPin } from "./pin-hash.ts";
import type { SealedGuess } from "./pin-mask.ts";
import { findTotpCounter } from "./totp.ts";

type IdentityEnv = Pick<Env, "DB" | "MASTER_KEY">;

const TOKEN_BYTES = 16;
const CODE_DIGITS = 6;

/** Looks up the person of one contact's phone and checks PINs and codes, in D1. */
export class PersonDirectory {
  readonly #env: IdentityEnv;
  readonly #db: DrizzleDatabase;
  readonly #phone: PhoneNumber;

  constructor(env: IdentityEnv, phone: PhoneNumber) {
    this.#env = env;
    this.#db = openDatabase(env.DB);
    this.#phone = phone;
  }

  /** Encrypts a PIN or code, so that it can be stored until its comparison. */
  async sealGuess(digits: string, id: string): Promise<SealedGuess> {
    const vault = await openVault(this.#env.MASTER_KEY);
    return { id, sealed: await vault.seal(digits, this.#toGuessPurpose(id)) };
  }

  /** Looks up the person of the phone. @param origin the public origin of the page, used if `way` is `page` */
  async lookUpPerson(
    { way, codeByText }: { readonly way: IdentityChannel; readonly codeByText: boolean },
    origin: string,
    now: number,
  ): Promise<IdentityResult> {
    const [row, ...others] = await findPersonsByPhone(this.#db, this.#phone);
    if (row === undefined || others.length > 0 || row.pin === null) return { kind: "nobody" };
    if (row.authenticator === null && !codeByText) return { kind: "nobody" };
    if (parseAttempts(row).status === "locked") return { kind: "locked" };
    if (way === "text") return { kind: "found", person: row.id, page: null };
    const { token, hash } = await createPageToken();
    const page = { hash, purpose: "link", subject: this.#phone, secret: null, issuer: null } as const;
    await saveIdentityPage(this.#db, { ...page, expiresAt: now + IDENTITY_CHECK_MILLISECONDS }, now);
    return { kind: "found", person: row.id, page: { url: `${origin}/link/${token}`, hash } };
  }

  /** Checks a PIN. */
  async checkPin(person: string, guess: SealedGuess, now: number): Promise<IdentityResult> {
    const row = await this.#countGuess(person, guess, now);
    if ("kind" in row) return row;
    const digits = await this.#openGuess(guess);
    const isRight =
      digits !== null && row.pin !== null && (await isCorrectPin(this.#env.MASTER_KEY, row.id, digits, row.pin));
    if (!isRight) return await this.#rejectGuess(row, now);
    await changeAttempts(this.#db, row.id, (before) => ({ attempts: acceptPin(before, guess.id), value: null }));
    return { kind: "right", code: row.authenticator === null ? await this.#createTextedCode() : null };
  }

  /** Checks a code. @param texted the hash of the code that was texted; null: the authenticator app has the code */
  async checkCode(person: string, texted: string | null, guess: SealedGuess, now: number): Promise<IdentityResult> {
    const row = await this.#countGuess(person, guess, now);
    if ("kind" in row) return row;
    const digits = await this.#openGuess(guess);
    const counter = digits === null ? null : await this.#findCodeCounter(row, texted, digits, now);
    if (counter === null) return await this.#rejectGuess(row, now);
    const isTaken = await changeAttempts(this.#db, row.id, (before) => {
      const attempts = acceptCode(before, guess.id, counter === "texted" ? null : counter);
      return { attempts: attempts ?? before, value: attempts !== null };
    });
    return isTaken === true ? { kind: "linked", person: toPerson(row) } : await this.#rejectGuess(row, now);
  }

  /** Counts a guess and stores the count. @returns the person's row, or the result if the guess must not be compared */
  async #countGuess(person: string, guess: SealedGuess, now: number): Promise<PersonRow | IdentityResult> {
    const isCounted = await changeAttempts(this.#db, person, (before) => {
      const attempts = countGuess(before, guess.id, now);
      return { attempts: attempts ?? before, value: attempts !== null };
    });
    if (isCounted === null) return { kind: "nobody" };
    if (!isCounted) return { kind: "locked" };
    // Read again after counting: a person who was deleted or lost the phone meanwhile must not be linked.
    const [row, ...others] = await findPersonsByPhone(this.#db, this.#phone);
    return row?.id === person && others.length === 0 ? row : { kind: "nobody" };
  }

  /**
   * @returns `wrong`, or `locked` after too many guesses; then changes are queued for all Senders linked to the person
   */
  async #rejectGuess({ id }: PersonRow, now: number): Promise<IdentityResult> {
    const status = await changeAttempts<PinAttempts["status"]>(this.#db, id, (attempts) => ({
      attempts,
      value: attempts.status,
    }));
    if (status !== "locked") return { kind: "wrong" };
    const [first, ...rest] = insertPersonChanges(
      this.#db,
      id,
      (await findPersonPhones(this.#db, [id])).get(id) ?? [],
      now,
    );
    if (first !== undefined) await this.#db.batch([first, ...rest]);
    return { kind: "locked" };
  }

  async #findCodeCounter(row: PersonRow, texted: string | null, digits: string, now: number) {
    if (texted !== null)
      return (await equalsInConstantTime(texted, await this.#hashCode(digits))) ? ("texted" as const) : null;
    if (row.authenticator === null) return null;
    const vault = await openVault(this.#env.MASTER_KEY);
    const secret = await vault.open(row.authenticator, toAuthenticatorPurpose(row.id));
    const bytes = parseBase64(secret ?? "");
    return bytes === null ? null : findTotpCounter(bytes, digits, now);
  }

  async #createTextedCode(): Promise<TextedCode> {
    const digits = drawRandomDigits(CODE_DIGITS);
    return { digits, hash: await this.#hashCode(digits) };
  }

  /** Hashes a code with a key from MASTER_KEY: a plain hash of six digits could be reversed by trying all of them. */
  async #hashCode(digits: string): Promise<string> {
    const key = await deriveKey(this.#env.MASTER_KEY, "link codes");
    return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, encodeUtf8(`${this.#phone} ${digits}`))));
  }

  async #openGuess({ id, sealed }: SealedGuess): Promise<string | null> {
    const vault = await openVault(this.#env.MASTER_KEY);
    return await vault.open(sealed, this.#toGuessPurpose(id));
  }

  #toGuessPurpose(guess: string): string {
    return `guess:${this.#phone}:${guess}`;
  }
}

/** @returns the purpose that the vault binds a person's authenticator secret to */
export function toAuthenticatorPurpose(person: string): string {
  return `person:${person}:authenticator`;
}

/** Creates a token for a page's URL; only its hash is stored. */
export async function createPageToken(): Promise<{ readonly token: string; readonly hash: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const token = base64urlnopad.encode(bytes);
  return { token, hash: await hashPageToken(token) };
}

export async function hashPageToken(token: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encodeUtf8(token))));
}

/** Draws random digits with equal probability: values that would favour some are discarded. */
function drawRandomDigits(count: number): string {
  const range = 10 ** count;
  const limit = Math.floor(2 ** 32 / range) * range;
  for (;;) {
    const [drawn = limit] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < limit) return String(drawn % range).padStart(count, "0");
  }
}
