import { and, asc, count, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { PhoneNumber } from "../core/phone.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { lists, subscriptionChanges, subscriptions } from "../db/schema.ts";
import type { SubscriberGroup, SubscriptionChange } from "./subscriptions.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;

export type SubscriptionChangeRow = typeof subscriptionChanges.$inferSelect;

/**
 * Writes changes of a contact's subscriptions to D1: each change once, and the latest state of each list. Calls may be
 * repeated and come in any order. Changes of a deleted list, or of an earlier list with the same id, enter the history
 * only.
 */
export async function syncSubscriptionChanges(
  database: D1Database,
  phone: PhoneNumber,
  number: PhoneNumber,
  changes: readonly SubscriptionChange[],
): Promise<void> {
  const db = openDatabase(database);
  const statements = changes.flatMap(({ seq, list, status, since, by, proof }) => [
    db
      .insert(subscriptionChanges)
      .values({ phone, number, seq, list, status, at: since, by, proof })
      .onConflictDoNothing(),
    db
      .insert(subscriptions)
      .select(
        sql`SELECT ${list}, ${phone}, ${seq}, ${status}, ${since}, ${by}, ${proof} WHERE EXISTS
          (SELECT 1 FROM ${lists} WHERE ${lists.id} = ${list} AND ${lists.number} = ${number} AND ${lists.createdAt} <= ${since})`,
      )
      .onConflictDoUpdate({
        target: [subscriptions.list, subscriptions.phone],
        set: { seq, status, since, by, proof },
        setWhere: lt(subscriptions.seq, seq),
      }),
  ]);
  const [first, ...rest] = statements;
  if (first !== undefined) await db.batch([first, ...rest]);
}

/**
 * @returns a list's subscriptions, ordered by phone
 * @param after the last phone of the page before
 * @param limit the maximum number of rows
 */
export async function listSubscribers(
  db: DrizzleDatabase,
  list: string,
  status: SubscriptionRow["status"] | null,
  after: string,
  limit: number,
): Promise<readonly SubscriptionRow[]> {
  const isOnPage = and(eq(subscriptions.list, list), gt(subscriptions.phone, after));
  return await db
    .select()
    .from(subscriptions)
    .where(status === null ? isOnPage : and(isOnPage, eq(subscriptions.status, status)))
    .orderBy(asc(subscriptions.phone))
    .limit(limit);
}

/** @returns the number of a list's subscribers whose phones come after one */
export async function countSubscribers(db: DrizzleDatabase, list: string, after: string): Promise<number> {
  const on = and(eq(subscriptions.list, list), gt(subscriptions.phone, after), eq(subscriptions.status, "on"));
  const row = await db.select({ people: count() }).from(subscriptions).where(on).get();
  return row?.people ?? 0;
}

/** @returns a list's subscribers, grouped by the first characters of their phones, which determine the country */
export async function listSubscriberGroups(db: DrizzleDatabase, list: string): Promise<readonly SubscriberGroup[]> {
  return await db
    .select({ phone: sql<string>`min(${subscriptions.phone})`, people: count() })
    .from(subscriptions)
    .where(and(eq(subscriptions.list, list), eq(subscriptions.status, "on")))
    .groupBy(sql`substr(${subscriptions.phone}, 1, ${PREFIX_CHARACTERS})`);
}

/** A plus sign and four digits: enough to determine a country. */
const PREFIX_CHARACTERS = 5;

/** The last entry of a page of a history; entries of several numbers may have the same time. */
export interface HistoryPosition {
  readonly at: number;
  readonly number: string;
  readonly seq: number;
}

/** @returns the changes of a contact's subscriptions before a position, latest first */
export async function listSubscriptionChanges(
  db: DrizzleDatabase,
  phone: PhoneNumber,
  before: HistoryPosition | null,
  limit: number,
): Promise<readonly SubscriptionChangeRow[]> {
  const { at, number, seq } = subscriptionChanges;
  const isContact = eq(subscriptionChanges.phone, phone);
  const earlier =
    before === null
      ? isContact
      : and(isContact, lt(sql`(${at}, ${number}, ${seq})`, sql`(${before.at}, ${before.number}, ${before.seq})`));
  return await db
    .select()
    .from(subscriptionChanges)
    .where(earlier)
    .orderBy(desc(at), desc(number), desc(seq))
    .limit(limit);
}
