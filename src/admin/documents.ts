import { asc, eq, gt, sql } from "drizzle-orm";
import type { DrizzleDatabase } from "../db/database.ts";
import { type DocumentTable, matchLastPublication } from "../db/publications.ts";
import { publications } from "../db/schema.ts";
import { createListPage, type ListPage } from "./http.ts";

/** Applications and topics are documents under an id; this is one as it was last saved. */
export interface DocumentRow {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** … and how it was last published; null: never. */
export interface FoundDocument extends DocumentRow {
  readonly published: { readonly version: number; readonly at: number; readonly by: string } | null;
  /** Whether it was saved with something else than was published. */
  readonly isDraft: boolean;
}

export async function findDocument(
  db: DrizzleDatabase,
  table: DocumentTable,
  id: string,
): Promise<FoundDocument | undefined> {
  const found = await select(db, table).where(eq(table.id, id)).get();
  return found === undefined ? undefined : documentOf(found);
}

export async function listDocuments(
  db: DrizzleDatabase,
  table: DocumentTable,
  { after, limit }: { readonly after: string; readonly limit: number },
  show: (found: FoundDocument) => object,
): Promise<ListPage<object>> {
  const rows = await select(db, table)
    .where(gt(table.id, after))
    .orderBy(asc(table.id))
    .limit(limit + 1);
  return createListPage(rows.map(documentOf), limit, ({ id }) => id, show);
}

/** @returns the row that replaces, or is, what is stored under the id */
export function createDocumentRow(
  id: string,
  document: string,
  before: DocumentRow | undefined,
  now: number,
): DocumentRow {
  return { id, document, createdAt: before?.createdAt ?? now, updatedAt: now };
}

export function showDocument({ id, document, published, createdAt, updatedAt }: Omit<FoundDocument, "isDraft">) {
  return {
    id,
    ...(JSON.parse(document) as object),
    published: published === null ? null : { ...published, at: new Date(published.at).toISOString() },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

function select(db: DrizzleDatabase, table: DocumentTable) {
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

type Selected = Awaited<ReturnType<typeof select>>[number];

function documentOf({ row, published, differs }: Selected): FoundDocument {
  return { ...row, published, isDraft: differs === 1 };
}
