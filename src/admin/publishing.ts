import { and, desc, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { FieldProblem } from "../core/problem-document.ts";
import { type DrizzleDatabase, requireTopicTargets } from "../db/database.ts";
import { type DocumentNoun, type DocumentTable, insertPublication, toDocumentNoun } from "../db/publications.ts";
import { publications } from "../db/schema.ts";
import type { AdminContext } from "./http.ts";
import { saveConfiguration } from "./save.ts";

export type PublicationRow = Omit<typeof publications.$inferSelect, "id">;

/** There is one key, and who has it is not known. */
const ADMIN = "admin";

/** A noun whose documents can be published again. */
export interface PublishableNoun {
  readonly table: DocumentTable;
  /** @returns why a document cannot be published as it is */
  readonly problemsOf: (c: AdminContext, id: string, document: string) => Promise<readonly FieldProblem[]>;
  /** What is stored together with a publication of something that is there. */
  readonly consequences: (
    db: DrizzleDatabase,
    id: string,
    document: string,
    now: number,
  ) => readonly BatchItem<"sqlite">[];
}

/**
 * Publishes a document that was found right, and all that goes with it, or nothing.
 * @returns the publication, or the answer to give where somebody else has changed in between what this relies on
 */
export async function publishVersion(
  db: DrizzleDatabase,
  table: DocumentTable,
  { id, document, from = null }: { readonly id: string; readonly document: string; readonly from?: number | null },
  consequences: readonly BatchItem<"sqlite">[],
  now: number,
): Promise<PublicationRow | Response> {
  const noun = toDocumentNoun(table);
  const version = 1 + ((await findLastPublication(db, noun, id))?.version ?? 0);
  const publication = { noun, name: id, version, document, at: now, by: ADMIN, from };
  return (
    (await saveConfiguration(db, [...consequences, ...insertPublication(db, publication), requireTopicTargets(db)])) ??
    publication
  );
}

export async function findLastPublication(
  db: DrizzleDatabase,
  noun: DocumentNoun,
  name: string,
): Promise<PublicationRow | undefined> {
  return await db
    .select()
    .from(publications)
    .where(and(eq(publications.noun, noun), eq(publications.name, name)))
    .orderBy(desc(publications.version))
    .limit(1)
    .get();
}
