import { asc, eq, lt } from "drizzle-orm";
import { OBJECTS_PER_SWEEP, OVERDUE_AFTER_MILLISECONDS } from "../../core/limits/sender.ts";
import { logEvent } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { openDatabase } from "../../db/database.ts";
import { overdueSenders } from "../../db/schema.ts";

/** Reports the trouble of a Sender, and its end, to the sweep. */
export class OverdueWatch {
  readonly #database: D1Database;
  readonly #inBackground: (work: Promise<unknown>) => void;
  /** Whether D1 lists this Sender as overdue. */
  #isMarked = false;

  constructor(database: D1Database, inBackground: (work: Promise<unknown>) => void) {
    this.#database = database;
    this.#inBackground = inBackground;
  }

  /** Writes to D1 when trouble begins and when it ends, not for each turn. */
  reportTrouble(isTroubled: boolean, phone: PhoneNumber, dueAt: () => number): void {
    if (isTroubled === this.#isMarked) return;
    this.#isMarked = isTroubled;
    const write = isTroubled ? markOverdue(this.#database, phone, dueAt()) : unmarkOverdue(this.#database, phone);
    this.#inBackground(write.catch(() => void (this.#isMarked = !isTroubled)));
  }
}

async function markOverdue(database: D1Database, phone: PhoneNumber, dueAt: number): Promise<void> {
  const row = { phone, dueAt };
  await openDatabase(database)
    .insert(overdueSenders)
    .values(row)
    .onConflictDoUpdate({ target: overdueSenders.phone, set: row });
}

async function unmarkOverdue(database: D1Database, phone: PhoneNumber): Promise<void> {
  await openDatabase(database).delete(overdueSenders).where(eq(overdueSenders.phone, phone));
}

/**
 * Wakes the Senders whose trouble should have ended long ago. An alarm can be lost, and a Sender without one sleeps
 * until the contact texts again.
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
    // A Sender that cannot start must not keep the others asleep. The next sweep tries it again.
    const dueAt = await env.SENDER.getByName(phone)
      .wake()
      .catch(() => now);
    await (dueAt === null ? unmarkOverdue(env.DB, phone) : markOverdue(env.DB, phone, Math.max(dueAt, now)));
  }
  if (rows.length > 0) logEvent("warn", "senders-overdue", { woken: rows.length });
  return rows.length;
}
