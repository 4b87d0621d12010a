import { eq } from "drizzle-orm";
import type { BroadcastBody } from "../../broadcasts/broadcast.ts";
import type { BroadcastView, CommandResult } from "../../broadcasts/broadcast-view.ts";
import type { BroadcastCommand } from "../../broadcasts/lifecycle.ts";
import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { loadLatestConfiguration } from "../../configuration/store.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase } from "../../db/database.ts";
import { broadcasts } from "../../db/schema.ts";
import { answer, respondNotFound } from "../http/answer.ts";
import { type AdminContext } from "../http/body.ts";

export type BroadcastRow = typeof broadcasts.$inferSelect;

/** Makes the sweep look after the broadcast. */
export async function markLive(db: DrizzleDatabase, broadcast: string): Promise<void> {
  await db.update(broadcasts).set({ live: 1 }).where(eq(broadcasts.id, broadcast));
}

export async function applyOrder(c: AdminContext, row: BroadcastRow, order: BroadcastCommand, segments: number) {
  const origin = resolvePublicOrigin(c.env, c.req.url);
  return answerOrder(row, await c.env.BROADCASTS.getByName(row.number).order(row.id, order, { origin, segments }));
}

export function answerOrder({ id: broadcast, number }: BroadcastRow, ordered: CommandResult | null) {
  if (ordered === null) return respondNotFound(`broadcast "${broadcast}"`);
  return "refusal" in ordered ? createProblem(409, ordered.refusal) : answer(200, showBroadcast(number, ordered.view));
}

export async function loadSnapshot(c: AdminContext): Promise<ConfigurationSnapshot> {
  return await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
}

export async function findBroadcast(db: DrizzleDatabase, broadcast: string): Promise<BroadcastRow | undefined> {
  return await db.select().from(broadcasts).where(eq(broadcasts.id, broadcast)).get();
}

/** Shows the broadcasts of D1's rows. A row whose save was interrupted has no broadcast and is left out. */
export async function showRows(c: AdminContext, rows: readonly BroadcastRow[]) {
  const groups = [...Map.groupBy(rows, ({ number }) => number)];
  const views = await Promise.all(
    groups.map(async ([number, own]) => {
      const found = await c.env.BROADCASTS.getByName(number).views(own.map((row) => row.id));
      return found.map((view) => [view.id, showBroadcast(number, view)] as const);
    }),
  );
  const byId = new Map(views.flat());
  return rows.flatMap((row) => byId.get(row.id) ?? []);
}

export function showBroadcast(number: string, view: BroadcastView) {
  const { id: broadcast, body, life, tally, createdAt, updatedAt, nextAt, ...now } = view;
  const { messages: queueMessages, ...counts } = tally;
  const since = "since" in life ? life.since : life.status === "cancelled" || life.status === "done" ? life.at : null;
  return {
    id: broadcast,
    number,
    ...parseBody({ body }),
    status: life.status,
    statusSince: since === null ? null : new Date(since).toISOString(),
    startsAt: life.status === "scheduled" ? new Date(life.at).toISOString() : null,
    progress: { ...now, nextAt: nextAt === null ? null : new Date(nextAt).toISOString(), ...counts, queueMessages },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

export function parseBody({ body }: Pick<BroadcastView, "body">): BroadcastBody {
  return JSON.parse(body) as BroadcastBody;
}
