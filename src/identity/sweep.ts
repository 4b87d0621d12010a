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
 * Delivers changes of persons to the Senders that may be linked to them, so that no turn has to look them up. A link
 * ends if the person was deleted or locked, or lost the phone; a new name or attribute replaces the old one. The next
 * sweep retries failed deliveries.
 * @param person the person whose changes to deliver; absent: all persons
 */
export async function updateLinkedSenders(env: PersonSyncEnv, person?: string): Promise<void> {
  const db = openDatabase(env.DB);
  const changes = await listPendingChanges(db, person === undefined ? undefined : matchPersonChanges(person));
  const failed = (await Promise.all(changes.map((change) => deliverPersonChange(env, db, change)))).filter(
    (done) => !done,
  ).length;
  if (failed > 0) logEvent("warn", "person-sync-failed", { failed });
}

/** Sends the current state of a person to one Sender. */
export async function updateLinkedSender(
  { DB, SENDER }: PersonSyncEnv,
  phone: PhoneNumber,
  person: string,
): Promise<void> {
  const db = openDatabase(DB);
  const row = await findPerson(db, person);
  const hasPhone = row !== undefined && ((await findPersonPhones(db, [person])).get(person) ?? []).includes(phone);
  const isLinkable = hasPhone && parseAttempts(row).status === "open";
  await SENDER.getByName(phone).hearOfPerson(person, isLinkable ? toPerson(row) : null);
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
