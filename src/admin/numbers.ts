import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { resolvePublicOrigin, WEBHOOK_RETRY_FRAGMENT } from "../configuration/public-origin.ts";
import { checkNumberType, type NumberBody, numberSchema } from "../configuration/schemas.ts";
import { SEGMENTS_PER_SECOND } from "../core/limits/twilio.ts";
import { parsePhone } from "../core/phone.ts";
import { createProblem, type FieldProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { accounts, applications, lists, numbers } from "../db/schema.ts";
import { phoneNumber } from "../schema/ids.ts";
import { DEFAULT_RATE_LIMIT } from "../send-limits/schema.ts";
import { withPlaceholder } from "../twilio/credentials.ts";
import {
  type AdminContext,
  checkValue,
  createListPage,
  parseBody,
  parsePageQuery,
  respondInUse,
  respondNotFound,
} from "./http.ts";
import { saveConfiguration } from "./save.ts";

type Row = typeof numbers.$inferSelect;

/** A number, with what its account wants in the webhooks' URLs. */
interface Found {
  readonly row: Row;
  readonly username: string | null;
}

export const numberRoutes = new Hono<{ Bindings: Env }>();

numberRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await select(openDatabase(c.env.DB))
    .where(gt(numbers.number, parsePhone(after) ?? after))
    .orderBy(asc(numbers.number))
    .limit(limit + 1);
  return c.json(
    createListPage(
      rows,
      limit,
      ({ row }) => row.number,
      (found) => show(c, found),
    ),
  );
});

numberRoutes.get("/:number", async (c) => {
  const found = await find(c);
  return found === undefined ? respondNotFound(`number ${c.req.param("number")}`) : c.json(show(c, found));
});

numberRoutes.put("/:number", async (c) => {
  const number = checkValue(phoneNumber, c.req.param("number"), 400, "The URL does not end in a number.");
  if (!number.ok) return toProblemResponse(number.failure);
  const body = await parseBody(c, numberSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const wrong = await problemsOf(db, number.value, body.value);
  if (wrong.length > 0) return toProblemResponse(createProblem(422, "The number cannot be saved.", wrong));
  const before = (await find(c))?.row;
  if (before !== undefined && before.account !== body.value.account) return taken(before);
  const now = Date.now();
  const { optOut = null, segmentsPerSecond = null, rateLimit = null, loopGuard = null, caps = null } = body.value;
  const choices = { optOut, segmentsPerSecond, rateLimit, loopGuard, caps };
  const row = { number: number.value, ...body.value, ...choices, createdAt: before?.createdAt ?? now, updatedAt: now };
  // Two admins may create the same number at once: the account of the first one stays.
  const own = eq(numbers.account, row.account);
  const conflict = await saveConfiguration(db, [
    db.insert(numbers).values(row).onConflictDoUpdate({ target: numbers.number, set: row, setWhere: own }),
  ]);
  if (conflict !== null) return conflict;
  const after = await find(c);
  if (after !== undefined && after.row.account !== row.account) return taken(after.row);
  return c.json(show(c, { row, username: after?.username ?? null }), before === undefined ? 201 : 200);
});

numberRoutes.delete("/:number", async (c) => {
  const found = await find(c);
  if (found === undefined) return respondNotFound(`number ${c.req.param("number")}`);
  const db = openDatabase(c.env.DB);
  const users = await db.select({ id: lists.id }).from(lists).where(eq(lists.number, found.row.number));
  if (users.length > 0)
    return respondInUse(
      `Number ${found.row.number}`,
      users.map(({ id }) => `/v1/lists/${id}`),
    );
  const conflict = await saveConfiguration(db, [db.delete(numbers).where(eq(numbers.number, found.row.number))]);
  return conflict ?? c.body(null, 204);
});

async function find(c: AdminContext): Promise<Found | undefined> {
  const number = parsePhone(c.req.param("number") ?? "") ?? "";
  return await select(openDatabase(c.env.DB)).where(eq(numbers.number, number)).get();
}

function select(db: DrizzleDatabase) {
  return db
    .select({ row: numbers, username: accounts.webhookUsername })
    .from(numbers)
    .innerJoin(accounts, eq(accounts.sid, numbers.account));
}

function taken({ number, account }: Row): Response {
  const detail = `${number} belongs to account ${account}. A number is unique; delete it there first.`;
  return toProblemResponse(createProblem(409, detail, [{ pointer: "/account", detail }]));
}

async function problemsOf(db: DrizzleDatabase, number: string, body: NumberBody): Promise<readonly FieldProblem[]> {
  const [account, application] = await Promise.all([
    db
      .select({ sid: accounts.sid, prices: accounts.prices })
      .from(accounts)
      .where(eq(accounts.sid, body.account))
      .get(),
    db.select({ id: applications.id }).from(applications).where(eq(applications.id, body.application)).get(),
  ]);
  const type = checkNumberType(number, body.type);
  return [
    ...(account === undefined ? [{ pointer: "/account", detail: `There is no account ${body.account}.` }] : []),
    ...(application === undefined
      ? [{ pointer: "/application", detail: `There is no application "${body.application}".` }]
      : []),
    ...(type === null ? [] : [{ pointer: "/type", detail: type }]),
    ...(body.caps?.moneyPerDay !== undefined && account?.prices === null
      ? [{ pointer: "/caps/moneyPerDay", detail: `Save the prices of account ${body.account} first.` }]
      : []),
  ];
}

/** With the URLs to paste into Twilio. */
function show(c: AdminContext, { row, username }: Found) {
  const { number, account, application, type, optOut, segmentsPerSecond, description, createdAt, updatedAt } = row;
  const { rateLimit, loopGuard, caps } = row;
  const origin = withPlaceholder(resolvePublicOrigin(c.env, c.req.url), username);
  return {
    number,
    account,
    application,
    type,
    optOut: optOut ?? (type === "short-code" ? "parley" : "twilio"),
    segmentsPerSecond: segmentsPerSecond ?? SEGMENTS_PER_SECOND[type],
    description,
    rateLimit: rateLimit ?? DEFAULT_RATE_LIMIT,
    loopGuard: loopGuard ?? true,
    caps,
    webhooks: {
      requestUrl: `${origin}/twilio/message${WEBHOOK_RETRY_FRAGMENT}`,
      fallbackUrl: `${origin}/twilio/fallback${WEBHOOK_RETRY_FRAGMENT}`,
    },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
