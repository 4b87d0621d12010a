import { and, asc, count, eq, gt, lte, ne } from "drizzle-orm";
import * as z from "zod/mini";
import { TESTER_MILLISECONDS, TESTERS_PER_TOPIC } from "../../core/limits/configuration.ts";
import { parsePhone } from "../../core/phone.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { testers, topics } from "../../db/schema.ts";
import { phoneNumber, slug } from "../../schema/ids.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound } from "../http/answer.ts";
import { optionalJsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { findDocument } from "../publications/documents.ts";
import { testerResource } from "./schema.ts";

type Row = typeof testers.$inferSelect;

/** Testers get a topic's draft in their new conversations, each for some days. */
export const testerRoutes: readonly Route[] = [
  ...createTesterRoutes("/v1/topics/{id}/testers", "Tester"),
  ...createTesterRoutes("/v1/topics/{id}/trials", "Trial").map((each) => ({ ...each, isDeprecated: true })),
];

type TesterPath = `/v1/topics/{id}/${string}`;

function createTesterRoutes(path: TesterPath, noun: string): readonly Route[] {
  return [createListRoute(path, noun), createSaveRoute(path, noun), createDeleteRoute(path, noun)];
}

function createListRoute(path: TesterPath, noun: string): Route {
  return route({
    tag: "Topics",
    method: "get",
    path,
    operationId: `list${noun}s`,
    summary: "List the testers of a topic",
    parameters: { id: lookup(slug) },
    query: pageQuery,
    responses: {
      200: json("One page of testers, by phone.", pageSchema(testerResource)),
      404: "The topic does not exist.",
    },
    handle: async ({ parameters: { id }, query: { after, limit } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findDocument(db, topics, id)) === undefined) return respondNotFound(`topic "${id}"`);
      const isAfter = gt(testers.phone, parsePhone(after) ?? after);
      const rows = await db
        .select()
        .from(testers)
        .where(and(eq(testers.topic, id), isAfter, gt(testers.expiresAt, Date.now())))
        .orderBy(asc(testers.phone))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ phone }) => phone, showTester),
      );
    },
  });
}

function createSaveRoute(path: TesterPath, noun: string): Route {
  return route({
    tag: "Topics",
    method: "put",
    path: `${path}/{phone}`,
    operationId: `save${noun}`,
    summary: "Make a phone a tester, or extend its time",
    parameters: { id: lookup(slug), phone: phoneNumber },
    body: optionalJsonBody(z.strictObject({}), {}),
    responses: {
      200: json("The phone stays a tester for longer.", testerResource),
      201: json("The phone is a tester now.", testerResource),
      404: "The topic does not exist.",
      409: "The topic has the maximum number of testers, or a related resource changed at the same time.",
    },
    handle: async ({ parameters: { id: topic, phone } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findDocument(db, topics, topic)) === undefined) return respondNotFound(`topic "${topic}"`);
      const now = Date.now();
      if ((await countOtherTesters(db, topic, phone, now)) >= TESTERS_PER_TOPIC)
        return createProblem(
          409,
          `Topic "${topic}" has the maximum of ${TESTERS_PER_TOPIC} testers. Delete one of them first.`,
        );
      const before = await findTester(db, topic, phone, now);
      const row = { topic, phone, startedAt: before?.startedAt ?? now, expiresAt: now + TESTER_MILLISECONDS };
      const conflict = await saveConfiguration(db, [
        db.delete(testers).where(lte(testers.expiresAt, now)),
        db
          .insert(testers)
          .values(row)
          .onConflictDoUpdate({ target: [testers.topic, testers.phone], set: row }),
      ]);
      return conflict ?? answer(before === undefined ? 201 : 200, showTester(row));
    },
  });
}

function createDeleteRoute(path: TesterPath, noun: string): Route {
  return route({
    tag: "Topics",
    method: "delete",
    path: `${path}/{phone}`,
    operationId: `delete${noun}`,
    summary: "Give a phone the published topic again",
    parameters: { id: lookup(slug), phone: lookup(phoneNumber) },
    responses: {
      204: empty("The phone is no longer a tester."),
      404: "The phone is not a tester of the topic.",
      409: "A related resource changed at the same time.",
    },
    handle: async ({ parameters: { id: topic, phone } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findTester(db, topic, phone, Date.now())) === undefined)
        return respondNotFound(`tester ${phone} of topic "${topic}"`);
      return (await saveConfiguration(db, [db.delete(testers).where(isTester(topic, phone))])) ?? NO_CONTENT;
    },
  });
}

async function findTester(db: DrizzleDatabase, topic: string, phone: string, now: number): Promise<Row | undefined> {
  return await db
    .select()
    .from(testers)
    .where(and(isTester(topic, phone), gt(testers.expiresAt, now)))
    .get();
}

async function countOtherTesters(db: DrizzleDatabase, topic: string, phone: string, now: number): Promise<number> {
  const row = await db
    .select({ others: count() })
    .from(testers)
    .where(and(eq(testers.topic, topic), ne(testers.phone, phone), gt(testers.expiresAt, now)))
    .get();
  return row?.others ?? 0;
}

function isTester(topic: string, phone: string) {
  return and(eq(testers.topic, topic), eq(testers.phone, phone));
}

function showTester({ phone, startedAt, expiresAt }: Row) {
  return { phone, startedAt: new Date(startedAt).toISOString(), expiresAt: new Date(expiresAt).toISOString() };
}
