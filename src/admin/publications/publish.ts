import { and, desc, eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { FieldProblem, ProblemDocument } from "../../core/problem-document.ts";
import { type DrizzleDatabase, requireTopicTargets } from "../../db/database.ts";
import { type DocumentNoun, type DocumentTable, insertPublication, toDocumentNoun } from "../../db/publications.ts";
import { publications } from "../../db/schema.ts";
import type { AdminContext } from "../http/body.ts";
import { saveConfiguration } from "../http/save.ts";

export type PublicationRow = Omit<typeof publications.$inferSelect, "id">;

/** There is one key, so its holder is not known by name. */
const ADMIN = "admin";

/** A noun whose documents have publications. */
export interface PublishableNoun {
  readonly table: DocumentTable;
  /** Checks a stored document. @returns why the document cannot be published */
  readonly checkDocument: (c: AdminContext, id: string, document: string) => Promise<readonly FieldProblem[]>;
  /** Makes the statements that a publication of an existing document runs too. */
  readonly relatedStatements: (
    db: DrizzleDatabase,
    id: string,
    document: string,
    now: number,
  ) => readonly BatchItem<"sqlite">[];
}

/**
 * Publishes a checked document together with its related statements, all or nothing.
 * @returns the publication, or a problem if a related row changed at the same time
 */
export async function publishVersion(
  db: DrizzleDatabase,
  table: DocumentTable,
  { id, document, from = null }: { readonly id: string; readonly document: string; readonly from?: number | null },
  relatedStatements: readonly BatchItem<"sqlite">[],
  now: number,
): Promise<PublicationRow | ProblemDocument> {
  const noun = toDocumentNoun(table);
  const version = 1 + ((await findLastPublication(db, noun, id))?.version ?? 0);
  const publication = { noun, name: id, version, document, at: now, by: ADMIN, from };
  return (
    (await saveConfiguration(db, [
      ...relatedStatements,
      ...insertPublication(db, publication),
      requireTopicTargets(db),
    ])) ?? publication
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
