import { sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { revisions } from "./schema.ts";

export type Database = DrizzleD1Database;

export function openDatabase(binding: D1Database): Database {
  return drizzle(binding);
}

/** Makes a change of the configuration: all of its statements or none, and the revision that tells every isolate of it. */
export async function change(db: Database, statements: readonly BatchItem<"sqlite">[]): Promise<void> {
  const grow = db
    .insert(revisions)
    .values({ id: 1, revision: 1 })
    .onConflictDoUpdate({ target: revisions.id, set: { revision: sql`${revisions.revision} + 1` } });
  await db.batch([grow, ...statements]);
}

/** Is it the database's refusal to leave a reference without what it refers to? Two admins may have met. */
export function isForeignKeyFailure(error: unknown): boolean {
  const messages = [error, error instanceof Error ? error.cause : null].map(String);
  return messages.some((message) => message.includes("FOREIGN KEY constraint failed"));
}
