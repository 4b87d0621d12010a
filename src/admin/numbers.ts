import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { type NumberBody, numberSchema, numberTypeProblem } from "../configuration/nouns.ts";
import { publicOrigin, RETRY_EVERYTHING } from "../configuration/origin.ts";
import { SEGMENTS_PER_SECOND } from "../core/limits/twilio.ts";
import { parsePhone } from "../core/phone.ts";
import { type FieldProblem, problem, problemResponse } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { accounts, applications, lists, numbers } from "../db/schema.ts";
import { phoneNumber } from "../schema/ids.ts";
import { USUAL_RATE } from "../send-limits/nouns.ts";
import { withPlaceholder } from "../twilio/credentials.ts";
import { type Admin, check, inUse, notFound, pageOf, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";

type Row = typeof numbers.$inferSelect;

/** A number, with what its account wants in the webhooks' URLs. */
interface Found {
  readonly row: Row;
  readonly username: string | null;
}

export const numberRoutes = new Hono<{ Bindings: Env }>();

numberRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await select(openDatabase(c.env.DB))
    .where(gt(numbers.number, parsePhone(after) ?? after))
    .orderBy(asc(numbers.number))
    .limit(limit + 1);
  return c.json(
    pageOf(
      rows,
      limit,
      ({ row }) => row.number,
      (found) => show(c, found),
    ),
  );
});

numberRoutes.get("/:number", async (c) => {
  const found = await find(c);
  return found === undefined ? notFound(`number ${c.req.param("number")}`) : c.json(show(c, found));
});

numberRoutes.put("/:number", async (c) => {
  const number = check(phoneNumber, c.req.param("number"), 400, "The URL does not end in a number.");
  if (!number.ok) return problemResponse(number.failure);
  const body = await readBody(c, numberSchema);
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const wrong = await problemsOf(db, number.value, body.value);
  if (wrong.length > 0) return problemResponse(problem(422, "The number cannot be saved.", wrong));
  const before = (await find(c))?.row;
  if (before !== undefined && before.account !== body.value.account) return taken(before);
  const now = Date.now();
  const { optOut = null, segmentsPerSecond = null, rateLimit = null, loopGuard = null, caps = null } = body.value;
  const choices = { optOut, segmentsPerSecond, rateLimit, loopGuard, caps };
  const row = { number: number.value, ...body.value, ...choices, createdAt: before?.createdAt ?? now, updatedAt: now };
  // Two admins may create the same number at once: the account of the first one stays.
  const own = eq(numbers.account, row.account);
  const conflict = await save(db, [
    db.insert(numbers).values(row).onConflictDoUpdate({ target: numbers.number, set: row, setWhere: own }),
  ]);
  if (conflict !== null) return conflict;
  const after = await find(c);
  if (after !== undefined && after.row.account !== row.account) return taken(after.row);
  return c.json(show(c, { row, username: after?.username ?? null }), before === undefined ? 201 : 200);
});

numberRoutes.delete("/:number", async (c) => {
  const found = await find(c);
  if (found === undefined) return notFound(`number ${c.req.param("number")}`);
  const db = openDatabase(c.env.DB);
  const users = await db.select({ id: lists.id }).from(lists).where(eq(lists.number, found.row.number));
  if (users.length > 0)
    return inUse(
      `Number ${found.row.number}`,
      users.map(({ id }) => `/v1/lists/${id}`),
    );
  const conflict = await save(db, [db.delete(numbers).where(eq(numbers.number, found.row.number))]);
  return conflict ?? c.body(null, 204);
});

async function find(c: Admin): Promise<Found | undefined> {
  const number = parsePhone(c.req.param("number") ?? "") ?? "";
  return await select(openDatabase(c.env.DB)).where(eq(numbers.number, number)).get();
}

function select(db: Database) {
  return db
    .select({ row: numbers, username: accounts.webhookUsername })
    .from(numbers)
    .innerJoin(accounts, eq(accounts.sid, numbers.account));
}

function taken({ number, account }: Row): Response {
  const detail = `${number} belongs to account ${account}. A number is unique; delete it there first.`;
  return problemResponse(problem(409, detail, [{ pointer: "/account", detail }]));
}

async function problemsOf(db: Database, number: string, body: NumberBody): Promise<readonly FieldProblem[]> {
  const [account, application] = await Promise.all([
    db
      .select({ sid: accounts.sid, prices: accounts.prices })
      .from(accounts)
      .where(eq(accounts.sid, body.account))
      .get(),
    db.select({ id: applications.id }).from(applications).where(eq(applications.id, body.application)).get(),
  ]);
  const type = numberTypeProblem(number, body.type);
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
function show(c: Admin, { row, username }: Found) {
  const { number, account, application, type, optOut, segmentsPerSecond, description, createdAt, updatedAt } = row;
  const { rateLimit, loopGuard, caps } = row;
  const origin = withPlaceholder(publicOrigin(c.env, c.req.url), username);
  return {
    number,
    account,
    application,
    type,
    optOut: optOut ?? (type === "short-code" ? "parley" : "twilio"),
    segmentsPerSecond: segmentsPerSecond ?? SEGMENTS_PER_SECOND[type],
    description,
    rateLimit: rateLimit ?? USUAL_RATE,
    loopGuard: loopGuard ?? true,
    caps,
    webhooks: {
      requestUrl: `${origin}/twilio/message${RETRY_EVERYTHING}`,
      fallbackUrl: `${origin}/twilio/fallback${RETRY_EVERYTHING}`,
    },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
