import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { type BroadcastBody, broadcastSchema } from "../broadcasts/broadcast.ts";
import type { BroadcastView, CommandResult } from "../broadcasts/broadcast-view.ts";
import type { DeadLetter } from "../broadcasts/dead-letters.ts";
import { estimateBroadcast, estimateSegments } from "../broadcasts/estimate.ts";
import type { BroadcastCommand } from "../broadcasts/lifecycle.ts";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { toHex } from "../core/bytes.ts";
import { createProblem, type ProblemDocument, toProblemResponse } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { broadcasts } from "../db/schema.ts";
import type { ReadyList } from "../notify/list.ts";
import { NOTICE_REFUSALS } from "../notify/notice.ts";
import { listSubscriberGroups } from "../notify/store.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import {
  type AdminContext,
  checkValue,
  createListPage,
  parseBody,
  parseOptionalBody,
  parsePageQuery,
  respondNotFound,
} from "./http.ts";
import { startSchema } from "./resources-broadcasts.ts";

type Row = typeof broadcasts.$inferSelect;

/** Texts for everybody who has a list on. D1 knows whose number each is; that number's object knows the rest. */
export const broadcastRoutes = new Hono<{ Bindings: Env }>();

broadcastRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(broadcasts)
    .where(gt(broadcasts.id, after))
    .orderBy(asc(broadcasts.id))
    .limit(limit + 1);
  const views = await viewsOf(c, rows.slice(0, limit));
  const { next } = createListPage(
    rows,
    limit,
    ({ id }) => id,
    ({ id }) => id,
  );
  return c.json({ items: views, next });
});

/** A row without a view was left by somebody who died while they saved it. */
async function viewsOf(c: AdminContext, rows: readonly Row[]): Promise<readonly object[]> {
  const groups = [...Map.groupBy(rows, ({ number }) => number)];
  const views = await Promise.all(
    groups.map(async ([number, own]) => {
      const found = await c.env.BROADCASTS.getByName(number).views(own.map(({ id }) => id));
      return found.map((view) => [view.id, show(number, view)] as const);
    }),
  );
  const byId = new Map(views.flat());
  return rows.flatMap(({ id }) => byId.get(id) ?? []);
}

broadcastRoutes.put("/:id", async (c) => {
  const id = checkValue(letterFirstSlug, c.req.param("id"), 400, "The URL does not end in an id.");
  if (!id.ok) return toProblemResponse(id.failure);
  const body = await parseBody(c, broadcastSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const snapshot = await snapshotOf(c);
  const list = snapshot.lists.get(body.value.list);
  if (list === undefined) return wrong("/list", `There is no list "${body.value.list}".`);
  const said = estimateSegments(body.value, list, snapshot, Date.now());
  if (typeof said === "string") return wrong(said === "no-topic" ? "/topic" : "/text", NOTICE_REFUSALS[said]);
  const db = openDatabase(c.env.DB);
  const own = { id: id.value, number: list.number, live: 0, createdAt: Date.now() };
  await db.insert(broadcasts).values(own).onConflictDoNothing();
  const { number } = (await findBroadcast(db, own.id)) ?? own;
  if (number !== list.number)
    return wrong(
      "/list",
      `The broadcast is from ${number}, and the list on ${list.number}: give this one another id.`,
      409,
    );
  const notice = `BR${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const saved = await c.env.BROADCASTS.getByName(number).save(own.id, body.value, notice);
  if ("refusal" in saved) return toProblemResponse(createProblem(409, saved.refusal));
  return c.json(show(number, saved.view), saved.isNew ? 201 : 200);
});

function wrong(pointer: string, detail: string, status = 422): Response {
  return toProblemResponse(createProblem(status, "The broadcast cannot be saved.", [{ pointer, detail }]));
}

broadcastRoutes.get("/:id", async (c) => {
  const id = c.req.param("id");
  const row = await findBroadcast(openDatabase(c.env.DB), id);
  const [view] = row === undefined ? [] : await viewsOf(c, [row]);
  return view === undefined ? respondNotFound(`broadcast "${id}"`) : c.json(view);
});

broadcastRoutes.delete("/:id", async (c) => {
  const db = openDatabase(c.env.DB);
  const row = await findBroadcast(db, c.req.param("id"));
  if (row === undefined) return respondNotFound(`broadcast "${c.req.param("id")}"`);
  const refusal = await c.env.BROADCASTS.getByName(row.number).remove(row.id);
  if (refusal !== null) return toProblemResponse(createProblem(409, refusal));
  await db.delete(broadcasts).where(eq(broadcasts.id, row.id));
  return c.body(null, 204);
});

/** What it would be if it were started now. */
broadcastRoutes.get("/:id/estimate", async (c) => {
  const found = await findWhole(c);
  if (!found.ok) return toProblemResponse(found.failure);
  const { body, list, snapshot } = found.value;
  const groups = await listSubscriberGroups(openDatabase(c.env.DB), list.id);
  const said = estimateSegments(body, list, snapshot, Date.now());
  if (typeof said === "string") return toProblemResponse(createProblem(409, NOTICE_REFUSALS[said]));
  return c.json(estimateBroadcast(said, groups, body, list, snapshot));
});

broadcastRoutes.post("/:id/start", async (c) => {
  const body = await parseOptionalBody(c, startSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const found = await findWhole(c);
  if (!found.ok) return toProblemResponse(found.failure);
  const { row, body: own, list, snapshot } = found.value;
  const said = estimateSegments(own, list, snapshot, Date.now());
  if (typeof said === "string") return toProblemResponse(createProblem(409, NOTICE_REFUSALS[said]));
  const at = body.value.at === undefined ? null : Date.parse(body.value.at);
  await openDatabase(c.env.DB).update(broadcasts).set({ live: 1 }).where(eq(broadcasts.id, row.id));
  return await order(c, row, { kind: "start", at }, said);
});

for (const kind of ["pause", "resume", "cancel"] as const)
  broadcastRoutes.post(`/:id/${kind}`, async (c) => {
    const id = c.req.param("id") ?? "";
    const db = openDatabase(c.env.DB);
    const row = await findBroadcast(db, id);
    if (row === undefined) return respondNotFound(`broadcast "${id}"`);
    // What waits for people is called off, of one that was over, too: the sweep sees to it.
    if (kind === "cancel") await db.update(broadcasts).set({ live: 1 }).where(eq(broadcasts.id, id));
    return await order(c, row, { kind }, 1);
  });

async function order(
  c: AdminContext,
  { id, number }: Row,
  asked: BroadcastCommand,
  segments: number,
): Promise<Response> {
  const origin = resolvePublicOrigin(c.env, c.req.url);
  const ordered = await c.env.BROADCASTS.getByName(number).order(id, asked, { origin, segments });
  return answer(c, id, number, ordered);
}

function answer(c: AdminContext, id: string, number: string, ordered: CommandResult | null): Response {
  if (ordered === null) return respondNotFound(`broadcast "${id}"`);
  return "refusal" in ordered
    ? toProblemResponse(createProblem(409, ordered.refusal))
    : c.json(show(number, ordered.view));
}

/** Who could not be texted for a failure of Parley's. */
broadcastRoutes.get("/:id/dead-letters", async (c) => {
  const id = c.req.param("id");
  const page = parsePageQuery(c);
  if (!page.ok) return toProblemResponse(page.failure);
  const { limit, after } = page.value;
  const row = await findBroadcast(openDatabase(c.env.DB), id);
  const object = row === undefined ? null : c.env.BROADCASTS.getByName(row.number);
  const letters = (await object?.deadLetters(id, Number(after) || 0, limit + 1)) ?? null;
  if (letters === null) return respondNotFound(`broadcast "${id}"`);
  return c.json(createListPage(letters, limit, ({ lot }) => String(lot), showLetter));
});

function showLetter({ phones, reason, at }: DeadLetter): object {
  return { phones, reason, at: new Date(at).toISOString() };
}

broadcastRoutes.post("/:id/dead-letters/retry", async (c) => {
  const id = c.req.param("id");
  const db = openDatabase(c.env.DB);
  const row = await findBroadcast(db, id);
  if (row === undefined) return respondNotFound(`broadcast "${id}"`);
  await db.update(broadcasts).set({ live: 1 }).where(eq(broadcasts.id, id));
  return answer(c, id, row.number, await c.env.BROADCASTS.getByName(row.number).retry(id));
});

interface Found {
  readonly row: Row;
  readonly body: BroadcastBody;
  readonly list: ReadyList;
  readonly snapshot: ConfigurationSnapshot;
}

async function findWhole(c: AdminContext): Promise<Result<Found, ProblemDocument>> {
  const id = c.req.param("id") ?? "";
  const row = await findBroadcast(openDatabase(c.env.DB), id);
  const [view] = row === undefined ? [] : await c.env.BROADCASTS.getByName(row.number).views([id]);
  if (row === undefined || view === undefined) return fail(createProblem(404, `There is no broadcast "${id}".`));
  const snapshot = await snapshotOf(c);
  const body = bodyOf(view);
  const list = snapshot.lists.get(body.list);
  return list === undefined
    ? fail(createProblem(409, `There is no list "${body.list}" any more.`))
    : succeed({ row, body, list, snapshot });
}

async function snapshotOf(c: AdminContext): Promise<ConfigurationSnapshot> {
  return await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
}

async function findBroadcast(db: DrizzleDatabase, id: string): Promise<Row | undefined> {
  return await db.select().from(broadcasts).where(eq(broadcasts.id, id)).get();
}

function show(number: string, { id, body, life, tally, createdAt, updatedAt, nextAt, ...now }: BroadcastView): object {
  const { messages: queueMessages, ...counted } = tally;
  const moment = "since" in life ? life.since : life.status === "cancelled" || life.status === "done" ? life.at : null;
  return {
    id,
    number,
    ...bodyOf({ body }),
    status: life.status,
    statusSince: moment === null ? null : new Date(moment).toISOString(),
    startsAt: life.status === "scheduled" ? new Date(life.at).toISOString() : null,
    progress: { ...now, nextAt: nextAt === null ? null : new Date(nextAt).toISOString(), ...counted, queueMessages },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

function bodyOf({ body }: Pick<BroadcastView, "body">): BroadcastBody {
  return JSON.parse(body) as BroadcastBody;
}
