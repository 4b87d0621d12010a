import { eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { Hono } from "hono";
import { parseTopic } from "../configuration/saved-documents.ts";
import { parseJson } from "../core/json.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import {
  type DrizzleDatabase,
  openDatabase,
  PARAMETERS_PER_QUERY,
  requireTopic,
  splitIntoChunks,
} from "../db/database.ts";
import { applicationTopics, topics, topicTargets } from "../db/schema.ts";
import { slug } from "../schema/ids.ts";
import { listTopicTargets } from "../topics/definition.ts";
import {
  createDocumentRow,
  type DocumentRow,
  type FoundDocument,
  findDocument,
  listDocuments,
  showDocument,
} from "./documents.ts";
import { checkValue, parseJsonBody, parsePageQuery, respondInUse, respondNotFound } from "./http.ts";
import { type PublishableNoun, publishVersion } from "./publishing.ts";
import { saveConfiguration } from "./save.ts";
import { checkTopic } from "./topic-checks.ts";

export const topicRoutes = new Hono<{ Bindings: Env }>();

topicRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  return c.json(await listDocuments(openDatabase(c.env.DB), topics, query.value, show));
});

topicRoutes.get("/:id", async (c) => {
  const found = await findDocument(openDatabase(c.env.DB), topics, c.req.param("id"));
  return found === undefined ? respondNotFound(`topic "${c.req.param("id")}"`) : c.json(show(found));
});

/** A new topic is published at once; later only its draft is saved. */
topicRoutes.put("/:id", async (c) => {
  const id = checkValue(slug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return toProblemResponse(id.failure);
  const json = await parseJsonBody(c);
  if (!json.ok) return toProblemResponse(json.failure);
  const db = openDatabase(c.env.DB);
  const { topic, errors, warnings } = await checkTopic(db, id.value, json.value);
  if (topic === null)
    return toProblemResponse({ ...createProblem(422, "The topic cannot be saved.", errors), warnings });
  const before = await findDocument(db, topics, id.value);
  const row = createDocumentRow(id.value, JSON.stringify(topic), before, Date.now());
  const saved = before?.published ? await saveDraft(db, row, before) : await publishFirst(db, row);
  return saved instanceof Response ? saved : c.json({ ...show(saved), warnings }, before === undefined ? 201 : 200);
});

async function publishFirst(db: DrizzleDatabase, row: DocumentRow): Promise<FoundDocument | Response> {
  const { id, document, updatedAt } = row;
  const store = db.insert(topics).values(row).onConflictDoUpdate({ target: topics.id, set: row });
  const consequences = [store, ...targetsOfDocument(db, id, document)];
  const published = await publishVersion(db, topics, { id, document }, consequences, updatedAt);
  if (published instanceof Response) return published;
  const { version, at, by } = published;
  return { ...row, published: { version, at, by }, isDraft: false };
}

async function saveDraft(
  db: DrizzleDatabase,
  row: DocumentRow,
  before: FoundDocument,
): Promise<FoundDocument | Response> {
  if (row.document === before.document) return before;
  const { id, document, updatedAt } = row;
  const draft = db.update(topics).set({ document, updatedAt }).where(eq(topics.id, id));
  const conflict = await saveConfiguration(db, [draft, requireTopic(db, id)]);
  return conflict ?? (await findDocument(db, topics, id)) ?? respondNotFound(`topic "${id}"`);
}

topicRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findDocument(db, topics, id)) === undefined) return respondNotFound(`topic "${id}"`);
  const users = await db
    .select({ application: applicationTopics.application })
    .from(applicationTopics)
    .where(eq(applicationTopics.topic, id));
  if (users.length > 0) {
    return respondInUse(
      `Topic "${id}"`,
      users.map(({ application }) => `/v1/applications/${application}`),
    );
  }
  const conflict = await saveConfiguration(db, [db.delete(topics).where(eq(topics.id, id))]);
  return conflict ?? c.body(null, 204);
});

/** What a publication of a topic needs and brings with it. */
export const publishableTopics: PublishableNoun = {
  table: topics,
  problemsOf: async (c, id, document) => (await checkTopic(openDatabase(c.env.DB), id, parseJson(document))).errors,
  consequences: (db, id, document) => [requireTopic(db, id), ...targetsOfDocument(db, id, document)],
};

/** Stores which topics a topic goes to. */
function targetsOfDocument(db: DrizzleDatabase, id: string, document: string): readonly BatchItem<"sqlite">[] {
  const topic = parseTopic(id, document);
  const targets = new Set(topic === null ? [] : listTopicTargets(topic).map(({ value }) => value));
  const rows = [...targets].map((target) => ({ topic: id, target }));
  return [
    db.delete(topicTargets).where(eq(topicTargets.topic, id)),
    ...splitIntoChunks(rows, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(topicTargets).values(some)),
  ];
}

function show(found: FoundDocument): object {
  return { ...showDocument(found), draft: found.isDraft };
}
