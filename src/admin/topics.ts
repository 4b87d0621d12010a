import { eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { Hono } from "hono";
import { parseTopic } from "../configuration/documents.ts";
import { parseJson } from "../core/json.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { chunks, type Database, openDatabase, PARAMETERS_PER_QUERY, requireTopic } from "../db/change.ts";
import { applicationTopics, topics, topicTargets } from "../db/schema.ts";
import { slug } from "../schema/ids.ts";
import { targetsOf } from "../topics/definition.ts";
import {
  type DocumentRow,
  documentRow,
  type FoundDocument,
  findDocument,
  listDocuments,
  showDocument,
} from "./documents.ts";
import { check, inUse, notFound, readJson, readPage } from "./http.ts";
import { type Publishable, publish } from "./publishing.ts";
import { save } from "./save.ts";
import { checkTopic } from "./topic-checks.ts";

export const topicRoutes = new Hono<{ Bindings: Env }>();

topicRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  return c.json(await listDocuments(openDatabase(c.env.DB), topics, query.value, show));
});

topicRoutes.get("/:id", async (c) => {
  const found = await findDocument(openDatabase(c.env.DB), topics, c.req.param("id"));
  return found === undefined ? notFound(`topic "${c.req.param("id")}"`) : c.json(show(found));
});

/** A new topic is published at once; later only its draft is saved. */
topicRoutes.put("/:id", async (c) => {
  const id = check(slug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return problemResponse(id.failure);
  const json = await readJson(c);
  if (!json.ok) return problemResponse(json.failure);
  const db = openDatabase(c.env.DB);
  const { topic, errors, warnings } = await checkTopic(db, id.value, json.value);
  if (topic === null) return problemResponse({ ...problem(422, "The topic cannot be saved.", errors), warnings });
  const before = await findDocument(db, topics, id.value);
  const row = documentRow(id.value, JSON.stringify(topic), before, Date.now());
  const saved = before?.published ? await saveDraft(db, row, before) : await publishFirst(db, row);
  return saved instanceof Response ? saved : c.json({ ...show(saved), warnings }, before === undefined ? 201 : 200);
});

async function publishFirst(db: Database, row: DocumentRow): Promise<FoundDocument | Response> {
  const { id, document, updatedAt } = row;
  const store = db.insert(topics).values(row).onConflictDoUpdate({ target: topics.id, set: row });
  const consequences = [store, ...targetsOfDocument(db, id, document)];
  const published = await publish(db, topics, { id, document }, consequences, updatedAt);
  if (published instanceof Response) return published;
  const { version, at, by } = published;
  return { ...row, published: { version, at, by }, isDraft: false };
}

async function saveDraft(db: Database, row: DocumentRow, before: FoundDocument): Promise<FoundDocument | Response> {
  if (row.document === before.document) return before;
  const { id, document, updatedAt } = row;
  const draft = db.update(topics).set({ document, updatedAt }).where(eq(topics.id, id));
  const conflict = await save(db, [draft, requireTopic(db, id)]);
  return conflict ?? (await findDocument(db, topics, id)) ?? notFound(`topic "${id}"`);
}

topicRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findDocument(db, topics, id)) === undefined) return notFound(`topic "${id}"`);
  const users = await db
    .select({ application: applicationTopics.application })
    .from(applicationTopics)
    .where(eq(applicationTopics.topic, id));
  if (users.length > 0) {
    return inUse(
      `Topic "${id}"`,
      users.map(({ application }) => `/v1/applications/${application}`),
    );
  }
  const conflict = await save(db, [db.delete(topics).where(eq(topics.id, id))]);
  return conflict ?? c.body(null, 204);
});

/** What a publication of a topic needs and brings with it. */
export const publishableTopics: Publishable = {
  table: topics,
  problemsOf: async (c, id, document) => (await checkTopic(openDatabase(c.env.DB), id, parseJson(document))).errors,
  consequences: (db, id, document) => [requireTopic(db, id), ...targetsOfDocument(db, id, document)],
};

/** Stores which topics a topic goes to. */
function targetsOfDocument(db: Database, id: string, document: string): readonly BatchItem<"sqlite">[] {
  const topic = parseTopic(id, document);
  const targets = new Set(topic === null ? [] : targetsOf(topic).map(({ value }) => value));
  const rows = [...targets].map((target) => ({ topic: id, target }));
  return [
    db.delete(topicTargets).where(eq(topicTargets.topic, id)),
    ...chunks(rows, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(topicTargets).values(some)),
  ];
}

function show(found: FoundDocument): object {
  return { ...showDocument(found), draft: found.isDraft };
}
