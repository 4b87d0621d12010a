import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { type NumberBody, numberSchema, numberTypeProblem, phoneNumber } from "../configuration/nouns.ts";
import { publicOrigin, RETRY_EVERYTHING } from "../configuration/origin.ts";
import { parsePhone } from "../core/phone.ts";
import { type FieldProblem, problem, problemResponse } from "../core/problem.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { accounts, applications, numbers } from "../db/schema.ts";
import { type Admin, check, notFound, pageOf, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";

type Row = typeof numbers.$inferSelect;

export const numberRoutes = new Hono<{ Bindings: Env }>();

numberRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(numbers)
    .where(gt(numbers.number, parsePhone(after) ?? after))
    .orderBy(asc(numbers.number))
    .limit(limit + 1);
  return c.json(
    pageOf(
      rows,
      limit,
      ({ number }) => number,
      (row) => show(c, row),
    ),
  );
});

numberRoutes.get("/:number", async (c) => {
  const row = await find(c);
  return row === undefined ? notFound(`number ${c.req.param("number")}`) : c.json(show(c, row));
});

numberRoutes.put("/:number", async (c) => {
  const number = check(phoneNumber, c.req.param("number"), 400, "The URL does not end in a number.");
  if (!number.ok) return problemResponse(number.failure);
  const body = await readBody(c, numberSchema);
  if (!body.ok) return problemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const wrong = await problemsOf(db, number.value, body.value);
  if (wrong.length > 0) return problemResponse(problem(422, "The number cannot be saved.", wrong));
  const before = await find(c);
  if (before !== undefined && before.account !== body.value.account) return taken(before);
  const now = Date.now();
  const row = { number: number.value, ...body.value, createdAt: before?.createdAt ?? now, updatedAt: now };
  // Two admins may create the same number at once: the account of the first one stays.
  const own = eq(numbers.account, row.account);
  const conflict = await save(db, [
    db.insert(numbers).values(row).onConflictDoUpdate({ target: numbers.number, set: row, setWhere: own }),
  ]);
  if (conflict !== null) return conflict;
  const after = await find(c);
  if (after !== undefined && after.account !== row.account) return taken(after);
  return c.json(show(c, row), before === undefined ? 201 : 200);
});

numberRoutes.delete("/:number", async (c) => {
  const row = await find(c);
  if (row === undefined) return notFound(`number ${c.req.param("number")}`);
  const db = openDatabase(c.env.DB);
  const conflict = await save(db, [db.delete(numbers).where(eq(numbers.number, row.number))]);
  return conflict ?? c.body(null, 204);
});

async function find(c: Admin): Promise<Row | undefined> {
  const number = parsePhone(c.req.param("number") ?? "") ?? "";
  return await openDatabase(c.env.DB).select().from(numbers).where(eq(numbers.number, number)).get();
}

function taken({ number, account }: Row): Response {
  const detail = `${number} belongs to account ${account}. A number is unique; delete it there first.`;
  return problemResponse(problem(409, detail, [{ pointer: "/account", detail }]));
}

async function problemsOf(db: Database, number: string, body: NumberBody): Promise<readonly FieldProblem[]> {
  const [account, application] = await Promise.all([
    db.select({ sid: accounts.sid }).from(accounts).where(eq(accounts.sid, body.account)).get(),
    db.select({ id: applications.id }).from(applications).where(eq(applications.id, body.application)).get(),
  ]);
  const type = numberTypeProblem(number, body.type);
  return [
    ...(account === undefined ? [{ pointer: "/account", detail: `There is no account ${body.account}.` }] : []),
    ...(application === undefined
      ? [{ pointer: "/application", detail: `There is no application "${body.application}".` }]
      : []),
    ...(type === null ? [] : [{ pointer: "/type", detail: type }]),
  ];
}

/** With the URLs to paste into Twilio. */
function show(c: Admin, { number, account, application, type, description, createdAt, updatedAt }: Row) {
  const origin = publicOrigin(c.env, c.req.url);
  return {
    number,
    account,
    application,
    type,
    description,
    webhooks: {
      requestUrl: `${origin}/twilio/message${RETRY_EVERYTHING}`,
      fallbackUrl: `${origin}/twilio/fallback${RETRY_EVERYTHING}`,
    },
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
