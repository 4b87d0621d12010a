import { asc, eq, gt } from "drizzle-orm";
import type { Database } from "../db/change.ts";
import type { applications, topics } from "../db/schema.ts";
import { type Page, pageOf } from "./http.ts";

/** Applications and topics are documents under an id. */
export type DocumentTable = typeof applications | typeof topics;

export interface DocumentRow {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export async function findDocument(db: Database, table: DocumentTable, id: string): Promise<DocumentRow | undefined> {
  return await db.select().from(table).where(eq(table.id, id)).get();
}

export async function listDocuments(
  db: Database,
  table: DocumentTable,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<Page<unknown>> {
  const rows = await db
    .select()
    .from(table)
    .where(gt(table.id, after))
    .orderBy(asc(table.id))
    .limit(limit + 1);
  return pageOf(rows, limit, ({ id }) => id, showDocument);
}

/** @returns the row that replaces, or is, what is stored under the id */
export function documentRow(id: string, document: unknown, before: DocumentRow | undefined, now: number): DocumentRow {
  return { id, document: JSON.stringify(document), createdAt: before?.createdAt ?? now, updatedAt: now };
}

export function showDocument({ id, document, createdAt, updatedAt }: DocumentRow): object {
  return {
    id,
    ...(JSON.parse(document) as object),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
