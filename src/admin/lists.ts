import { asc, eq, gt, sql } from "drizzle-orm";
import { Hono } from "hono";
import { readyList } from "../configuration/documents.ts";
import { LISTS_PER_NUMBER } from "../core/limits/notify.ts";
import { type FieldProblem, type Problem, problem, problemResponse } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { lists, numbers, subscriptions, topics } from "../db/schema.ts";
import { type List, listSchema, type ReadyList, textsOf } from "../notify/list.ts";
import { formsOf } from "../notify/words.ts";
import { letterFirst } from "../schema/ids.ts";
import { check, inUse, notFound, pageOf, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";

type Row = typeof lists.$inferSelect;

export const listRoutes = new Hono<{ Bindings: Env }>();

listRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(lists)
    .where(gt(lists.id, after))
    .orderBy(asc(lists.id))
    .limit(limit + 1);
  return c.json(pageOf(rows, limit, ({ id }) => id, show));
});

listRoutes.get("/:id", async (c) => {
  const row = await findList(openDatabase(c.env.DB), c.req.param("id"));
  return row === undefined ? notFound(`list "${c.req.param("id")}"`) : c.json(show(row));
});

listRoutes.put("/:id", async (c) => {
  const id = check(letterFirst, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return problemResponse(id.failure);
  const body = await readBody(c, listSchema);
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const before = await findList(db, id.value);
  const refusal = await refusalOf(db, id.value, body.value, before);
  if (refusal !== null) return problemResponse(refusal);
  const now = Date.now();
  const document = JSON.stringify(body.value);
  const row = {
    id: id.value,
    number: body.value.number,
    document,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  // Whoever makes the same list at the same time: the number of the first one stays.
  const own = eq(lists.number, row.number);
  const conflict = await save(db, [
    db
      .insert(lists)
      .values(row)
      .onConflictDoUpdate({ target: lists.id, set: { document, updatedAt: now }, setWhere: own }),
  ]);
  return conflict ?? c.json(show(row), before === undefined ? 201 : 200);
});

/** Who had it on has it no more; the history of who wanted it stays. */
listRoutes.delete("/:id", async (c) => {
  const db = openDatabase(c.env.DB);
  const id = c.req.param("id");
  if ((await findList(db, id)) === undefined) return notFound(`list "${id}"`);
  const users = await db
    .select({ topic: topics.id })
    .from(topics)
    .where(sql`instr(${topics.document}, ${JSON.stringify({ list: id }).slice(1, -1)}) > 0`);
  if (users.length > 0)
    return inUse(
      `List "${id}"`,
      users.map(({ topic }) => `/v1/topics/${topic}`),
    );
  const conflict = await save(db, [
    db.delete(lists).where(eq(lists.id, id)),
    db.delete(subscriptions).where(eq(subscriptions.list, id)),
  ]);
  return conflict ?? c.body(null, 204);
});

export async function findList(db: Database, id: string): Promise<Row | undefined> {
  return await db.select().from(lists).where(eq(lists.id, id)).get();
}

async function refusalOf(db: Database, id: string, list: List, before: Row | undefined): Promise<Problem | null> {
  if (before !== undefined && before.number !== list.number) {
    const detail = `The list is on ${before.number}, from which people wanted it. Make another list for ${list.number}.`;
    return problem(409, detail, [{ pointer: "/number", detail }]);
  }
  const wrong = await problemsOf(db, id, list);
  return wrong.length === 0 ? null : problem(422, "The list cannot be saved.", wrong);
}

async function problemsOf(db: Database, id: string, list: List): Promise<readonly FieldProblem[]> {
  const number = await db.select().from(numbers).where(eq(numbers.number, list.number)).get();
  if (number === undefined) return [{ pointer: "/number", detail: `There is no number ${list.number}.` }];
  const rows = await db.select().from(lists).where(eq(lists.number, list.number));
  const others = rows.flatMap((row) => (row.id === id ? [] : (readyList(row) ?? [])));
  const double = others.find((other) => haveTitleInCommon(list, other));
  if (double !== undefined) {
    const detail = `The list "${double.id}" on ${list.number} is called so too: people could not tell them apart.`;
    return [{ pointer: "/title", detail }];
  }
  if (others.length < LISTS_PER_NUMBER) return [];
  return [{ pointer: "/number", detail: `${list.number} has ${LISTS_PER_NUMBER} lists already.` }];
}

function haveTitleInCommon({ title }: List, other: ReadyList): boolean {
  const known = new Set(textsOf(other.title).flatMap(formsOf));
  return textsOf(title)
    .flatMap(formsOf)
    .some((form) => known.has(form));
}

function show({ id, document, createdAt, updatedAt }: Row) {
  return {
    id,
    ...(JSON.parse(document) as List),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
