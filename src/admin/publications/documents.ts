import { asc, eq, gt, sql } from "drizzle-orm";
import type { DrizzleDatabase } from "../../db/database.ts";
import { type DocumentTable, matchLastPublication } from "../../db/publications.ts";
import { publications } from "../../db/schema.ts";
import { createListPage, type ListPage } from "../http/page.ts";

/** An application or a topic as it was last saved: a document under an id. */
export interface DocumentRow {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A document with its last publication. */
export interface FoundDocument extends DocumentRow {
  /** Null: never published. */
  readonly published: { readonly version: number; readonly at: number; readonly by: string } | null;
  /** Whether the saved document differs from the published one. */
  readonly isDraft: boolean;
}

export async function findDocument(
  db: DrizzleDatabase,
  table: DocumentTable,
  id: string,
): Promise<FoundDocument | undefined> {
  const found = await selectDocuments(db, table).where(eq(table.id, id)).get();
  return found === undefined ? undefined : toFoundDocument(found);
}

export async function listDocuments<Item>(
  db: DrizzleDatabase,
  table: DocumentTable,
  { after, limit }: { readonly after: string; readonly limit: number },
  show: (found: FoundDocument) => Item,
): Promise<ListPage<Item>> {
  const rows = await selectDocuments(db, table)
    .where(gt(table.id, after))
    .orderBy(asc(table.id))
    .limit(limit + 1);
  return createListPage(rows.map(toFoundDocument), limit, ({ id }) => id, show);
}

/** Makes the row that is stored under the id, in place of the row before. */
export function createDocumentRow(
  id: string,
  document: string,
  before: DocumentRow | undefined,
  now: number,
): DocumentRow {
  return { id, document, createdAt: before?.createdAt ?? now, updatedAt: now };
}

/** Shows what Parley adds to a document. */
export function showDocument({ id, published, createdAt, updatedAt }: Omit<FoundDocument, "isDraft">) {
  return {
    id,
    published: published === null ? null : { ...published, at: new Date(published.at).toISOString() },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

function selectDocuments(db: DrizzleDatabase, table: DocumentTable) {
  const { id, document, createdAt, updatedAt } = table;
  const { version, at, by } = publications;
  return db
    .select({
      row: { id, document, createdAt, updatedAt },
      published: { version, at, by },
      differs: sql<number>`${publications.document} IS NOT ${document}`,
    })
    .from(table)
    .leftJoin(publications, matchLastPublication(table));
}

type Selected = Awaited<ReturnType<typeof selectDocuments>>[number];

function toFoundDocument({ row, published, differs }: Selected): FoundDocument {
  return { ...row, published, isDraft: differs === 1 };
}
