import { and, desc, eq, lt } from "drizzle-orm";
import { Hono } from "hono";
import * as z from "zod/mini";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { type DocumentTable, toDocumentNoun } from "../db/publications.ts";
import { publications } from "../db/schema.ts";
import { type FoundDocument, findDocument } from "./documents.ts";
import {
  type AdminContext,
  checkValue,
  createListPage,
  parseOptionalBody,
  parsePageQuery,
  respondNotFound,
} from "./http.ts";
import { findLastPublication, type PublicationRow, type PublishableNoun, publishVersion } from "./publishing.ts";
import { publicationSchema } from "./resources.ts";

const version = z.coerce.number().check(z.int(), z.gte(1));

/** What was published of a topic or an application, and publishing it. */
export function publicationRoutes(publishable: PublishableNoun): Hono<{ Bindings: Env }> {
  const { table } = publishable;
  const noun = toDocumentNoun(table);
  const routes = new Hono<{ Bindings: Env }>();

  /** The latest first, without their documents. */
  routes.get("/:id/publications", async (c) => {
    const query = parsePageQuery(c);
    if (!query.ok) return toProblemResponse(query.failure);
    const { after, limit } = query.value;
    const before = checkValue(version, after === "" ? Number.MAX_SAFE_INTEGER : after, 400, "`after` is no version.");
    if (!before.ok) return toProblemResponse(before.failure);
    const db = openDatabase(c.env.DB);
    const name = c.req.param("id");
    if ((await findDocument(db, table, name)) === undefined) return respondNotFound(`${noun} "${name}"`);
    const rows = await db
      .select()
      .from(publications)
      .where(and(eq(publications.noun, noun), eq(publications.name, name), lt(publications.version, before.value)))
      .orderBy(desc(publications.version))
      .limit(limit + 1);
    return c.json(createListPage(rows, limit, (row) => String(row.version), show));
  });

  routes.get("/:id/publications/:version", async (c) => {
    const db = openDatabase(c.env.DB);
    const { id, version: written } = c.req.param();
    const row = (await findDocument(db, table, id)) && (await findVersion(db, table, id, Number(written)));
    return row === undefined ? respondNotFound(`version ${written} of ${noun} "${id}"`) : c.json(showWhole(row));
  });

  /** Publishes the draft, or an older version once more. What is published already is not published again. */
  routes.post("/:id/publications", async (c) => {
    const body = await parseOptionalBody(c, publicationSchema);
    if (!body.ok) return toProblemResponse(body.failure);
    const db = openDatabase(c.env.DB);
    const found = await findDocument(db, table, c.req.param("id"));
    if (found === undefined) return respondNotFound(`${noun} "${c.req.param("id")}"`);
    const { version: from = null } = body.value;
    const document = from === null ? found.document : (await findVersion(db, table, found.id, from))?.document;
    if (document !== undefined) return await publishDocument(c, publishable, found, document, from);
    const detail = `There is no version ${from}.`;
    return toProblemResponse(createProblem(422, detail, [{ pointer: "/version", detail }]));
  });

  return routes;
}

async function publishDocument(
  c: AdminContext,
  { table, problemsOf, consequences }: PublishableNoun,
  { id }: FoundDocument,
  document: string,
  from: number | null,
): Promise<Response> {
  const db = openDatabase(c.env.DB);
  const last = await findLastPublication(db, toDocumentNoun(table), id);
  if (last?.document === document) return c.json(showWhole(last));
  const wrong = await problemsOf(c, id, document);
  if (wrong.length > 0) return toProblemResponse(createProblem(422, "It cannot be published as it is.", wrong));
  const now = Date.now();
  const published = await publishVersion(db, table, { id, document, from }, consequences(db, id, document, now), now);
  return published instanceof Response ? published : c.json(showWhole(published), 201);
}

async function findVersion(
  db: DrizzleDatabase,
  table: DocumentTable,
  name: string,
  number: number,
): Promise<PublicationRow | undefined> {
  return await db
    .select()
    .from(publications)
    .where(
      and(eq(publications.noun, toDocumentNoun(table)), eq(publications.name, name), eq(publications.version, number)),
    )
    .get();
}

function show({ version: number, at, by, from }: PublicationRow) {
  return { version: number, at: new Date(at).toISOString(), by, from };
}

function showWhole(row: PublicationRow) {
  return { ...show(row), document: JSON.parse(row.document) as object };
}
