import { asc, eq, gt, sql } from "drizzle-orm";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { lists, subscriptions, topics } from "../../db/schema.ts";
import type { List } from "../../notify/list.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { answer, empty, json, NO_CONTENT, respondInUse, respondNotFound } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { checkList } from "./checks.ts";
import { LIST_EXAMPLE, listBody, listResource } from "./schema.ts";

type Row = typeof lists.$inferSelect;

const NOUN = { path: "/v1/lists/{id}", tag: "Lists" } as const;
const ABSENT = "The list does not exist.";

export const listRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/lists",
    operationId: "listLists",
    summary: "List the lists that contacts can subscribe to",
    query: pageQuery,
    responses: { 200: json("One page of lists, by id.", pageSchema(listResource)) },
    handle: async ({ query: { after, limit } }, c) => {
      const rows = await openDatabase(c.env.DB)
        .select()
        .from(lists)
        .where(gt(lists.id, after))
        .orderBy(asc(lists.id))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ id }) => id, showList),
      );
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getList",
    summary: "Get a list",
    parameters: { id: lookup(letterFirstSlug) },
    responses: { 200: json("The list.", listResource), 404: ABSENT },
    handle: async ({ parameters: { id } }, c) => {
      const row = await findList(openDatabase(c.env.DB), id);
      return row === undefined ? respondNotFound(`list "${id}"`) : answer(200, showList(row));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveList",
    summary: "Create or replace a list",
    parameters: { id: letterFirstSlug },
    body: jsonBody(listBody, LIST_EXAMPLE),
    responses: {
      200: json("The list was replaced.", listResource),
      201: json("The list was created.", listResource),
      409: "The list is on another number, or a related resource changed at the same time.",
    },
    handle: async ({ parameters: { id }, body }, c) => {
      const db = openDatabase(c.env.DB);
      const before = await findList(db, id);
      const refusal = await checkList(db, id, body, before);
      if (refusal !== null) return refusal;
      const now = Date.now();
      const document = JSON.stringify(body);
      const row = { id, number: body.number, document, createdAt: before?.createdAt ?? now, updatedAt: now };
      // Two requests may create the same list at once: the number of the first one stays.
      const sameNumber = eq(lists.number, row.number);
      const conflict = await saveConfiguration(db, [
        db
          .insert(lists)
          .values(row)
          .onConflictDoUpdate({ target: lists.id, set: { document, updatedAt: now }, setWhere: sameNumber }),
      ]);
      return conflict ?? answer(before === undefined ? 201 : 200, showList(row));
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteList",
    summary: "Delete a list and its subscriptions; their history stays",
    parameters: { id: lookup(letterFirstSlug) },
    responses: { 204: empty("The list was deleted."), 404: ABSENT, 409: "A topic still uses the list." },
    handle: async ({ parameters: { id } }, c) => {
      const db = openDatabase(c.env.DB);
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
      return conflict ?? NO_CONTENT;
    },
  }),
];

export async function findList(db: DrizzleDatabase, id: string): Promise<Row | undefined> {
  return await db.select().from(lists).where(eq(lists.id, id)).get();
}

function showList({ id, document, createdAt, updatedAt }: Row) {
  return {
    id,
    ...(JSON.parse(document) as List),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
