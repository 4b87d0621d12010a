import { log } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { type Database, openDatabase } from "../db/change.ts";
import {
  attemptsOf,
  changesOf,
  changesToTell,
  findPerson,
  forgetChange,
  type PersonChange,
  personOf,
  phonesOf,
} from "../db/persons.ts";

type Told = Pick<Env, "DB" | "SENDER">;

/**
 * Tells senders what has become of persons that they may be linked to, so that no turn has to ask: who is gone or locked, or whose phone it
 * is no more, is linked no longer; who is called otherwise now is so there too. What fails is told by the next sweep.
 * @param person whose changes; left out: everybody's
 */
export async function tellSenders(env: Told, person?: string): Promise<void> {
  const db = openDatabase(env.DB);
  const changes = await changesToTell(db, person === undefined ? undefined : changesOf(person));
  const failed = (await Promise.all(changes.map((change) => tell(env, db, change)))).filter((done) => !done).length;
  if (failed > 0) log("warn", "senders-not-told", { failed });
}

/** Tells one sender how it is now with a person. */
export async function tellSender({ DB, SENDER }: Told, phone: PhoneNumber, person: string): Promise<void> {
  const db = openDatabase(DB);
  const row = await findPerson(db, person);
  const isTheirs = row !== undefined && ((await phonesOf(db, [person])).get(person) ?? []).includes(phone);
  const holds = isTheirs && attemptsOf(row).status === "open";
  await SENDER.getByName(phone).hearOfPerson(person, holds ? personOf(row) : null);
}

async function tell(env: Told, db: Database, change: PersonChange): Promise<boolean> {
  try {
    await tellSender(env, change.phone, change.person);
    await forgetChange(db, change);
    return true;
  } catch {
    return false;
  }
}
