import { and, desc, eq, notInArray, sql } from "drizzle-orm";
import {
  DIAGNOSES_PER_FLUSH,
  REFUSALS_FLUSH_MILLISECONDS,
  REFUSALS_PER_ACCOUNT,
  REFUSALS_PER_FLUSH,
} from "../../core/limits/twilio.ts";
import { logEvent } from "../../core/log.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { accounts, refusals } from "../../db/schema.ts";
import { diagnoseMisfit, type SignatureMisfit, suggestExactUrl } from "./diagnosis.ts";
import { addRefusal, type RefusalCount, type RefusalTally, type WebhookRefusal } from "./refusal-counts.ts";

/** Refusals that this isolate has not stored yet. They are lost if the isolate ends. */
let tally: RefusalTally = new Map();

let diagnoses = 0;

let flushedAt = 0;

/** When the next write is due; null if none is scheduled. */
let dueAt: number | null = null;

/**
 * Counts a refusal and writes all counts at most once in ten seconds, so that a flood of unsigned requests costs a
 * single write of few rows. Never throws.
 * @returns a promise for `waitUntil` that resolves when the count is written, by this call or another one
 */
export async function recordRefusal(
  database: D1Database,
  { hint, ...refusal }: Omit<WebhookRefusal, "hint"> & { readonly hint: string | SignatureMisfit },
): Promise<void> {
  const countedAt = Date.now();
  const explanation = typeof hint === "string" ? hint : await explainMisfit(hint);
  tally = addRefusal(
    tally,
    { ...refusal, hint: explanation, count: 1, firstAt: countedAt, lastAt: countedAt },
    REFUSALS_PER_FLUSH,
  );
  const now = Date.now();
  // The runtime may have cancelled the scheduled write.
  if (dueAt !== null && now < dueAt + REFUSALS_FLUSH_MILLISECONDS) return;
  const due = Math.max(now, flushedAt + REFUSALS_FLUSH_MILLISECONDS);
  dueAt = due;
  if (due > now) await sleep(due - now);
  if (dueAt === due) await flushRefusals(database);
}

/** Writes all counts now. Never throws; counts that D1 refuses stay for the next write. */
export async function flushRefusals(database: D1Database): Promise<void> {
  dueAt = null;
  const counts = [...tally.values()];
  if (counts.length === 0) return;
  tally = new Map();
  diagnoses = 0;
  flushedAt = Date.now();
  try {
    await writeCounts(database, counts);
  } catch (error) {
    // Drizzle's message contains the query's values, so only the cause from D1 is logged.
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    logEvent("warn", "refusals-write-failed", { error: cause instanceof Error ? cause.message : "unknown" });
    for (const count of counts) tally = addRefusal(tally, count, REFUSALS_PER_FLUSH);
  }
}

async function explainMisfit(misfit: SignatureMisfit): Promise<string> {
  diagnoses += 1;
  return diagnoses > DIAGNOSES_PER_FLUSH ? suggestExactUrl(misfit) : await diagnoseMisfit(misfit);
}

async function writeCounts(database: D1Database, counts: readonly RefusalCount[]): Promise<void> {
  const db = openDatabase(database);
  const accountSids = [...new Set(counts.map(({ account }) => account))];
  const [first, ...rest] = [
    ...counts.map((count) => upsertCount(db, count)),
    ...accountSids.map((sid) => pruneRefusals(db, sid)),
  ];
  if (first !== undefined) await db.batch([first, ...rest]);
}

/** Selects from `accounts`, so that an account deleted meanwhile inserts no row and does not fail the batch. */
function upsertCount(
  db: DrizzleDatabase,
  { account, reason, path, hint, count: times, firstAt, lastAt }: RefusalCount,
) {
  const row = db
    .select({
      account: accounts.sid,
      reason: sql`${reason}`.as("reason"),
      path: sql`${path}`.as("path"),
      hint: sql`${hint}`.as("hint"),
      count: sql`${times}`.as("count"),
      firstAt: sql`${firstAt}`.as("first_at"),
      lastAt: sql`${lastAt}`.as("last_at"),
    })
    .from(accounts)
    .where(eq(accounts.sid, account));
  return db
    .insert(refusals)
    .select(row)
    .onConflictDoUpdate({
      target: [refusals.account, refusals.reason, refusals.path, refusals.hint],
      set: {
        count: sql`${refusals.count} + excluded.count`,
        firstAt: sql`min(${refusals.firstAt}, excluded.first_at)`,
        lastAt: sql`max(${refusals.lastAt}, excluded.last_at)`,
      },
    });
}

function pruneRefusals(db: DrizzleDatabase, account: string) {
  const newest = db
    .select({ rowid: sql`rowid` })
    .from(refusals)
    .where(eq(refusals.account, account))
    .orderBy(desc(refusals.lastAt))
    .limit(REFUSALS_PER_ACCOUNT);
  return db.delete(refusals).where(and(eq(refusals.account, account), notInArray(sql`rowid`, newest)));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
