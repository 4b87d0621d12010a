import { eq } from "drizzle-orm";
import { Hono } from "hono";
import { applicationSchema, slug } from "../configuration/nouns.ts";
import { parseJson } from "../core/json.ts";
import { type FieldProblem, problem, problemResponse } from "../core/problem.ts";
import { chunks, type Database, openDatabase, PARAMETERS_PER_QUERY, requireTargets } from "../db/change.ts";
import { applications, applicationTopics, topics, topicTargets } from "../db/schema.ts";
import { checkTopic, type NamedTopic, type Topic, targetsOf, topicSchema } from "../topics/definition.ts";
import { missingTargets } from "../topics/targets.ts";
import { documentRow, findDocument, listDocuments, showDocument } from "./documents.ts";
import { check, inUse, notFound, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";

export const topicRoutes = new Hono<{ Bindings: Env }>();

topicRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  return c.json(await listDocuments(openDatabase(c.env.DB), topics, query.value));
});

topicRoutes.get("/:id", async (c) => {
  const row = await findDocument(openDatabase(c.env.DB), topics, c.req.param("id"));
  return row === undefined ? notFound(`topic "${c.req.param("id")}"`) : c.json(showDocument(row));
});

topicRoutes.put("/:id", async (c) => {
  const id = check(slug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return problemResponse(id.failure);
  const body = await readBody(c, topicSchema);
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const topic = { ...body.value, id: id.value };
  const wrong = [...checkTopic(body.value), ...(await astray(db, topic))];
  if (wrong.length > 0) return problemResponse(problem(422, "The topic cannot be saved.", wrong));
  const before = await findDocument(db, topics, id.value);
  const row = documentRow(id.value, body.value, before, Date.now());
  const targets = [...new Set(targetsOf(topic).map(({ value }) => value))].map((target) => ({
    topic: id.value,
    target,
  }));
  const conflict = await save(db, [
    db.insert(topics).values(row).onConflictDoUpdate({ target: topics.id, set: row }),
    db.delete(topicTargets).where(eq(topicTargets.topic, id.value)),
    ...chunks(targets, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(topicTargets).values(some)),
    requireTargets(db),
  ]);
  return conflict ?? c.json(showDocument(row), before === undefined ? 201 : 200);
});

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

/** @returns the topic of a row, or null where it no longer fits the schema */
export function parseTopicRow({ document }: { readonly document: string }): Topic | null {
  const parsed = topicSchema.safeParse(parseJson(document));
  return parsed.success ? parsed.data : null;
}

/** A topic that applications use may only go to topics that they have. */
async function astray(db: Database, topic: NamedTopic): Promise<readonly FieldProblem[]> {
  const users = await db
    .select({ document: applications.document })
    .from(applicationTopics)
    .innerJoin(applications, eq(applications.id, applicationTopics.application))
    .where(eq(applicationTopics.topic, topic.id));
  return users.flatMap(({ document }) => {
    const application = applicationSchema.safeParse(parseJson(document));
    return application.success ? missingTargets(topic, new Set(application.data.assistant.topics)) : [];
  });
}
