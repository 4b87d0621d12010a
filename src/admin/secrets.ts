import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { secretName, secretSchema } from "../configuration/schemas.ts";
import { secretPurpose } from "../configuration/store.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { checkMasterKey, openVault } from "../core/vault.ts";
import { type DrizzleDatabase, openDatabase } from "../db/database.ts";
import { secrets } from "../db/schema.ts";
import { checkValue, createListPage, parseBody, parsePageQuery, respondNotFound } from "./http.ts";
import { saveConfiguration } from "./save.ts";

type Row = typeof secrets.$inferSelect;

export const secretRoutes = new Hono<{ Bindings: Env }>();

secretRoutes.get("/", async (c) => {
  const query = parsePageQuery(c);
  if (!query.ok) return toProblemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(secrets)
    .where(gt(secrets.name, after))
    .orderBy(asc(secrets.name))
    .limit(limit + 1);
  return c.json(createListPage(rows, limit, ({ name }) => name, show));
});

secretRoutes.get("/:name", async (c) => {
  const row = await find(openDatabase(c.env.DB), c.req.param("name"));
  return row === undefined ? respondNotFound(`secret "${c.req.param("name")}"`) : c.json(show(row));
});

secretRoutes.put("/:name", async (c) => {
  const name = checkValue(secretName, c.req.param("name"), 400, "The URL does not end in a name.");
  if (!name.ok) return toProblemResponse(name.failure);
  const body = await parseBody(c, secretSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const keyProblem = checkMasterKey(c.env.MASTER_KEY);
  if (keyProblem !== null) return toProblemResponse(createProblem(503, keyProblem));
  const db = openDatabase(c.env.DB);
  const before = await find(db, name.value);
  const vault = await openVault(c.env.MASTER_KEY);
  const now = Date.now();
  const row: Row = {
    name: name.value,
    value: await vault.seal(body.value.value, secretPurpose(name.value)),
    hosts: JSON.stringify(body.value.hosts),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  const conflict = await saveConfiguration(db, [
    db.insert(secrets).values(row).onConflictDoUpdate({ target: secrets.name, set: row }),
  ]);
  return conflict ?? c.json(show(row), before === undefined ? 201 : 200);
});

secretRoutes.delete("/:name", async (c) => {
  const db = openDatabase(c.env.DB);
  const row = await find(db, c.req.param("name"));
  if (row === undefined) return respondNotFound(`secret "${c.req.param("name")}"`);
  const conflict = await saveConfiguration(db, [db.delete(secrets).where(eq(secrets.name, row.name))]);
  return conflict ?? c.body(null, 204);
});

async function find(db: DrizzleDatabase, name: string): Promise<Row | undefined> {
  return await db.select().from(secrets).where(eq(secrets.name, name)).get();
}

/** Everything but the value. */
function show({ name, hosts, createdAt, updatedAt }: Row) {
  return {
    name,
    hosts: JSON.parse(hosts) as readonly string[],
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
