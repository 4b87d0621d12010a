import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { applicationTopics, revisions, topics, topicTargets } from "./schema.ts";

export type DrizzleDatabase = DrizzleD1Database;

export function openDatabase(binding: D1Database): DrizzleDatabase {
  return drizzle(binding);
}

/** Changes the configuration: all statements or none, and the revision by which every isolate notices. */
export async function changeConfiguration(
  db: DrizzleDatabase,
  statements: readonly BatchItem<"sqlite">[],
): Promise<void> {
  const nextRevision = db
    .insert(revisions)
    .values({ id: 1, revision: 1 })
    .onConflictDoUpdate({ target: revisions.id, set: { revision: sql`${revisions.revision} + 1` } });
  await db.batch([nextRevision, ...statements]);
}

/** D1 accepts at most 100 parameters in a statement. */
export const PARAMETERS_PER_QUERY = 100;

export function splitIntoChunks<Item>(items: readonly Item[], size: number): readonly Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Fails the whole change if an application would lack a topic that one of its topics goes to. */
export function requireTopicTargets(db: DrizzleDatabase): BatchItem<"sqlite"> {
  return refuseChangeIf(
    db,
    sql`EXISTS (
      SELECT 1 FROM ${applicationTopics} AS has JOIN ${topicTargets} AS goes ON goes.topic = has.topic
      WHERE NOT EXISTS (
        SELECT 1 FROM ${applicationTopics} AS other
        WHERE other.application = has.application AND other.topic = goes.target))`,
  );
}

/** Fails the whole change if the topic does not exist. */
export function requireTopic(db: DrizzleDatabase, id: string): BatchItem<"sqlite"> {
  return refuseChangeIf(db, sql`NOT EXISTS (SELECT 1 FROM ${topics} AS topic WHERE topic.id = ${id})`);
}

function refuseChangeIf(db: DrizzleDatabase, wrong: SQL): BatchItem<"sqlite"> {
  return db.insert(revisions).select(sql`SELECT NULL, NULL WHERE ${wrong}`);
}

/**
 * Returns whether the database refused a change that would break a reference, as happens when two admins save at
 * once.
 */
export function isConflict(error: unknown): boolean {
  const messages = [error, error instanceof Error ? error.cause : null].map(String);
  return messages.some(
    (text) =>
      text.includes("FOREIGN KEY constraint failed") || /constraint failed: (?:revisions|publications)\b/u.test(text),
  );
}
