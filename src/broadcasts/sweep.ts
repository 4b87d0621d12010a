import { asc, eq } from "drizzle-orm";
import { OBJECTS_PER_SWEEP } from "../core/limits/sender.ts";
import { openDatabase } from "../db/database.ts";
import { broadcasts } from "../db/schema.ts";

/**
 * Wakes the objects of numbers with live broadcasts, in case an alarm was lost. Numbers without any are not woken
 * again.
 */
export async function wakeBroadcasts(env: Env): Promise<void> {
  const db = openDatabase(env.DB);
  const rows = await db
    .selectDistinct({ number: broadcasts.number })
    .from(broadcasts)
    .where(eq(broadcasts.live, 1))
    .orderBy(asc(broadcasts.number))
    .limit(OBJECTS_PER_SWEEP);
  for (const { number } of rows) {
    // An object that fails to start must not keep the others from being woken.
    const isLive = await env.BROADCASTS.getByName(number)
      .wake()
      .catch(() => true);
    if (!isLive) await db.update(broadcasts).set({ live: 0 }).where(eq(broadcasts.number, number));
  }
}
