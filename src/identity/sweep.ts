import { logEvent } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import {
  deletePersonChange,
  findPerson,
  findPersonPhones,
  listPendingChanges,
  matchPersonChanges,
  type PersonChange,
  parseAttempts,
  toPerson,
} from "../db/persons.ts";

type PersonSyncEnv = Pick<Env, "DB" | "SENDER">;

/**
 * Tells senders what has become of persons that they may be linked to, so that no turn has to ask: who is gone or locked, or whose phone it
 * is no more, is linked no longer; who is called otherwise now is so there too. What fails is told by the next sweep.
 * @param person whose changes; left out: everybody's
 */
export async function updateLinkedSenders(env: PersonSyncEnv, person?: string): Promise<void> {
  const db = openDatabase(env.DB);
  const changes = await listPendingChanges(db, person === undefined ? undefined : matchPersonChanges(person));
  const failed = (await Promise.all(changes.map((change) => deliverPersonChange(env, db, change)))).filter(
    (done) => !done,
  ).length;
  if (failed > 0) logEvent("warn", "senders-not-told", { failed });
}

/** Tells one sender how it is now with a person. */
export async function updateLinkedSender(
  { DB, SENDER }: PersonSyncEnv,
  phone: PhoneNumber,
  person: string,
): Promise<void> {
  const db = openDatabase(DB);
  const row = await findPerson(db, person);
  const isTheirs = row !== undefined && ((await findPersonPhones(db, [person])).get(person) ?? []).includes(phone);
  const holds = isTheirs && parseAttempts(row).status === "open";
  await SENDER.getByName(phone).hearOfPerson(person, holds ? toPerson(row) : null);
}

async function deliverPersonChange(env: PersonSyncEnv, db: DrizzleDatabase, change: PersonChange): Promise<boolean> {
  try {
    await updateLinkedSender(env, change.phone, change.person);
    await deletePersonChange(db, change);
    return true;
  } catch {
    return false;
  }
}
