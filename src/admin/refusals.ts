import { desc, eq } from "drizzle-orm";
import { Hono } from "hono";
import { REFUSALS_PER_ACCOUNT } from "../core/limits/twilio.ts";
import { openDatabase } from "../db/database.ts";
import { accounts, refusals } from "../db/schema.ts";
import { flushRefusals } from "../twilio/refusals/store.ts";
import { respondNotFound } from "./http.ts";

export const refusalRoutes = new Hono<{ Bindings: Env }>();

/** Why webhooks of an account were refused, the latest first. What other isolates have counted is here within ten seconds. */
refusalRoutes.get("/:sid/refusals", async (c) => {
  const sid = c.req.param("sid");
  const db = openDatabase(c.env.DB);
  const account = await db.select({ sid: accounts.sid }).from(accounts).where(eq(accounts.sid, sid)).get();
  if (account === undefined) return respondNotFound(`account ${sid}`);
  await flushRefusals(c.env.DB);
  const rows = await db
    .select()
    .from(refusals)
    .where(eq(refusals.account, sid))
    .orderBy(desc(refusals.lastAt))
    .limit(REFUSALS_PER_ACCOUNT);
  const items = rows.map(({ reason, hint, path, count, firstAt, lastAt }) => ({
    reason,
    hint,
    path,
    count,
    firstAt: new Date(firstAt).toISOString(),
    lastAt: new Date(lastAt).toISOString(),
  }));
  return c.json({ items, next: null });
});
