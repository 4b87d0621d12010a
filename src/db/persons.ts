import { and, asc, eq, gt, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { parseJson } from "../core/json.ts";
import { ATTEMPT_UPDATE_ROUNDS, PERSON_CHANGES_PER_SWEEP } from "../core/limits/identity.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { Person } from "../identity/person.ts";
import type { PinAttempts } from "../identity/pin-attempts.ts";
import { type DrizzleDatabase, PARAMETERS_PER_QUERY, splitIntoChunks } from "./database.ts";
import { identityPages, personChanges, personPhones, persons } from "./schema.ts";

export type PersonRow = typeof persons.$inferSelect;

/** Returns a person as topics and assistants see them. */
export function toPerson({ id, name, languages, attributes }: PersonRow): Person {
  return {
    id,
    name,
    languages: parseJson(languages) as Person["languages"],
    attributes: parseJson(attributes) as Person["attributes"],
  };
}

export function parseAttempts({ attempts }: Pick<PersonRow, "attempts">): PinAttempts {
  return JSON.parse(attempts) as PinAttempts;
}

export async function findPerson(db: DrizzleDatabase, id: string): Promise<PersonRow | undefined> {
  return await db.select().from(persons).where(eq(persons.id, id)).get();
}

/** @returns at most two persons; the phone identifies a person only if there is exactly one */
export async function findPersonsByPhone(db: DrizzleDatabase, phone: PhoneNumber): Promise<readonly PersonRow[]> {
  const rows = await db
    .select()
    .from(persons)
    .innerJoin(personPhones, eq(personPhones.person, persons.id))
    .where(eq(personPhones.phone, phone))
    .limit(2);
  return rows.map((row) => row.persons);
}

/**
 * @returns a page of persons ordered by id, optionally with a certain phone; one more than the limit if there are
 * more
 */
export async function listPersons(
  db: DrizzleDatabase,
  { after, limit, phone }: { readonly after: string; readonly limit: number; readonly phone: PhoneNumber | null },
): Promise<readonly PersonRow[]> {
  const owners = db.select({ id: personPhones.person }).from(personPhones);
  const hasPhone = phone === null ? undefined : inArray(persons.id, owners.where(eq(personPhones.phone, phone)));
  return await db
    .select()
    .from(persons)
    .where(and(gt(persons.id, after), hasPhone))
    .orderBy(asc(persons.id))
    .limit(limit + 1);
}

/** @returns the phones of persons, in order, by the persons' ids */
export async function findPersonPhones(
  db: DrizzleDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const chunk of splitIntoChunks(ids, PARAMETERS_PER_QUERY)) {
    const rows = await db
      .select()
      .from(personPhones)
      .where(inArray(personPhones.person, chunk))
      .orderBy(asc(personPhones.phone));
    for (const { person, phone } of rows) found.set(person, [...(found.get(person) ?? []), phone]);
  }
  return found;
}

/** A decision on PIN attempts, and its result. */
export interface AttemptDecision<Value> {
  readonly attempts: PinAttempts;
  readonly value: Value;
}

/**
 * Changes a person's attempts by a pure decision. The result is stored only if the attempts are still as they were
 * read; otherwise the decision is made again. So every answer rests on stored attempts, however many guesses arrive
 * at once.
 * @returns null if the person does not exist
 * @throws if other requests keep changing the attempts
 */
export async function changeAttempts<Value>(
  db: DrizzleDatabase,
  id: string,
  decide: (before: PinAttempts) => AttemptDecision<Value>,
): Promise<Value | null> {
  for (let round = 0; round < ATTEMPT_UPDATE_ROUNDS; round += 1) {
    const row = await db.select({ attempts: persons.attempts }).from(persons).where(eq(persons.id, id)).get();
    if (row === undefined) return null;
    const before = parseAttempts(row);
    const { attempts, value } = decide(before);
    if (attempts === before) return value;
    const stored = await db
      .update(persons)
      .set({ attempts: JSON.stringify(attempts) })
      .where(and(eq(persons.id, id), eq(persons.attempts, row.attempts)))
      .returning({ id: persons.id });
    if (stored.length > 0) return value;
  }
  throw new Error("the attempts of a person changed too often");
}

/**
 * Records that Senders must learn of a change of a person; part of the same batch as the change.
 * @param phones the phones that the person may be linked on
 */
export function insertPersonChanges(
  db: DrizzleDatabase,
  person: string,
  phones: readonly PhoneNumber[],
  at: number,
): readonly BatchItem<"sqlite">[] {
  return phones.map((phone) =>
    db
      .insert(personChanges)
      .values({ phone, person, at })
      .onConflictDoUpdate({ target: [personChanges.phone, personChanges.person], set: { at } }),
  );
}

/** A change that a Sender must learn of. */
export type PersonChange = typeof personChanges.$inferSelect;

/** @param where selects changes; absent: the oldest */
export async function listPendingChanges(db: DrizzleDatabase, where?: SQL): Promise<readonly PersonChange[]> {
  return await db
    .select()
    .from(personChanges)
    .where(where)
    .orderBy(asc(personChanges.at))
    .limit(PERSON_CHANGES_PER_SWEEP);
}

export function matchPersonChanges(person: string): SQL {
  return eq(personChanges.person, person);
}

/** Deletes a change that its Sender has learned of. A later change of the same person stays. */
export async function deletePersonChange(db: DrizzleDatabase, { phone, person, at }: PersonChange): Promise<void> {
  await db
    .delete(personChanges)
    .where(and(eq(personChanges.phone, phone), eq(personChanges.person, person), eq(personChanges.at, at)));
}

export type IdentityPageRow = typeof identityPages.$inferSelect;

/** Saves a page and deletes expired ones. */
export async function saveIdentityPage(db: DrizzleDatabase, page: IdentityPageRow, now: number): Promise<void> {
  await db.batch([
    db.delete(identityPages).where(lt(identityPages.expiresAt, now)),
    db.insert(identityPages).values(page),
  ]);
}

/** @returns the page, or undefined if no page has this token or the page has expired */
export async function findIdentityPage(
  db: DrizzleDatabase,
  hash: string,
  now: number,
): Promise<IdentityPageRow | undefined> {
  return await db
    .select()
    .from(identityPages)
    .where(and(eq(identityPages.hash, hash), gt(identityPages.expiresAt, now)))
    .get();
}

/** Gives the person the secret of an enrolment and deletes its page. @returns false if the page was used before */
export async function enrolAuthenticator(
  db: DrizzleDatabase,
  { hash, subject }: IdentityPageRow,
  secret: string,
  now: number,
): Promise<boolean> {
  const pageExists = sql`EXISTS (SELECT 1 FROM ${identityPages} AS page WHERE page.hash = ${hash})`;
  const [updated] = await db.batch([
    db
      .update(persons)
      .set({ authenticator: secret, updatedAt: now })
      .where(and(eq(persons.id, subject), pageExists))
      .returning({ id: persons.id }),
    db.delete(identityPages).where(eq(identityPages.hash, hash)),
  ]);
  return updated.length > 0;
}
