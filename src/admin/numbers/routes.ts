import { asc, eq, gt } from "drizzle-orm";
import { resolvePublicOrigin, WEBHOOK_RETRY_FRAGMENT } from "../../configuration/public-origin.ts";
import { SEGMENTS_PER_SECOND } from "../../core/limits/twilio.ts";
import { parsePhone } from "../../core/phone.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { accounts, lists, numbers } from "../../db/schema.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { DEFAULT_RATE_LIMIT } from "../../send-limits/schema.ts";
import { withPlaceholder } from "../../twilio/credentials.ts";
import { answer, empty, json, NO_CONTENT, respondInUse, respondNotFound } from "../http/answer.ts";
import { type AdminContext, jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { checkNumber } from "./checks.ts";
import { NUMBER_EXAMPLE, numberBody, numberResource } from "./schema.ts";

type Row = typeof numbers.$inferSelect;

/** A number, with the user name that its account wants in the URLs of webhooks. */
interface FoundNumber {
  readonly row: Row;
  readonly username: string | null;
}

const NOUN = { path: "/v1/numbers/{number}", tag: "Numbers" } as const;
const ABSENT = "The number does not exist.";

export const numberRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/numbers",
    operationId: "listNumbers",
    summary: "List numbers",
    query: pageQuery,
    responses: { 200: json("One page of numbers, in order.", pageSchema(numberResource)) },
    handle: async ({ query: { after, limit } }, c) => {
      const rows = await selectNumbers(openDatabase(c.env.DB))
        .where(gt(numbers.number, parsePhone(after) ?? after))
        .orderBy(asc(numbers.number))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(
          rows,
          limit,
          ({ row }) => row.number,
          (found) => showNumber(c, found),
        ),
      );
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getNumber",
    summary: "Get a number",
    parameters: { number: lookup(phoneNumber) },
    responses: { 200: json("The number.", numberResource), 404: ABSENT },
    handle: async ({ parameters: { number } }, c) => {
      const found = await findNumber(openDatabase(c.env.DB), number);
      return found === undefined ? respondNotFound(`number ${number}`) : answer(200, showNumber(c, found));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveNumber",
    summary: "Create or replace a number",
    parameters: { number: phoneNumber },
    body: jsonBody(numberBody, NUMBER_EXAMPLE),
    responses: {
      200: json("The number was replaced.", numberResource),
      201: json("The number was created.", numberResource),
      409: "The number belongs to another account, or a related resource changed at the same time.",
    },
    handle: async ({ parameters: { number }, body }, c) => {
      const db = openDatabase(c.env.DB);
      const errors = await checkNumber(db, number, body);
      if (errors.length > 0) return createProblem(422, "The number is invalid; see errors.", errors);
      const before = (await findNumber(db, number))?.row;
      if (before !== undefined && before.account !== body.account) return accountConflict(before);
      const now = Date.now();
      const { optOut = null, segmentsPerSecond = null, rateLimit = null, loopGuard = null, caps = null } = body;
      const choices = { optOut, segmentsPerSecond, rateLimit, loopGuard, caps };
      const row = { number, ...body, ...choices, createdAt: before?.createdAt ?? now, updatedAt: now };
      // Two requests may create the same number at once: the account of the first one stays.
      const sameAccount = eq(numbers.account, row.account);
      const conflict = await saveConfiguration(db, [
        db.insert(numbers).values(row).onConflictDoUpdate({ target: numbers.number, set: row, setWhere: sameAccount }),
      ]);
      if (conflict !== null) return conflict;
      const waitMilliseconds = await findNumber(db, number);
      if (waitMilliseconds !== undefined && waitMilliseconds.row.account !== row.account)
        return accountConflict(waitMilliseconds.row);
      return answer(
        before === undefined ? 201 : 200,
        showNumber(c, { row, username: waitMilliseconds?.username ?? null }),
      );
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteNumber",
    summary: "Delete a number that has no lists",
    parameters: { number: lookup(phoneNumber) },
    responses: { 204: empty("The number was deleted."), 404: ABSENT, 409: "The number still has lists." },
    handle: async ({ parameters: { number } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findNumber(db, number)) === undefined) return respondNotFound(`number ${number}`);
      const users = await db.select({ id: lists.id }).from(lists).where(eq(lists.number, number));
      if (users.length > 0)
        return respondInUse(
          `Number ${number}`,
          users.map(({ id }) => `/v1/lists/${id}`),
        );
      return (await saveConfiguration(db, [db.delete(numbers).where(eq(numbers.number, number))])) ?? NO_CONTENT;
    },
  }),
];

async function findNumber(db: DrizzleDatabase, number: string): Promise<FoundNumber | undefined> {
  return await selectNumbers(db).where(eq(numbers.number, number)).get();
}

function selectNumbers(db: DrizzleDatabase) {
  return db
    .select({ row: numbers, username: accounts.webhookUsername })
    .from(numbers)
    .innerJoin(accounts, eq(accounts.sid, numbers.account));
}

function accountConflict({ number, account }: Row): ProblemDocument {
  const detail = `${number} belongs to account ${account}. A number has one account; delete the number first.`;
  return createProblem(409, detail, [{ pointer: "/account", detail }]);
}

/** Shows a number with the URLs to paste into Twilio. */
function showNumber(c: AdminContext, { row, username }: FoundNumber) {
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
  } as const;
}
