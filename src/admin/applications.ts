import { eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { Hono } from "hono";
import { listTopicIds } from "../assistants/catalog.ts";
import { parseApplication } from "../configuration/saved-documents.ts";
import { type Application } from "../configuration/schemas.ts";
import { parseJson } from "../core/json.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, PARAMETERS_PER_QUERY, splitIntoChunks } from "../db/database.ts";
import { applications, applicationTopics, numbers } from "../db/schema.ts";
import { slug } from "../schema/ids.ts";
import { checkApplication } from "./application-checks.ts";
import { createDocumentRow, type DocumentRow, findDocument, listDocuments, showDocument } from "./documents.ts";
import { checkValue, parseJsonBody, parsePageQuery, respondInUse, respondNotFound } from "./http.ts";
import { type PublishableNoun, publishVersion } from "./publishing.ts";
import { saveConfiguration } from "./save.ts";

export const applicationRoutes = new Hono<{ Bindings: Env }>();

applicationRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  return c.json(await listDocuments(openDatabase(c.env.DB), applications, query.value, showDocument));
});

applicationRoutes.get("/:id", async (c) => {
  const found = await findDocument(openDatabase(c.env.DB), applications, c.req.param("id"));
  return found === undefined ? respondNotFound(`application "${c.req.param("id")}"`) : c.json(showDocument(found));
});

/** What is saved is published at once. */
applicationRoutes.put("/:id", async (c) => {
  const id = checkValue(slug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return toProblemResponse(id.failure);
  const json = await parseJsonBody(c);
  if (!json.ok) return toProblemResponse(json.failure);
  const db = openDatabase(c.env.DB);
  const { application, errors, warnings } = await checkApplication(c, json.value);
  if (application === null)
    return toProblemResponse({ ...createProblem(422, "The application cannot be saved.", errors), warnings });
  const before = await findDocument(db, applications, id.value);
  const row = createDocumentRow(id.value, JSON.stringify(application), before, Date.now());
  if (before?.document === row.document && !before.isDraft) return c.json({ ...showDocument(before), warnings });
  const published = await publishVersion(db, applications, row, stored(db, row, application), row.updatedAt);
  if (published instanceof Response) return published;
  const { version, at, by } = published;
  const saved = showDocument({ ...row, published: { version, at, by } });
  return c.json({ ...saved, warnings }, before === undefined ? 201 : 200);
});

applicationRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findDocument(db, applications, id)) === undefined) return respondNotFound(`application "${id}"`);
  const users = await db.select({ number: numbers.number }).from(numbers).where(eq(numbers.application, id));
  if (users.length > 0)
    return respondInUse(
      `Application "${id}"`,
      users.map(({ number }) => `/v1/numbers/${number}`),
    );
  const conflict = await saveConfiguration(db, [db.delete(applications).where(eq(applications.id, id))]);
  return conflict ?? c.body(null, 204);
});

/** What a publication of an application needs and brings with it. */
export const publishableApplications: PublishableNoun = {
  table: applications,
  problemsOf: async (c, _, document) => (await checkApplication(c, parseJson(document))).errors,
  consequences: (db, id, document, now) => {
    const application = parseApplication(document);
    const row = createDocumentRow(id, document, undefined, now);
    return application === null ? [] : stored(db, row, application);
  },
};

/** Stores an application, and which topics it has. */
function stored(db: DrizzleDatabase, row: DocumentRow, { assistant }: Application): readonly BatchItem<"sqlite">[] {
  const { id, document, updatedAt } = row;
  const uses = [...new Set(listTopicIds(assistant))].map((topic) => ({ application: id, topic }));
  return [
    db.insert(applications).values(row).onConflictDoUpdate({ target: applications.id, set: { document, updatedAt } }),
    db.delete(applicationTopics).where(eq(applicationTopics.application, id)),
    ...splitIntoChunks(uses, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(applicationTopics).values(some)),
  ];
}
