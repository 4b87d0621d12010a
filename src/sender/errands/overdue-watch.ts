import { asc, eq, lt } from "drizzle-orm";
import { OBJECTS_PER_SWEEP, OVERDUE_AFTER_MILLISECONDS } from "../../core/limits/sender.ts";
import { logEvent } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { openDatabase } from "../../db/database.ts";
import { overdueSenders } from "../../db/schema.ts";

/** What a sender lets the sweep know: of its trouble, and of the end of that. */
export class OverdueWatch {
  readonly #database: D1Database;
  readonly #inBackground: (work: Promise<unknown>) => void;
  /** D1 knows that the sender is in trouble. */
  #isMarked = false;

  constructor(database: D1Database, inBackground: (work: Promise<unknown>) => void) {
    this.#database = database;
    this.#inBackground = inBackground;
  }

  /** One write for each trouble, and one for its end. */
  reportTrouble(isTroubled: boolean, phone: PhoneNumber, dueAt: () => number): void {
    if (isTroubled === this.#isMarked) return;
    this.#isMarked = isTroubled;
    const told = isTroubled ? markOverdue(this.#database, phone, dueAt()) : unmarkOverdue(this.#database, phone);
    this.#inBackground(told.catch(() => void (this.#isMarked = !isTroubled)));
  }
}

/** A sender is in trouble: it has a part that must be tried again, or looked up. Written once for each trouble, not for each turn. */
async function markOverdue(database: D1Database, phone: PhoneNumber, dueAt: number): Promise<void> {
  const row = { phone, dueAt };
  await openDatabase(database)
    .insert(overdueSenders)
    .values(row)
    .onConflictDoUpdate({ target: overdueSenders.phone, set: row });
}

/** The trouble is over. */
async function unmarkOverdue(database: D1Database, phone: PhoneNumber): Promise<void> {
  await openDatabase(database).delete(overdueSenders).where(eq(overdueSenders.phone, phone));
}

/**
 * Wakes the senders whose trouble should long have been seen to: an alarm can be lost, and a sender without one sleeps until the person texts again.
 * @returns how many were woken
 */
export async function wakeOverdueSenders(env: Env, now: number): Promise<number> {
  const rows = await openDatabase(env.DB)
    .select()
    .from(overdueSenders)
    .where(lt(overdueSenders.dueAt, now - OVERDUE_AFTER_MILLISECONDS))
    .orderBy(asc(overdueSenders.dueAt))
    .limit(OBJECTS_PER_SWEEP);
  for (const { phone } of rows) {
    // One that cannot start must not keep the others from being woken: its turn comes again.
    const dueAt = await env.SENDER.getByName(phone)
      .wake()
      .catch(() => now);
    await (dueAt === null ? unmarkOverdue(env.DB, phone) : markOverdue(env.DB, phone, Math.max(dueAt, now)));
  }
  if (rows.length > 0) logEvent("warn", "senders-overdue", { woken: rows.length });
  return rows.length;
}
