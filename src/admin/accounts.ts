import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { type Account, accountSchema } from "../configuration/schemas.ts";
import { type SealedField, tokenPurpose } from "../configuration/store.ts";
import { createProblem, type ProblemDocument, toProblemResponse } from "../core/problem-document.ts";
import { checkMasterKey, openVault } from "../core/vault.ts";
import { openDatabase } from "../db/database.ts";
import { accounts, numbers } from "../db/schema.ts";
import { accountSid } from "../schema/ids.ts";
import { fetchAccount } from "../twilio/client.ts";
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

type Row = typeof accounts.$inferSelect;

export const accountRoutes = new Hono<{ Bindings: Env }>();

accountRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(accounts)
    .where(gt(accounts.sid, after))
    .orderBy(asc(accounts.sid))
    .limit(limit + 1);
  return c.json(createListPage(rows, limit, ({ sid }) => sid, show));
});

accountRoutes.get("/:sid", async (c) => {
  const row = await find(c);
  return row === undefined ? respondNotFound(`account ${c.req.param("sid")}`) : c.json(show(row));
});

accountRoutes.put("/:sid", async (c) => {
  const sid = checkValue(accountSid, c.req.param("sid"), 400, "The URL does not end in an account SID.");
  if (!sid.ok) return toProblemResponse(sid.failure);
  const body = await parseBody(c, accountSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const keyProblem = checkMasterKey(c.env.MASTER_KEY);
  if (keyProblem !== null) return toProblemResponse(createProblem(503, keyProblem));
  const unpriced = await pricesProblem(c, sid.value, body.value);
  if (unpriced !== null) return toProblemResponse(unpriced);
  const refusal = await checkAtTwilio(sid.value, body.value);
  if (refusal !== null) return toProblemResponse(refusal);
  const before = await find(c);
  const now = Date.now();
  const row = { ...(await seal(c.env, sid.value, body.value)), createdAt: before?.createdAt ?? now, updatedAt: now };
  const db = openDatabase(c.env.DB);
  await saveConfiguration(db, [db.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.sid, set: row })]);
  return c.json(show(row), before === undefined ? 201 : 200);
});

accountRoutes.delete("/:sid", async (c) => {
  const row = await find(c);
  if (row === undefined) return respondNotFound(`account ${c.req.param("sid")}`);
  const db = openDatabase(c.env.DB);
  const users = await db.select({ number: numbers.number }).from(numbers).where(eq(numbers.account, row.sid));
  if (users.length > 0)
    return respondInUse(
      `Account ${row.sid}`,
      users.map(({ number }) => `/v1/numbers/${number}`),
    );
  const conflict = await saveConfiguration(db, [db.delete(accounts).where(eq(accounts.sid, row.sid))]);
  return conflict ?? c.body(null, 204);
});

async function find(c: AdminContext): Promise<Row | undefined> {
  return await openDatabase(c.env.DB)
    .select()
    .from(accounts)
    .where(eq(accounts.sid, c.req.param("sid") ?? ""))
    .get();
}

/** A cap in money, of the account or of one of its numbers, counts with prices. @returns why it cannot be saved without them, or null */
async function pricesProblem(c: AdminContext, sid: string, { prices, caps }: Account): Promise<ProblemDocument | null> {
  if (prices !== undefined) return null;
  const detail = "A cap in money (moneyPerDay) needs the account's prices.";
  if (caps?.moneyPerDay !== undefined) return createProblem(422, detail, [{ pointer: "/prices", detail }]);
  const own = await openDatabase(c.env.DB).select().from(numbers).where(eq(numbers.account, sid));
  const capped = own.find((number) => number.caps?.moneyPerDay !== undefined);
  if (capped === undefined) return null;
  const theirs = `Number ${capped.number} has a cap in money (moneyPerDay), which needs the account's prices.`;
  return createProblem(422, theirs, [{ pointer: "/prices", detail: theirs }]);
}

/** Everything but the secrets. */
function show({
  sid,
  name,
  baseUrl,
  nextAuthToken,
  webhookUsername,
  countries,
  prices,
  caps,
  createdAt,
  updatedAt,
}: Row) {
  return {
    sid,
    name,
    baseUrl,
    countries,
    prices,
    caps,
    hasNextAuthToken: nextAuthToken !== null,
    hasWebhookCredentials: webhookUsername !== null,
    webhookUsername,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

/** Asks Twilio for the account itself. @returns why it cannot be saved, in Twilio's words, or null */
async function checkAtTwilio(sid: string, { authToken, baseUrl }: Account): Promise<ProblemDocument | null> {
  const answer = await fetchAccount({ sid, baseUrl, authTokens: [authToken] });
  switch (answer.kind) {
    case "done": {
      if (answer.value.status === "active") return null;
      return createProblem(422, `Twilio says that the account is ${answer.value.status}; only an active one can send.`);
    }
    case "refused": {
      const { httpStatus, code, message } = answer.refusal;
      const said = `Twilio refused: ${message}${code === null ? "" : ` (${code})`}`;
      const detail = httpStatus === 401 ? "The auth token does not fit the account SID." : said;
      return createProblem(422, said, [{ pointer: httpStatus === 404 ? "/sid" : "/authToken", detail }]);
    }
    case "busy":
      return createProblem(502, `${baseUrl} is busy (429); try again in a moment.`);
    case "unsure":
      return createProblem(502, `${baseUrl} gave no usable answer: ${answer.reason}.`, [
        { pointer: "/baseUrl", detail: "Must be the origin of Twilio's REST API." },
      ]);
  }
}

async function seal(env: Env, sid: string, account: Account) {
  const { name, baseUrl, authToken, nextAuthToken, webhookCredentials } = account;
  const { countries = null, prices = null, caps = null } = account;
  const vault = await openVault(env.MASTER_KEY);
  const sealed = async (field: SealedField, secret: string | undefined) =>
    secret === undefined ? null : await vault.seal(secret, tokenPurpose(sid, field));
  return {
    sid,
    name,
    baseUrl,
    authToken: await vault.seal(authToken, tokenPurpose(sid, "authToken")),
    nextAuthToken: await sealed("nextAuthToken", nextAuthToken),
    webhookUsername: webhookCredentials?.username ?? null,
    webhookPassword: await sealed("webhookPassword", webhookCredentials?.password),
    countries,
    prices,
    caps,
  };
}
