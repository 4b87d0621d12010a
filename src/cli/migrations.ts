import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { PROJECT_ROOT } from "./bundle.ts";

/** The part of D1's interface that is needed here; Miniflare implements it. */
interface MigrationDatabase {
  prepare(sql: string): {
    bind(...values: readonly string[]): unknown;
    all(): Promise<{ results: Record<string, unknown>[] }>;
  };
  // oxlint-disable-next-line typescript/no-explicit-any -- Miniflare and workerd declare D1's statements differently
  batch(statements: any[]): Promise<unknown>;
}

const FOLDER = path.join(PROJECT_ROOT, "migrations");

/** The table of `wrangler d1 migrations apply`, so that both can be used on the same database. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`;

/** Applies the pending migrations, each in one transaction. */
export async function applyMigrations(database: MigrationDatabase): Promise<void> {
  await database.batch([database.prepare(MIGRATIONS_TABLE)]);
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set(results.map((row) => row["name"]));
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).toSorted();
  for (const name of files.filter((file) => !applied.has(file))) {
    const sql = await readFile(path.join(FOLDER, name), "utf8");
    const statements = sql.split("--> statement-breakpoint").map((statement) => database.prepare(statement.trim()));
    await database.batch([...statements, database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name)]);
  }
}
