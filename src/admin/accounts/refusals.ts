import { desc, eq } from "drizzle-orm";
import { REFUSALS_PER_ACCOUNT } from "../../core/limits/twilio.ts";
import { openDatabase } from "../../db/database.ts";
import { accounts, refusals } from "../../db/schema.ts";
import { accountSid } from "../../schema/ids.ts";
import { flushRefusals } from "../../twilio/refusals/store.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageSchema } from "../http/schema.ts";
import { refusalResource } from "./schema.ts";

/** Requests that other isolates have refused appear within ten seconds. */
export const refusalRoutes: readonly Route[] = [
  route({
    tag: "Accounts",
    method: "get",
    path: "/v1/accounts/{sid}/refusals",
    operationId: "listRefusals",
    summary: "List refused webhook requests of an account, newest first",
    parameters: { sid: lookup(accountSid) },
    responses: {
      200: json("All refusals that are kept; there is only one page.", pageSchema(refusalResource)),
      404: "The account does not exist.",
    },
    handle: async ({ parameters: { sid } }, c) => {
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
      return answer(200, { items, next: null });
    },
  }),
];
