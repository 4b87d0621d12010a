import { asc, eq, gt } from "drizzle-orm";
import type { Account } from "../../configuration/schemas.ts";
import { type SealedField, tokenPurpose } from "../../configuration/store.ts";
import { createProblem } from "../../core/problem-document.ts";
import { checkMasterKey, openVault } from "../../core/vault.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { accounts, numbers } from "../../db/schema.ts";
import { accountSid } from "../../schema/ids.ts";
import { answer, empty, json, NO_CONTENT, respondInUse, respondNotFound } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { checkAtTwilio, checkPrices } from "./checks.ts";
import { ACCOUNT_EXAMPLE, accountBody, accountResource } from "./schema.ts";

type Row = typeof accounts.$inferSelect;

const NOUN = { path: "/v1/accounts/{sid}", tag: "Accounts" } as const;
const ABSENT = "The account does not exist.";

export const accountRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/accounts",
    operationId: "listAccounts",
    summary: "List Twilio accounts",
    query: pageQuery,
    responses: { 200: json("One page of accounts, by SID.", pageSchema(accountResource)) },
    handle: async ({ query: { after, limit } }, c) => {
      const rows = await openDatabase(c.env.DB)
        .select()
        .from(accounts)
        .where(gt(accounts.sid, after))
        .orderBy(asc(accounts.sid))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ sid }) => sid, showAccount),
      );
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getAccount",
    summary: "Get a Twilio account",
    parameters: { sid: lookup(accountSid) },
    responses: { 200: json("The account, without its secrets.", accountResource), 404: ABSENT },
    handle: async ({ parameters: { sid } }, c) => {
      const row = await findAccount(openDatabase(c.env.DB), sid);
      return row === undefined ? respondNotFound(`account ${sid}`) : answer(200, showAccount(row));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveAccount",
    summary: "Create or replace a Twilio account",
    parameters: { sid: accountSid },
    body: jsonBody(accountBody, ACCOUNT_EXAMPLE),
    responses: {
      200: json("The account was replaced.", accountResource),
      201: json("The account was created.", accountResource),
      422: "One or more fields are invalid, or Twilio refuses the account.",
      502: "Twilio is busy or gives no usable answer.",
      503: "MASTER_KEY is missing or invalid.",
    },
    handle: async ({ parameters: { sid }, body }, c) => {
      const keyProblem = checkMasterKey(c.env.MASTER_KEY);
      if (keyProblem !== null) return createProblem(503, keyProblem);
      const db = openDatabase(c.env.DB);
      const refusal = (await checkPrices(db, sid, body)) ?? (await checkAtTwilio(sid, body));
      if (refusal !== null) return refusal;
      const before = await findAccount(db, sid);
      const now = Date.now();
      const row = { ...(await seal(c.env, sid, body)), createdAt: before?.createdAt ?? now, updatedAt: now };
      await saveConfiguration(db, [
        db.insert(accounts).values(row).onConflictDoUpdate({ target: accounts.sid, set: row }),
      ]);
      return answer(before === undefined ? 201 : 200, showAccount(row));
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteAccount",
    summary: "Delete a Twilio account that has no numbers",
    parameters: { sid: lookup(accountSid) },
    responses: { 204: empty("The account was deleted."), 404: ABSENT, 409: "The account still has numbers." },
    handle: async ({ parameters: { sid } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findAccount(db, sid)) === undefined) return respondNotFound(`account ${sid}`);
      const users = await db.select({ number: numbers.number }).from(numbers).where(eq(numbers.account, sid));
      if (users.length > 0)
        return respondInUse(
          `Account ${sid}`,
          users.map(({ number }) => `/v1/numbers/${number}`),
        );
      return (await saveConfiguration(db, [db.delete(accounts).where(eq(accounts.sid, sid))])) ?? NO_CONTENT;
    },
  }),
];

async function findAccount(db: DrizzleDatabase, sid: string): Promise<Row | undefined> {
  return await db.select().from(accounts).where(eq(accounts.sid, sid)).get();
}

/** Shows everything but the secrets. */
function showAccount({
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

async function seal(env: Env, sid: string, account: Account) {
  const { name, baseUrl, authToken, nextAuthToken, webhookCredentials } = account;
  const { countries = null, prices = null, caps = null } = account;
  const vault = await openVault(env.MASTER_KEY);
  const sealField = async (field: SealedField, secret: string | undefined) =>
    secret === undefined ? null : await vault.seal(secret, tokenPurpose(sid, field));
  return {
    sid,
    name,
    baseUrl,
    authToken: await vault.seal(authToken, tokenPurpose(sid, "authToken")),
    nextAuthToken: await sealField("nextAuthToken", nextAuthToken),
    webhookUsername: webhookCredentials?.username ?? null,
    webhookPassword: await sealField("webhookPassword", webhookCredentials?.password),
    countries,
    prices,
    caps,
  };
}
