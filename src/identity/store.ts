import { fromBase64, toBase64, toHex, utf8 } from "../core/bytes.ts";
import { LINK_MILLISECONDS } from "../core/limits/linking.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { isEqual } from "../core/secret.ts";
import { deriveKey, openVault } from "../core/vault.ts";
import { type Database, openDatabase } from "../db/change.ts";
import {
  attemptsOf,
  changeAttempts,
  noteChange,
  type PersonRow,
  personOf,
  personsWithPhone,
  phonesOf,
  savePage,
} from "../db/persons.ts";
import { type Attempts, counted, withRightCode, withRightPin } from "./attempts.ts";
import type { Guess } from "./guess.ts";
import type { LinkOutcome, TextedCode, Way } from "./machine.ts";
import { isPin } from "./pin.ts";
import { counterOf } from "./totp.ts";

type Keys = Pick<Env, "DB" | "MASTER_KEY">;

const TOKEN_BYTES = 16;
const CODE_DIGITS = 6;

/** What tells persons apart, and whether their guesses are right: for one sender. */
export class Identities {
  readonly #env: Keys;
  readonly #db: Database;
  readonly #phone: PhoneNumber;

  constructor(env: Keys, phone: PhoneNumber) {
    this.#env = env;
    this.#db = openDatabase(env.DB);
    this.#phone = phone;
  }

  /** Seals what may be a PIN or a code, so that it can wait in storage. */
  async seal(digits: string, id: string): Promise<Guess> {
    const vault = await openVault(this.#env.MASTER_KEY);
    return { id, sealed: await vault.seal(digits, this.#purposeOf(id)) };
  }

  /** Whose phone is it? @param origin where the page is, where that is the way */
  async look(
    { way, codeByText }: { readonly way: Way; readonly codeByText: boolean },
    origin: string,
    now: number,
  ): Promise<LinkOutcome> {
    const [row, ...others] = await personsWithPhone(this.#db, this.#phone);
    if (row === undefined || others.length > 0 || row.pin === null) return { kind: "nobody" };
    if (row.authenticator === null && !codeByText) return { kind: "nobody" };
    if (attemptsOf(row).status === "locked") return { kind: "locked" };
    if (way === "text") return { kind: "found", person: row.id, page: null };
    const { token, hash } = await newToken();
    const page = { hash, purpose: "link", subject: this.#phone, secret: null, issuer: null } as const;
    await savePage(this.#db, { ...page, expiresAt: now + LINK_MILLISECONDS }, now);
    return { kind: "found", person: row.id, page: { url: `${origin}/link/${token}`, hash } };
  }

  /** Is it the person's PIN? */
  async checkPin(person: string, guess: Guess, now: number): Promise<LinkOutcome> {
    const row = await this.#counted(person, guess, now);
    if ("kind" in row) return row;
    const digits = await this.#open(guess);
    const isRight = digits !== null && row.pin !== null && (await isPin(this.#env.MASTER_KEY, row.id, digits, row.pin));
    if (!isRight) return await this.#wrong(row, now);
    await changeAttempts(this.#db, row.id, (before) => ({ attempts: withRightPin(before, guess.id), value: null }));
    return { kind: "right", code: row.authenticator === null ? await this.#newCode() : null };
  }

  /** Is it the code of their app, or the one that they were texted? @param texted its hash; null: there is none */
  async checkCode(person: string, texted: string | null, guess: Guess, now: number): Promise<LinkOutcome> {
    const row = await this.#counted(person, guess, now);
    if ("kind" in row) return row;
    const digits = await this.#open(guess);
    const counter = digits === null ? null : await this.#counterOf(row, texted, digits, now);
    if (counter === null) return await this.#wrong(row, now);
    const isTaken = await changeAttempts(this.#db, row.id, (before) => {
      const attempts = withRightCode(before, guess.id, counter === "texted" ? null : counter);
      return { attempts: attempts ?? before, value: attempts !== null };
    });
    return isTaken === true ? { kind: "linked", person: personOf(row) } : await this.#wrong(row, now);
  }

  /** Counts a guess, and stores that, before anybody compares it. @returns what it comes to where it must not be compared */
  async #counted(person: string, guess: Guess, now: number): Promise<PersonRow | LinkOutcome> {
    const isCounted = await changeAttempts(this.#db, person, (before) => {
      const attempts = counted(before, guess.id, now);
      return { attempts: attempts ?? before, value: attempts !== null };
    });
    if (isCounted === null) return { kind: "nobody" };
    if (!isCounted) return { kind: "locked" };
    // Read after it was counted: whoever has lost the phone since, or was deleted, is not linked.
    const [row, ...others] = await personsWithPhone(this.#db, this.#phone);
    return row?.id === person && others.length === 0 ? row : { kind: "nobody" };
  }

  /** @returns whether that was one too many; then all senders that the person is linked on are to hear of it */
  async #wrong({ id }: PersonRow, now: number): Promise<LinkOutcome> {
    const status = await changeAttempts<Attempts["status"]>(this.#db, id, (attempts) => ({
      attempts,
      value: attempts.status,
    }));
    if (status !== "locked") return { kind: "wrong" };
    const [first, ...rest] = noteChange(this.#db, id, (await phonesOf(this.#db, [id])).get(id) ?? [], now);
    if (first !== undefined) await this.#db.batch([first, ...rest]);
    return { kind: "locked" };
  }

  async #counterOf(row: PersonRow, texted: string | null, digits: string, now: number) {
    if (texted !== null) return (await isEqual(texted, await this.#hashOf(digits))) ? ("texted" as const) : null;
    if (row.authenticator === null) return null;
    const vault = await openVault(this.#env.MASTER_KEY);
    const secret = await vault.open(row.authenticator, authenticatorPurpose(row.id));
    const bytes = fromBase64(secret ?? "");
    return bytes === null ? null : counterOf(bytes, digits, now);
  }

  async #newCode(): Promise<TextedCode> {
    const digits = randomDigits(CODE_DIGITS);
    return { digits, hash: await this.#hashOf(digits) };
  }

  /** A million codes are soon tried: without the key nobody can. */
  async #hashOf(digits: string): Promise<string> {
    const key = await deriveKey(this.#env.MASTER_KEY, "link codes");
    return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(`${this.#phone} ${digits}`))));
  }

  async #open({ id, sealed }: Guess): Promise<string | null> {
    const vault = await openVault(this.#env.MASTER_KEY);
    return await vault.open(sealed, this.#purposeOf(id));
  }

  #purposeOf(guess: string): string {
    return `guess:${this.#phone}:${guess}`;
  }
}

/** What a person's authenticator secret is sealed for. */
export function authenticatorPurpose(person: string): string {
  return `person:${person}:authenticator`;
}

/** What stands in the address of a page, and what of it is stored. */
export async function newToken(): Promise<{ readonly token: string; readonly hash: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES));
  const token = toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/u, "");
  return { token, hash: await hashOfToken(token) };
}

export async function hashOfToken(token: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(token))));
}

/** Each as likely as the others: what would favour some is drawn again. */
function randomDigits(count: number): string {
  const range = 10 ** count;
  const limit = Math.floor(2 ** 32 / range) * range;
  for (;;) {
    const [drawn = limit] = crypto.getRandomValues(new Uint32Array(1));
    if (drawn < limit) return String(drawn % range).padStart(count, "0");
  }
}
