import { eq, inArray } from "drizzle-orm";
import { Hono } from "hono";
import { type Application, applicationSchema, slug } from "../configuration/nouns.ts";
import { type FieldProblem, problem, problemResponse } from "../core/problem.ts";
import { chunks, type Database, openDatabase, PARAMETERS_PER_QUERY, requireTargets } from "../db/change.ts";
import { applications, applicationTopics, numbers, topics } from "../db/schema.ts";
import { checkHours } from "../hours/check.ts";
import { missingTargets } from "../topics/targets.ts";
import { documentRow, findDocument, listDocuments, showDocument } from "./documents.ts";
import { check, inUse, notFound, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";
import { parseTopicRow } from "./topics.ts";

export const applicationRoutes = new Hono<{ Bindings: Env }>();

applicationRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  return c.json(await listDocuments(openDatabase(c.env.DB), applications, query.value));
});

applicationRoutes.get("/:id", async (c) => {
  const row = await findDocument(openDatabase(c.env.DB), applications, c.req.param("id"));
  return row === undefined ? notFound(`application "${c.req.param("id")}"`) : c.json(showDocument(row));
});

applicationRoutes.put("/:id", async (c) => {
  const id = check(slug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return problemResponse(id.failure);
  const body = await readBody(c, applicationSchema);
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const { hours } = body.value;
  const wrongHours =
    hours === undefined
      ? []
      : checkHours(hours).map(({ pointer, detail }) => ({ pointer: `/hours${pointer}`, detail }));
  const wrong = [...wrongHours, ...(await problemsOf(db, body.value))];
  if (wrong.length > 0) return problemResponse(problem(422, "The application cannot be saved.", wrong));
  const before = await findDocument(db, applications, id.value);
  const row = documentRow(id.value, body.value, before, Date.now());
  const uses = [...new Set(body.value.assistant.topics)].map((topic) => ({ application: id.value, topic }));
  const conflict = await save(db, [
    db.insert(applications).values(row).onConflictDoUpdate({ target: applications.id, set: row }),
    db.delete(applicationTopics).where(eq(applicationTopics.application, id.value)),
    ...chunks(uses, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(applicationTopics).values(some)),
    requireTargets(db),
  ]);
  return conflict ?? c.json(showDocument(row), before === undefined ? 201 : 200);
});

applicationRoutes.delete("/:id", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  if ((await findDocument(db, applications, id)) === undefined) return notFound(`application "${id}"`);
  const users = await db.select({ number: numbers.number }).from(numbers).where(eq(numbers.application, id));
  if (users.length > 0)
    return inUse(
      `Application "${id}"`,
      users.map(({ number }) => `/v1/numbers/${number}`),
    );
  const conflict = await save(db, [db.delete(applications).where(eq(applications.id, id))]);
  return conflict ?? c.body(null, 204);
});

/** Its topics must be there, and go only to one another. */
async function problemsOf(db: Database, { assistant }: Application): Promise<readonly FieldProblem[]> {
  const found = await topicsWithIds(db, assistant.topics);
  const absent = assistant.topics.flatMap((id, index) =>
    found.has(id) ? [] : [{ pointer: `/assistant/topics/${index}`, detail: `There is no topic "${id}".` }],
  );
  const own = new Set(assistant.topics);
  const astray = [...found].flatMap(([id, row]) => {
    const topic = parseTopicRow(row);
    return topic === null ? [] : missingTargets({ ...topic, id }, own);
  });
  return [...absent, ...astray.map(({ detail }) => ({ pointer: "/assistant/topics", detail }))];
}

async function topicsWithIds(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, { document: string }>> {
  const found = new Map<string, { document: string }>();
  for (const some of chunks(ids, PARAMETERS_PER_QUERY)) {
    const rows = await db.select().from(topics).where(inArray(topics.id, some));
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}
