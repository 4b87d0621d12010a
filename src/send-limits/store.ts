import { and, asc, desc, eq, gte, lt, sql } from "drizzle-orm";
import { HELD_BACK_DAYS, HELD_BACK_SENDERS } from "../core/limits/send-limits.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { openDatabase } from "../db/database.ts";
import { heldBack } from "../db/schema.ts";
import { type HeldBackCount, toUtcDay } from "./held-back.ts";
import type { HeldBackKind } from "./number-limits.ts";

/** Writes a contact's held-back counts to D1: daily totals, which only grow. Deletes counts that are too old. */
export async function syncHeldBackCounts(
  database: D1Database,
  phone: PhoneNumber,
  counts: readonly HeldBackCount[],
): Promise<void> {
  const db = openDatabase(database);
  const rows = counts.map(({ number, day, kind, count, lastAt }) =>
    db
      .insert(heldBack)
      .values({ number, day, kind, phone, count, lastAt })
      .onConflictDoUpdate({
        target: [heldBack.number, heldBack.day, heldBack.kind, heldBack.phone],
        set: {
          count: sql`max(${heldBack.count}, excluded.count)`,
          lastAt: sql`max(${heldBack.lastAt}, excluded.last_at)`,
        },
      }),
  );
  const oldest = findOldestDay(Date.now());
  const deletions = [...new Set(counts.map(({ number }) => number))].map((number) =>
    db.delete(heldBack).where(and(eq(heldBack.number, number), lt(heldBack.day, oldest))),
  );
  const [first, ...rest] = [...rows, ...deletions];
  if (first !== undefined) await db.batch([first, ...rest]);
}

function findOldestDay(now: number): string {
  return toUtcDay(now - HELD_BACK_DAYS * 24 * 3_600_000);
}

/** The texts and answers held back on a number, for one day and one reason. */
export interface HeldBackDay {
  readonly day: string;
  readonly kind: HeldBackKind;
  readonly count: number;
  readonly senders: number;
  readonly lastAt: number;
  /** The contacts with the latest of these texts and answers. */
  readonly latest: readonly { readonly sender: PhoneNumber; readonly count: number; readonly lastAt: number }[];
}

/** @returns the texts and answers held back on a number, by day and reason, latest day first */
export async function listHeldBackDays(database: D1Database, number: PhoneNumber): Promise<readonly HeldBackDay[]> {
  const db = openDatabase(database);
  const rank = sql<number>`row_number() OVER (PARTITION BY ${heldBack.day}, ${heldBack.kind} ORDER BY ${heldBack.lastAt} DESC, ${heldBack.phone})`;
  const over = sql`OVER (PARTITION BY ${heldBack.day}, ${heldBack.kind})`;
  const counted = db
    .select({
      day: heldBack.day,
      kind: heldBack.kind,
      sender: heldBack.phone,
      contactCount: sql<number>`${heldBack.count}`.as("contact_count"),
      at: sql<number>`${heldBack.lastAt}`.as("at"),
      rank: rank.as("rank"),
      total: sql<number>`sum(${heldBack.count}) ${over}`.as("total"),
      senders: sql<number>`count(*) ${over}`.as("senders"),
    })
    .from(heldBack)
    .where(and(eq(heldBack.number, number), gte(heldBack.day, findOldestDay(Date.now()))))
    .as("counted");
  const rows = await db
    .select()
    .from(counted)
    .where(sql`${counted.rank} <= ${HELD_BACK_SENDERS}`)
    .orderBy(desc(counted.day), asc(counted.kind), sql`${counted.rank}`);
  return [...Map.groupBy(rows, ({ day, kind }) => `${day} ${kind}`).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { day, kind, total: count, senders, at: lastAt } = first;
    return [
      {
        day,
        kind,
        count,
        senders,
        lastAt,
        latest: group.map(({ sender, contactCount, at }) => ({ sender, count: contactCount, lastAt: at })),
      },
    ];
  });
}
