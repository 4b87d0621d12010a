import { asc, eq, gt } from "drizzle-orm";
import { secretName } from "../../configuration/schemas.ts";
import { secretPurpose } from "../../configuration/store.ts";
import { createProblem } from "../../core/problem-document.ts";
import { checkMasterKey, openVault } from "../../core/vault.ts";
import { type DrizzleDatabase, openDatabase } from "../../db/database.ts";
import { secrets } from "../../db/schema.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { SECRET_EXAMPLE, secretBody, secretResource } from "./schema.ts";

type Row = typeof secrets.$inferSelect;

const NOUN = { path: "/v1/secrets/{name}", tag: "Secrets" } as const;
const ABSENT = "The secret does not exist.";

export const secretRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/secrets",
    operationId: "listSecrets",
    summary: "List secrets, without their values",
    query: pageQuery,
    responses: { 200: json("One page of secrets, by name.", pageSchema(secretResource)) },
    handle: async ({ query: { after, limit } }, c) => {
      const rows = await openDatabase(c.env.DB)
        .select()
        .from(secrets)
        .where(gt(secrets.name, after))
        .orderBy(asc(secrets.name))
        .limit(limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ name }) => name, showSecret),
      );
    },
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getSecret",
    summary: "Get a secret, without its value",
    parameters: { name: lookup(secretName) },
    responses: { 200: json("The secret, without its value.", secretResource), 404: ABSENT },
    handle: async ({ parameters: { name } }, c) => {
      const row = await findSecret(openDatabase(c.env.DB), name);
      return row === undefined ? respondNotFound(`secret "${name}"`) : answer(200, showSecret(row));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveSecret",
    summary: "Create or replace a secret",
    parameters: { name: secretName },
    body: jsonBody(secretBody, SECRET_EXAMPLE),
    responses: {
      200: json("The secret was replaced.", secretResource),
      201: json("The secret was created.", secretResource),
      409: "A related resource changed at the same time.",
      503: "MASTER_KEY is missing or invalid.",
    },
    handle: async ({ parameters: { name }, body: { value, hosts } }, c) => {
      const keyProblem = checkMasterKey(c.env.MASTER_KEY);
      if (keyProblem !== null) return createProblem(503, keyProblem);
      const db = openDatabase(c.env.DB);
      const before = await findSecret(db, name);
      const vault = await openVault(c.env.MASTER_KEY);
      const now = Date.now();
      const row: Row = {
        name,
        value: await vault.seal(value, secretPurpose(name)),
        hosts: JSON.stringify(hosts),
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      const conflict = await saveConfiguration(db, [
        db.insert(secrets).values(row).onConflictDoUpdate({ target: secrets.name, set: row }),
      ]);
      return conflict ?? answer(before === undefined ? 201 : 200, showSecret(row));
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteSecret",
    summary: "Delete a secret",
    parameters: { name: lookup(secretName) },
    responses: {
      204: empty("The secret was deleted."),
      404: ABSENT,
      409: "A related resource changed at the same time.",
    },
    handle: async ({ parameters: { name } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findSecret(db, name)) === undefined) return respondNotFound(`secret "${name}"`);
      return (await saveConfiguration(db, [db.delete(secrets).where(eq(secrets.name, name))])) ?? NO_CONTENT;
    },
  }),
];

async function findSecret(db: DrizzleDatabase, name: string): Promise<Row | undefined> {
  return await db.select().from(secrets).where(eq(secrets.name, name)).get();
}

/** Shows everything but the value. */
function showSecret({ name, hosts, createdAt, updatedAt }: Row) {
  return {
    name,
    hosts: JSON.parse(hosts) as readonly string[],
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
