import { asc, eq, gt } from "drizzle-orm";
import { estimateSegments } from "../../broadcasts/estimate.ts";
import { toHex } from "../../core/bytes.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { openDatabase } from "../../db/database.ts";
import { broadcasts } from "../../db/schema.ts";
import { NOTICE_REFUSALS } from "../../notify/notice.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { BROADCAST_EXAMPLE, broadcastBody, broadcastResource } from "./schema.ts";

import { findBroadcast, loadSnapshot, showBroadcast, showRows } from "./views.ts";

const NOUN = { path: "/v1/broadcasts/{id}", tag: "Broadcasts" } as const;
const ABSENT = "The broadcast does not exist.";
const id = lookup(letterFirstSlug);

/** D1 knows which number each broadcast is from; that number's object knows the rest. */
export const broadcastRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/broadcasts",
    operationId: "listBroadcasts",
    summary: "List broadcasts",
    query: pageQuery,
    responses: { 200: json("One page of broadcasts, by id.", pageSchema(broadcastResource)) },
    handle: async ({ query: { after, limit } }, c) => {
      const rows = await openDatabase(c.env.DB)
        .select()
        .from(broadcasts)
        .where(gt(broadcasts.id, after))
        .orderBy(asc(broadcasts.id))
        .limit(limit + 1);
      const { items, next } = createListPage(
        rows,
        limit,
        (row) => row.id,
        (row) => row,
      );
      return answer(200, { items: await showRows(c, items), next });
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveBroadcast",
    summary: "Create or replace a broadcast that has not started",
    parameters: { id: letterFirstSlug },
    body: jsonBody(broadcastBody, BROADCAST_EXAMPLE),
    responses: {
      200: json("The broadcast was replaced.", broadcastResource),
      201: json("The broadcast was created as a draft.", broadcastResource),
      409: "The broadcast has started, or is from another number.",
    },
    handle: async ({ parameters, body }, c) => {
      const snapshot = await loadSnapshot(c);
      const list = snapshot.lists.get(body.list);
      if (list === undefined) return invalidBroadcast("/list", `List "${body.list}" does not exist.`);
      const segments = estimateSegments(body, list, snapshot, Date.now());
      if (typeof segments === "string")
        return invalidBroadcast(segments === "no-topic" ? "/topic" : "/text", NOTICE_REFUSALS[segments]);
      const db = openDatabase(c.env.DB);
      const created = { id: parameters.id, number: list.number, live: 0, createdAt: Date.now() };
      await db.insert(broadcasts).values(created).onConflictDoNothing();
      const { number } = (await findBroadcast(db, created.id)) ?? created;
      if (number !== list.number) {
        const detail = `Broadcast "${created.id}" is from ${number}, but the list is on ${list.number}. Use another id.`;
        return invalidBroadcast("/list", detail, 409);
      }
      const notice = `BR${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
      const saved = await c.env.BROADCASTS.getByName(number).save(created.id, body, notice);
      if ("refusal" in saved) return createProblem(409, saved.refusal);
      return answer(saved.isNew ? 201 : 200, showBroadcast(number, saved.view));
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getBroadcast",
    summary: "Get a broadcast with its progress",
    parameters: { id },
    responses: { 200: json("The broadcast.", broadcastResource), 404: ABSENT },
    handle: async ({ parameters }, c) => {
      const row = await findBroadcast(openDatabase(c.env.DB), parameters.id);
      const [shown] = row === undefined ? [] : await showRows(c, [row]);
      return shown === undefined ? respondNotFound(`broadcast "${parameters.id}"`) : answer(200, shown);
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteBroadcast",
    summary: "Delete a broadcast that is not running",
    parameters: { id },
    responses: { 204: empty("The broadcast was deleted."), 404: ABSENT, 409: "The broadcast is running." },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      const row = await findBroadcast(db, parameters.id);
      if (row === undefined) return respondNotFound(`broadcast "${parameters.id}"`);
      const refusal = await c.env.BROADCASTS.getByName(row.number).remove(row.id);
      if (refusal !== null) return createProblem(409, refusal);
      await db.delete(broadcasts).where(eq(broadcasts.id, row.id));
      return NO_CONTENT;
    },
  }),
];

function invalidBroadcast(pointer: string, detail: string, status = 422): ProblemDocument {
  return createProblem(status, "The broadcast is invalid; see errors.", [{ pointer, detail }]);
}
