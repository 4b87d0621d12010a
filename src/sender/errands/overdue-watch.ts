import { asc, eq, lt } from "drizzle-orm";
import { SWEEP_AFTER_MILLISECONDS, SWEEP_SENDERS } from "../../core/limits/sender.ts";
import { log } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { openDatabase } from "../../db/change.ts";
import { overdue } from "../../db/schema.ts";

/** What a sender lets the sweep know: of its trouble, and of the end of that. */
export class Watch {
  readonly #database: D1Database;
  readonly #inBackground: (work: Promise<unknown>) => void;
  /** D1 knows that the sender is in trouble. */
  #isOn = false;

  constructor(database: D1Database, inBackground: (work: Promise<unknown>) => void) {
    this.#database = database;
    this.#inBackground = inBackground;
  }

  /** One write for each trouble, and one for its end. */
  see(isTroubled: boolean, phone: PhoneNumber, dueAt: () => number): void {
    if (isTroubled === this.#isOn) return;
    this.#isOn = isTroubled;
    const told = isTroubled ? watch(this.#database, phone, dueAt()) : unwatch(this.#database, phone);
    this.#inBackground(told.catch(() => void (this.#isOn = !isTroubled)));
  }
}

/** A sender is in trouble: it has a part that must be tried again, or looked up. Written once for each trouble, not for each turn. */
async function watch(database: D1Database, phone: PhoneNumber, dueAt: number): Promise<void> {
  const row = { phone, dueAt };
  await openDatabase(database).insert(overdue).values(row).onConflictDoUpdate({ target: overdue.phone, set: row });
}

/** The trouble is over. */
async function unwatch(database: D1Database, phone: PhoneNumber): Promise<void> {
  await openDatabase(database).delete(overdue).where(eq(overdue.phone, phone));
}

/**
 * Wakes the senders whose trouble should long have been seen to: an alarm can be lost, and a sender without one sleeps until the person texts again.
 * @returns how many were woken
 */
export async function sweep(env: Env, now: number): Promise<number> {
  const rows = await openDatabase(env.DB)
    .select()
    .from(overdue)
    .where(lt(overdue.dueAt, now - SWEEP_AFTER_MILLISECONDS))
    .orderBy(asc(overdue.dueAt))
    .limit(SWEEP_SENDERS);
  for (const { phone } of rows) {
    // One that cannot start must not keep the others from being woken: its turn comes again.
    const dueAt = await env.SENDER.getByName(phone)
      .wake()
      .catch(() => now);
    await (dueAt === null ? unwatch(env.DB, phone) : watch(env.DB, phone, Math.max(dueAt, now)));
  }
  if (rows.length > 0) log("warn", "senders-overdue", { woken: rows.length });
  return rows.length;
}
