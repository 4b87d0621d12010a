import { and, asc, eq, gt, lt, or, type SQL } from "drizzle-orm";
import type { ConsentEntry } from "../consent/ledger.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { openDatabase } from "./database.ts";
import { consentEntries, consents } from "./schema.ts";

/**
 * Writes entries of a contact's ledger to D1, oldest first, all or none. Entries that D1 already has change nothing.
 */
export async function syncConsents(
  database: D1Database,
  phone: PhoneNumber,
  entries: readonly ConsentEntry[],
): Promise<void> {
  const db = openDatabase(database);
  const statements = entries.flatMap(({ id: entry, number, scope, status, by, at, recordedAt, text, late }) => {
    const row = { phone, scope, number, status, by, at, entry };
    const current = db
      .insert(consents)
      .values(row)
      .onConflictDoUpdate({ target: [consents.phone, consents.scope], set: row, setWhere: lt(consents.entry, entry) });
    const history = db
      .insert(consentEntries)
      .values({ ...row, recordedAt, text })
      .onConflictDoNothing();
    return late === true ? [history] : [history, current];
  });
  const [first, ...rest] = statements;
  if (first !== undefined) await db.batch([first, ...rest]);
}

export type ConsentRow = typeof consents.$inferSelect;

/** A filter for consents; an absent field matches everything. */
export interface ConsentFilter {
  readonly number?: string | undefined;
  readonly scope?: string | undefined;
  readonly status?: ConsentRow["status"] | undefined;
  readonly by?: ConsentRow["by"] | undefined;
}

/** @returns the present consents, ordered by phone and scope, after the given pair */
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
