import { and, asc, count, eq, gt, lte, ne } from "drizzle-orm";
import { Hono } from "hono";
import * as z from "zod/mini";
import { TESTER_MILLISECONDS, TESTERS_PER_TOPIC } from "../core/limits/configuration.ts";
import { parsePhone } from "../core/phone.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { testers, topics } from "../db/schema.ts";
import { phoneNumber } from "../schema/ids.ts";
import { findDocument } from "./documents.ts";
import { checkValue, createListPage, parseOptionalBody, parsePageQuery, respondNotFound } from "./http.ts";
import { saveConfiguration } from "./save.ts";

type Row = typeof testers.$inferSelect;

/** The phones that get a topic's draft, each for some days. */
export const testerRoutes = new Hono<{ Bindings: Env }>();

testerRoutes.get("/:id/trials", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  if ((await findDocument(db, topics, topic)) === undefined) return respondNotFound(`topic "${topic}"`);
  const rows = await db
    .select()
    .from(testers)
    .where(
      and(eq(testers.topic, topic), gt(testers.phone, parsePhone(after) ?? after), gt(testers.expiresAt, Date.now())),
    )
    .orderBy(asc(testers.phone))
    .limit(limit + 1);
  return c.json(createListPage(rows, limit, ({ phone }) => phone, show));
});

/** Begins a trial, or begins it anew. */
testerRoutes.put("/:id/trials/:phone", async (c) => {
  const phone = checkValue(phoneNumber, c.req.param("phone"), 400, "The URL does not end in a phone number.");
  if (!phone.ok) return toProblemResponse(phone.failure);
  const body = await parseOptionalBody(c, z.strictObject({}));
  if (!body.ok) return toProblemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  if ((await findDocument(db, topics, topic)) === undefined) return respondNotFound(`topic "${topic}"`);
  const now = Date.now();
  if ((await countOthers(db, topic, phone.value, now)) >= TESTERS_PER_TOPIC)
    return toProblemResponse(createProblem(409, `${TESTERS_PER_TOPIC} phones try this topic; delete a trial first.`));
  const before = await find(db, topic, phone.value, now);
  const row = {
    topic,
    phone: phone.value,
    startedAt: before?.startedAt ?? now,
    expiresAt: now + TESTER_MILLISECONDS,
  };
  const conflict = await saveConfiguration(db, [
    db.delete(testers).where(lte(testers.expiresAt, now)),
    db
      .insert(testers)
      .values(row)
      .onConflictDoUpdate({ target: [testers.topic, testers.phone], set: row }),
  ]);
  return conflict ?? c.json(show(row), before === undefined ? 201 : 200);
});

testerRoutes.delete("/:id/trials/:phone", async (c) => {
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  const phone = parsePhone(c.req.param("phone")) ?? "";
  if ((await find(db, topic, phone, Date.now())) === undefined)
    return respondNotFound(`trial of topic "${topic}" by ${c.req.param("phone")}`);
  const conflict = await saveConfiguration(db, [db.delete(testers).where(is(topic, phone))]);
  return conflict ?? c.body(null, 204);
});

async function find(db: DrizzleDatabase, topic: string, phone: string, now: number): Promise<Row | undefined> {
  return await db
    .select()
    .from(testers)
    .where(and(is(topic, phone), gt(testers.expiresAt, now)))
    .get();
}

async function countOthers(db: DrizzleDatabase, topic: string, phone: string, now: number): Promise<number> {
  const row = await db
    .select({ others: count() })
    .from(testers)
    .where(and(eq(testers.topic, topic), ne(testers.phone, phone), gt(testers.expiresAt, now)))
    .get();
  return row?.others ?? 0;
}

function is(topic: string, phone: string) {
  return and(eq(testers.topic, topic), eq(testers.phone, phone));
}

function show({ phone, startedAt, expiresAt }: Row) {
  return { phone, startedAt: new Date(startedAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
}
