import { asc, eq, gt } from "drizzle-orm";
import { Hono } from "hono";
import { secretName, secretSchema } from "../configuration/nouns.ts";
import { secretPurpose } from "../configuration/store.ts";
import { problem, problemResponse } from "../core/problem.ts";
import { masterKeyProblem, openVault } from "../core/vault.ts";
import { type Database, openDatabase } from "../db/change.ts";
import { secrets } from "../db/schema.ts";
import { check, notFound, pageOf, readBody, readPage } from "./http.ts";
import { save } from "./save.ts";

type Row = typeof secrets.$inferSelect;

export const secretRoutes = new Hono<{ Bindings: Env }>();

secretRoutes.get("/", async (c) => {
  const query = readPage(c);
  if (!query.ok) return problemResponse(query.failure);
  const { after, limit } = query.value;
  const rows = await openDatabase(c.env.DB)
    .select()
    .from(secrets)
    .where(gt(secrets.name, after))
    .orderBy(asc(secrets.name))
    .limit(limit + 1);
  return c.json(pageOf(rows, limit, ({ name }) => name, show));
});

secretRoutes.get("/:name", async (c) => {
  const row = await find(openDatabase(c.env.DB), c.req.param("name"));
  return row === undefined ? notFound(`secret "${c.req.param("name")}"`) : c.json(show(row));
});

secretRoutes.put("/:name", async (c) => {
  const name = check(secretName, c.req.param("name"), 400, "The URL does not end in a name.");
  if (!name.ok) return problemResponse(name.failure);
  const body = await readBody(c, secretSchema);
  if (!body.ok) return problemResponse(body.failure);
  const keyProblem = masterKeyProblem(c.env.MASTER_KEY);
  if (keyProblem !== null) return problemResponse(problem(503, keyProblem));
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
  const conflict = await save(db, [
    db.insert(secrets).values(row).onConflictDoUpdate({ target: secrets.name, set: row }),
  ]);
  return conflict ?? c.json(show(row), before === undefined ? 201 : 200);
});

secretRoutes.delete("/:name", async (c) => {
  const db = openDatabase(c.env.DB);
  const row = await find(db, c.req.param("name"));
  if (row === undefined) return notFound(`secret "${c.req.param("name")}"`);
  const conflict = await save(db, [db.delete(secrets).where(eq(secrets.name, row.name))]);
  return conflict ?? c.body(null, 204);
});

async function find(db: Database, name: string): Promise<Row | undefined> {
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
