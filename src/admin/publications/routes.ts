import { and, desc, eq, lt } from "drizzle-orm";
import * as z from "zod/mini";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { type DocumentTable, toDocumentNoun } from "../../db/publications.ts";
import { publications } from "../../db/schema.ts";
import { slug } from "../../schema/ids.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { type AdminContext, optionalJsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageQueryWith, pageSchema } from "../http/schema.ts";
import { type FoundDocument, findDocument } from "./documents.ts";
import { findLastPublication, type PublicationRow, type PublishableNoun, publishVersion } from "./publish.ts";
import { publicationBody, publicationItem, publicationResource, versionNumber } from "./schema.ts";

const versionCursor = z.string().check(z.regex(/^(?:[1-9]\d{0,14})?$/u, "must be a version"));

const NOUNS = {
  application: { collection: "applications", name: "Application", tag: "Applications", article: "an" },
  topic: { collection: "topics", name: "Topic", tag: "Topics", article: "a" },
} as const;

/** The routes of publications below a topic or an application. */
export function publicationRoutes(publishable: PublishableNoun): readonly Route[] {
  return [createListRoute(publishable), createGetRoute(publishable), createPublishRoute(publishable)];
}

function createListRoute(publishable: PublishableNoun): Route {
  const { table } = publishable;
  const noun = toDocumentNoun(table);
  const { collection, name, tag, article } = NOUNS[noun];
  return route({
    tag,
    path: `/v1/${collection}/{id}/publications`,
    method: "get",
    operationId: `list${name}Publications`,
    summary: `List the publications of ${article} ${noun}, newest first`,
    parameters: { id: lookup(slug) },
    query: pageQueryWith(versionCursor),
    responses: {
      200: json("One page of publications, without documents.", pageSchema(publicationItem)),
      404: `The ${noun} does not exist.`,
    },
    handle: async ({ parameters: { id }, query: { after = "", limit } }, c) => {
      const before = after === "" ? Number.MAX_SAFE_INTEGER : Number(after);
      const db = openDatabase(c.env.DB);
      if ((await findDocument(db, table, id)) === undefined) return respondNotFound(`${noun} "${id}"`);
      const rows = await db
        .select()
        .from(publications)
        .where(and(eq(publications.noun, noun), eq(publications.name, id), lt(publications.version, before)))
        .orderBy(desc(publications.version))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ version }) => String(version), showPublicationItem),
      );
    },
  });
}

function createGetRoute(publishable: PublishableNoun): Route {
  const { table } = publishable;
  const noun = toDocumentNoun(table);
  const { collection, name, tag, article } = NOUNS[noun];
  return route({
    tag,
    method: "get",
    path: `/v1/${collection}/{id}/publications/{version}`,
    operationId: `get${name}Publication`,
    summary: `Get a publication of ${article} ${noun} with its document`,
    parameters: { id: lookup(slug), version: lookup(versionNumber) },
    responses: {
      200: json("The publication.", publicationResource),
      404: `The ${noun} or the version does not exist.`,
    },
    handle: async ({ parameters: { id, version } }, c) => {
      const db = openDatabase(c.env.DB);
      const row = (await findDocument(db, table, id)) && (await findVersion(db, table, id, Number(version)));
      return row === undefined
        ? respondNotFound(`version ${version} of ${noun} "${id}"`)
        : answer(200, showPublication(row));
    },
  });
}

function createPublishRoute(publishable: PublishableNoun): Route {
  const { table } = publishable;
  const noun = toDocumentNoun(table);
  const { collection, name, tag } = NOUNS[noun];
  return route({
    tag,
    path: `/v1/${collection}/{id}/publications`,
    method: "post",
    operationId: `publish${name}`,
    summary: `Publish the saved ${noun}, or an older version again`,
    parameters: { id: lookup(slug) },
    body: optionalJsonBody(publicationBody, {}),
    responses: {
      200: json("The document is published already; the last publication.", publicationResource),
      201: json("The document was published.", publicationResource),
      404: `The ${noun} does not exist.`,
      409: "A related resource changed at the same time.",
      422: "The version does not exist, or the document is invalid.",
    },
    handle: async ({ parameters: { id }, body: { version = null } }, c) => {
      const db = openDatabase(c.env.DB);
      const found = await findDocument(db, table, id);
      if (found === undefined) return respondNotFound(`${noun} "${id}"`);
      const document = version === null ? found.document : (await findVersion(db, table, id, version))?.document;
      if (document === undefined) return versionProblem(noun, id, version);
      const last = await findLastPublication(db, noun, id);
      if (last?.document === document) return answer(200, showPublication(last));
      const published = await publishDocument(c, publishable, found, document, version);
      return "detail" in published ? published : answer(201, showPublication(published));
    },
  });
}

function versionProblem(noun: string, id: string, version: number | null): ProblemDocument {
  const detail = `Version ${version} of ${noun} "${id}" does not exist.`;
  return createProblem(422, detail, [{ pointer: "/version", detail }]);
}

async function publishDocument(
  c: AdminContext,
  { table, checkDocument, relatedStatements }: PublishableNoun,
  { id }: FoundDocument,
  document: string,
  from: number | null,
): Promise<PublicationRow | ProblemDocument> {
  const errors = await checkDocument(c, id, document);
  if (errors.length > 0) return createProblem(422, "The document is invalid; see errors.", errors);
  const db = openDatabase(c.env.DB);
  const now = Date.now();
  return await publishVersion(db, table, { id, document, from }, relatedStatements(db, id, document, now), now);
}

async function findVersion(
  db: DrizzleDatabase,
  table: DocumentTable,
  name: string,
  version: number,
): Promise<PublicationRow | undefined> {
  return await db
    .select()
    .from(publications)
    .where(
      and(eq(publications.noun, toDocumentNoun(table)), eq(publications.name, name), eq(publications.version, version)),
    )
    .get();
}

function showPublicationItem({ version, at, by, from }: PublicationRow) {
  return { version, at: new Date(at).toISOString(), by, from };
}

function showPublication(row: PublicationRow) {
  return { ...showPublicationItem(row), document: JSON.parse(row.document) as Record<string, unknown> };
}
