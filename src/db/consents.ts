import { and, asc, eq, gt, lt, or, type SQL } from "drizzle-orm";
import type { ConsentEntry } from "../consent/ledger.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { openDatabase } from "./database.ts";
import { consentEntries, consents } from "./schema.ts";

/** Tells D1 of entries of a sender's ledger, oldest first, all or none. What it knows already changes nothing. */
export async function syncConsents(
  database: D1Database,
  phone: PhoneNumber,
  entries: readonly ConsentEntry[],
): Promise<void> {
  const db = openDatabase(database);
  const statements = entries.flatMap(({ id: entry, number, scope, status, by, at, recordedAt, text, late }) => {
    const row = { phone, scope, number, status, by, at, entry };
    const standing = db
      .insert(consents)
      .values(row)
      .onConflictDoUpdate({ target: [consents.phone, consents.scope], set: row, setWhere: lt(consents.entry, entry) });
    const history = db
      .insert(consentEntries)
      .values({ ...row, recordedAt, text })
      .onConflictDoNothing();
    return late === true ? [history] : [history, standing];
  });
  const [first, ...rest] = statements;
  if (first !== undefined) await db.batch([first, ...rest]);
}

export type ConsentRow = typeof consents.$inferSelect;

/** Which consents are looked for; each may be left out. */
export interface ConsentFilter {
  readonly number?: string | undefined;
  readonly scope?: string | undefined;
  readonly status?: ConsentRow["status"] | undefined;
  readonly by?: ConsentRow["by"] | undefined;
}

/** @returns how consent stands, by phone and scope, after a pair of those */
export async function selectConsents(
  database: D1Database,
  filter: ConsentFilter,
  after: readonly [phone: string, scope: string],
  limit: number,
): Promise<readonly ConsentRow[]> {
  const wanted: (SQL | undefined)[] = [
    filter.number === undefined ? undefined : eq(consents.number, filter.number),
    filter.scope === undefined ? undefined : eq(consents.scope, filter.scope),
    filter.status === undefined ? undefined : eq(consents.status, filter.status),
    filter.by === undefined ? undefined : eq(consents.by, filter.by),
    or(gt(consents.phone, after[0]), and(eq(consents.phone, after[0]), gt(consents.scope, after[1]))),
  ];
  return await openDatabase(database)
    .select()
    .from(consents)
    .where(and(...wanted))
    .orderBy(asc(consents.phone), asc(consents.scope))
    .limit(limit);
}
