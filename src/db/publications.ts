import { and, eq, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { PUBLICATIONS_KEPT } from "../core/limits/configuration.ts";
import { type DrizzleDatabase, PARAMETERS_PER_QUERY, splitIntoChunks } from "./database.ts";
import { type applications, publications, testers, topics } from "./schema.ts";

/** A table of documents that can be published. */
export type DocumentTable = typeof applications | typeof topics;

export type DocumentNoun = (typeof publications.$inferSelect)["noun"];

export function toDocumentNoun(table: DocumentTable): DocumentNoun {
  return table === topics ? "topic" : "application";
}

/** Joins every row of the table with its last publication. */
export function matchLastPublication(table: DocumentTable): SQL {
  return sql`${publications.id} = (SELECT last.id FROM ${publications} AS last
    WHERE last.noun = ${toDocumentNoun(table)} AND last.name = ${table.id} ORDER BY last.version DESC LIMIT 1)`;
}

/**
 * Selects every topic or application as last published. One that was never published, because an older release saved
 * it, is returned as saved.
 */
export function selectPublishedDocuments(db: DrizzleDatabase, table: DocumentTable) {
  return db
    .select({
      id: table.id,
      publication: sql<number>`coalesce(${publications.id}, 0)`,
      document: sql<string>`coalesce(${publications.document}, ${table.document})`,
    })
    .from(table)
    .leftJoin(publications, matchLastPublication(table));
}

/** @returns the published documents of the topics that exist, by id */
export async function findPublishedTopics(
  db: DrizzleDatabase,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const chunk of splitIntoChunks(ids, PARAMETERS_PER_QUERY - 1)) {
    const rows = await selectPublishedDocuments(db, topics).where(inArray(topics.id, chunk));
    for (const { id, document } of rows) found.set(id, document);
  }
  return found;
}

/** Selects the highest publication id. */
export function selectLastPublication(db: DrizzleDatabase) {
  return db.select({ id: sql<number>`coalesce(max(${publications.id}), 0)` }).from(publications);
}

/** Selects the testers whose time is not over. */
export function selectTesters(db: DrizzleDatabase, now: number) {
  return db.select().from(testers).where(gt(testers.expiresAt, now));
}

/** Selects the drafts that have testers. */
export function selectTesterDrafts(db: DrizzleDatabase, now: number) {
  const tried = db.select({ topic: testers.topic }).from(testers).where(gt(testers.expiresAt, now));
  return db.select({ id: topics.id, document: topics.document }).from(topics).where(inArray(topics.id, tried));
}

/**
 * Publishes a document as a version and deletes the oldest versions beyond the limit. Fails as a conflict if another
 * request has published this version.
 */
export function insertPublication(
  db: DrizzleDatabase,
  publication: Omit<typeof publications.$inferInsert, "id">,
): readonly BatchItem<"sqlite">[] {
  const { noun, name, version } = publication;
  return [
    db.insert(publications).values(publication),
    db
      .delete(publications)
      .where(
        and(
          eq(publications.noun, noun),
          eq(publications.name, name),
          lte(publications.version, version - PUBLICATIONS_KEPT),
        ),
      ),
  ];
}

interface VersionRow {
  readonly id: number;
  readonly noun: DocumentNoun;
  readonly name: string;
  readonly version: number;
  readonly document: string;
}

/** Reads an application and its topics as they were at a publication, apart from versions that are no longer kept. */
export async function selectVersionRows(
  db: DrizzleDatabase,
  application: string,
  publication: number,
): Promise<readonly VersionRow[]> {
  return await db.all<VersionRow>(sql`
    WITH application AS (
      SELECT id, noun, name, version, document FROM ${publications}
      WHERE noun = 'application' AND name = ${application} AND id <= ${publication} ORDER BY version DESC LIMIT 1)
    SELECT * FROM application
    UNION ALL
    SELECT topic.id, topic.noun, topic.name, topic.version, topic.document
    FROM json_each((SELECT document FROM application), '$.assistant.topics') AS own
    JOIN ${publications} AS topic ON topic.id = (
      SELECT past.id FROM ${publications} AS past
      WHERE past.noun = 'topic' AND past.name = own.value AND past.id <= ${publication}
      ORDER BY past.version DESC LIMIT 1)`);
}
