import { and, asc, count, eq, gt, lte, ne } from "drizzle-orm";
import { Hono } from "hono";
import * as z from "zod/mini";
import { TRIAL_MILLISECONDS, TRIALS_PER_TOPIC } from "../core/limits/configuration.ts";
import { parsePhone } from "../core/phone.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { topics, trials } from "../db/schema.ts";
import { phoneNumber } from "../schema/ids.ts";
import { findDocument } from "./documents.ts";
import { check, notFound, pageOf, readOptionalBody, readPage } from "./http.ts";
import { save } from "./save.ts";

type Row = typeof trials.$inferSelect;

/** The phones that get a topic's draft, each for some days. */
export const trialRoutes = new Hono<{ Bindings: Env }>();

trialRoutes.get("/:id/trials", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  const { after, limit } = query.value;
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  if ((await findDocument(db, topics, topic)) === undefined) return notFound(`topic "${topic}"`);
  const rows = await db
    .select()
    .from(trials)
    .where(and(eq(trials.topic, topic), gt(trials.phone, parsePhone(after) ?? after), gt(trials.expiresAt, Date.now())))
    .orderBy(asc(trials.phone))
    .limit(limit + 1);
  return c.json(pageOf(rows, limit, ({ phone }) => phone, show));
});

/** Begins a trial, or begins it anew. */
trialRoutes.put("/:id/trials/:phone", async (c) => {
  const phone = check(phoneNumber, c.req.param("phone"), 400, "The URL does not end in a phone number.");
  if (!phone.ok) return problemResponse(phone.failure);
  const body = await readOptionalBody(c, z.strictObject({}));
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  if ((await findDocument(db, topics, topic)) === undefined) return notFound(`topic "${topic}"`);
  const now = Date.now();
  if ((await countOthers(db, topic, phone.value, now)) >= TRIALS_PER_TOPIC)
    return problemResponse(problem(409, `${TRIALS_PER_TOPIC} phones try this topic; delete a trial first.`));
  const before = await find(db, topic, phone.value, now);
  const row = {
    topic,
    phone: phone.value,
    startedAt: before?.startedAt ?? now,
    expiresAt: now + TRIAL_MILLISECONDS,
  };
  const conflict = await save(db, [
    db.delete(trials).where(lte(trials.expiresAt, now)),
    db
      .insert(trials)
      .values(row)
      .onConflictDoUpdate({ target: [trials.topic, trials.phone], set: row }),
  ]);
  return conflict ?? c.json(show(row), before === undefined ? 201 : 200);
});

trialRoutes.delete("/:id/trials/:phone", async (c) => {
  const db = openDatabase(c.env.DB);
  const topic = c.req.param("id");
  const phone = parsePhone(c.req.param("phone")) ?? "";
  if ((await find(db, topic, phone, Date.now())) === undefined)
    return notFound(`trial of topic "${topic}" by ${c.req.param("phone")}`);
  const conflict = await save(db, [db.delete(trials).where(is(topic, phone))]);
  return conflict ?? c.body(null, 204);
});

async function find(db: Database, topic: string, phone: string, now: number): Promise<Row | undefined> {
  return await db
    .select()
    .from(trials)
    .where(and(is(topic, phone), gt(trials.expiresAt, now)))
    .get();
}

async function countOthers(db: Database, topic: string, phone: string, now: number): Promise<number> {
  const row = await db
    .select({ others: count() })
    .from(trials)
    .where(and(eq(trials.topic, topic), ne(trials.phone, phone), gt(trials.expiresAt, now)))
    .get();
  return row?.others ?? 0;
}

function is(topic: string, phone: string) {
  return and(eq(trials.topic, topic), eq(trials.phone, phone));
}

function show({ phone, startedAt, expiresAt }: Row) {
  return { phone, startedAt: new Date(startedAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
}
