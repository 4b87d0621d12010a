import { and, asc, count, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { PhoneNumber } from "../core/phone.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { lists, subscriptionChanges, subscriptions } from "../db/schema.ts";
import type { SubscriberGroup, SubscriptionChange } from "./subscriptions.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;

export type SubscriptionChangeRow = typeof subscriptionChanges.$inferSelect;

/**
 * Tells D1 what has changed in a sender's subscriptions: every change once, and of each list the latest, however often and in whatever order
 * this is called. What belongs to a list that is gone, or to one that is another now, is only remembered.
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

/** @returns who gets a list, by their phones, from one on. @param limit one more than is shown, to know whether there are more */
export async function listSubscribers(
  db: DrizzleDatabase,
  list: string,
  status: SubscriptionRow["status"] | null,
  after: string,
  limit: number,
): Promise<readonly SubscriptionRow[]> {
  const own = and(eq(subscriptions.list, list), gt(subscriptions.phone, after));
  return await db
    .select()
    .from(subscriptions)
    .where(status === null ? own : and(own, eq(subscriptions.status, status)))
    .orderBy(asc(subscriptions.phone))
    .limit(limit);
}

/** @returns how many have a list on, of the phones from one on */
export async function countSubscribers(db: DrizzleDatabase, list: string, after: string): Promise<number> {
  const on = and(eq(subscriptions.list, list), gt(subscriptions.phone, after), eq(subscriptions.status, "on"));
  const row = await db.select({ people: count() }).from(subscriptions).where(on).get();
  return row?.people ?? 0;
}

/** @returns who has a list on, by the first characters of their phones: enough to tell their country */
export async function listSubscriberGroups(db: DrizzleDatabase, list: string): Promise<readonly SubscriberGroup[]> {
  return await db
    .select({ phone: sql<string>`min(${subscriptions.phone})`, people: count() })
    .from(subscriptions)
    .where(and(eq(subscriptions.list, list), eq(subscriptions.status, "on")))
    .groupBy(sql`substr(${subscriptions.phone}, 1, ${PREFIX_CHARACTERS})`);
}

/** A plus, and what tells a country, or a state of one. */
const PREFIX_CHARACTERS = 5;

/** Where a page of a history ends: the same moment may be on several numbers. */
export interface HistoryPosition {
  readonly at: number;
  readonly number: string;
  readonly seq: number;
}

/** @returns the changes of a sender's subscriptions, the latest first, from before a place on */
export async function listSubscriptionChanges(
  db: DrizzleDatabase,
  phone: PhoneNumber,
  before: HistoryPosition | null,
  limit: number,
): Promise<readonly SubscriptionChangeRow[]> {
  const { at, number, seq } = subscriptionChanges;
  const own = eq(subscriptionChanges.phone, phone);
  const earlier =
    before === null
      ? own
      : and(own, lt(sql`(${at}, ${number}, ${seq})`, sql`(${before.at}, ${before.number}, ${before.seq})`));
  return await db
    .select()
    .from(subscriptionChanges)
    .where(earlier)
    .orderBy(desc(at), desc(number), desc(seq))
    .limit(limit);
}
