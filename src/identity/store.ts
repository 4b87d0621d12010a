import { encodeUtf8, parseBase64, toBase64, toHex } from "../core/bytes.ts";
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

/** What tells persons apart, and whether their guesses are right: for one sender. */
export class PersonDirectory {
  readonly #env: IdentityEnv;
  readonly #db: DrizzleDatabase;
  readonly #phone: PhoneNumber;

  constructor(env: IdentityEnv, phone: PhoneNumber) {
    this.#env = env;
    this.#db = openDatabase(env.DB);
    this.#phone = phone;
  }

  /** Seals what may be a PIN or a code, so that it can wait in storage. */
  async sealGuess(digits: string, id: string): Promise<SealedGuess> {
    const vault = await openVault(this.#env.MASTER_KEY);
    return { id, sealed: await vault.seal(digits, this.#toGuessPurpose(id)) };
  }

  /** Whose phone is it? @param origin where the page is, where that is the way */
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

  /** Is it the person's PIN? */
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

  /** Is it the code of their app, or the one that they were texted? @param texted its hash; null: there is none */
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

  /** Counts a guess, and stores that, before anybody compares it. @returns what it comes to where it must not be compared */
  async #countGuess(person: string, guess: SealedGuess, now: number): Promise<PersonRow | IdentityResult> {
    const isCounted = await changeAttempts(this.#db, person, (before) => {
      const attempts = countGuess(before, guess.id, now);
      return { attempts: attempts ?? before, value: attempts !== null };
    });
    if (isCounted === null) return { kind: "nobody" };
    if (!isCounted) return { kind: "locked" };
    // Read after it was counted: whoever has lost the phone since, or was deleted, is not linked.
    const [row, ...others] = await findPersonsByPhone(this.#db, this.#phone);
    return row?.id === person && others.length === 0 ? row : { kind: "nobody" };
  }

  /** @returns whether that was one too many; then all senders that the person is linked on are to hear of it */
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

  /** A million codes are soon tried: without the key nobody can. */
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

/** What a person's authenticator secret is sealed for. */
export function toAuthenticatorPurpose(person: string): string {
  return `person:${person}:authenticator`;
}

/** What stands in the address of a page, and what of it is stored. */
export async function createPageToken(): Promise<{ readonly token: string; readonly hash: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const token = toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
  return { token, hash: await hashPageToken(token) };
}

export async function hashPageToken(token: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encodeUtf8(token))));
}

/** Each as likely as the others: what would favour some is drawn again. */
function drawRandomDigits(count: number): string {
  const range = 10 ** count;
  const limit = Math.floor(2 ** 32 / range) * range;
  for (;;) {
    const [drawn = limit] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < limit) return String(drawn % range).padStart(count, "0");
  }
}
