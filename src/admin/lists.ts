import { asc, eq, gt, sql } from "drizzle-orm";
import { Hono } from "hono";
import { parseListRow } from "../configuration/saved-documents.ts";
import { LISTS_PER_NUMBER } from "../core/limits/notify.ts";
import { createProblem, type FieldProblem, type ProblemDocument, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { lists, numbers, subscriptions, topics } from "../db/schema.ts";
import { type List, listSchema, listTextVariants, type ReadyList } from "../notify/list.ts";
import { toComparableForms } from "../notify/list-keywords.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import { checkValue, createListPage, parseBody, parsePageQuery, respondInUse, respondNotFound } from "./http.ts";
import { saveConfiguration } from "./save.ts";

type Row = typeof lists.$inferSelect;

export const listRoutes = new Hono<{ Bindings: Env }>();

listRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(lists)
    .where(gt(lists.id, after))
    .orderBy(asc(lists.id))
    .limit(limit + 1);
  return c.json(createListPage(rows, limit, ({ id }) => id, show));
});

listRoutes.get("/:id", async (c) => {
  const row = await findList(openDatabase(c.env.DB), c.req.param("id"));
  return row === undefined ? respondNotFound(`list "${c.req.param("id")}"`) : c.json(show(row));
});

listRoutes.put("/:id", async (c) => {
  const id = checkValue(letterFirstSlug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return toProblemResponse(id.failure);
  const body = await parseBody(c, listSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const before = await findList(db, id.value);
  const refusal = await refusalOf(db, id.value, body.value, before);
  if (refusal !== null) return toProblemResponse(refusal);
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
  const conflict = await saveConfiguration(db, [
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
  if ((await findList(db, id)) === undefined) return respondNotFound(`list "${id}"`);
  const users = await db
    .select({ topic: topics.id })
    .from(topics)
    .where(sql`instr(${topics.document}, ${JSON.stringify({ list: id }).slice(1, -1)}) > 0`);
  if (users.length > 0)
    return respondInUse(
      `List "${id}"`,
      users.map(({ topic }) => `/v1/topics/${topic}`),
    );
  const conflict = await saveConfiguration(db, [
    db.delete(lists).where(eq(lists.id, id)),
    db.delete(subscriptions).where(eq(subscriptions.list, id)),
  ]);
  return conflict ?? c.body(null, 204);
});

export async function findList(db: DrizzleDatabase, id: string): Promise<Row | undefined> {
  return await db.select().from(lists).where(eq(lists.id, id)).get();
}

async function refusalOf(
  db: DrizzleDatabase,
  id: string,
  list: List,
  before: Row | undefined,
): Promise<ProblemDocument | null> {
  if (before !== undefined && before.number !== list.number) {
    const detail = `The list is on ${before.number}, from which people wanted it. Make another list for ${list.number}.`;
    return createProblem(409, detail, [{ pointer: "/number", detail }]);
  }
  const wrong = await problemsOf(db, id, list);
  return wrong.length === 0 ? null : createProblem(422, "The list cannot be saved.", wrong);
}

async function problemsOf(db: DrizzleDatabase, id: string, list: List): Promise<readonly FieldProblem[]> {
  const number = await db.select().from(numbers).where(eq(numbers.number, list.number)).get();
  if (number === undefined) return [{ pointer: "/number", detail: `There is no number ${list.number}.` }];
  const rows = await db.select().from(lists).where(eq(lists.number, list.number));
  const others = rows.flatMap((row) => (row.id === id ? [] : (parseListRow(row) ?? [])));
  const double = others.find((other) => haveTitleInCommon(list, other));
  if (double !== undefined) {
    const detail = `The list "${double.id}" on ${list.number} is called so too: people could not tell them apart.`;
    return [{ pointer: "/title", detail }];
  }
  if (others.length < LISTS_PER_NUMBER) return [];
  return [{ pointer: "/number", detail: `${list.number} has ${LISTS_PER_NUMBER} lists already.` }];
}

function haveTitleInCommon({ title }: List, other: ReadyList): boolean {
  const known = new Set(listTextVariants(other.title).flatMap(toComparableForms));
  return listTextVariants(title)
    .flatMap(toComparableForms)
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
