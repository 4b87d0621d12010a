import type { Fixture } from "./stored.ts";

/** Rows of a real database, as fixtures have them; without Node, for tests within workerd. */

type Row = Readonly<Record<string, unknown>>;

export function readColumns(row: object): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, fromColumn(value)]));
}

function fromColumn(value: unknown): unknown {
  return typeof value === "string" && /^[[{]/u.test(value) ? (JSON.parse(value) as unknown) : value;
}

export function toColumn(value: unknown): string | number | null {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : (value as string | number | null);
}

/** @returns what inserts a row @param change columns that are not as they were stored */
export function insertionOf(
  table: string,
  row: Row,
  change: Row = {},
): readonly [sql: string, ...values: readonly (string | number | null)[]] {
  const changed = { ...row, ...change };
  const columns = Object.keys(changed);
  const names = columns.map((column) => `"${column}"`).join(", ");
  const sql = `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => "?").join(", ")})`;
  return [sql, ...Object.values(changed).map(toColumn)];
}

/** Gives a Durable Object the rows of a fixture, in place of its own. */
export function restoreRows({ sql }: DurableObjectStorage, { tables, rows }: Pick<Fixture, "tables" | "rows">): void {
  for (const table of tables) sql.exec(table.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"));
  for (const [table, all] of Object.entries(rows)) {
    sql.exec(`DELETE FROM ${table}`);
    for (const row of all) {
      const [statement, ...values] = insertionOf(table, row);
      sql.exec(statement, ...values);
    }
  }
}

/** @returns the rows of a Durable Object */
export function rowsIn({ sql }: DurableObjectStorage): Fixture["rows"] {
  const tables = sql
    .exec<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .toArray()
    .filter(({ name }) => !name.startsWith("_cf_") && !name.startsWith("sqlite_"));
  return Object.fromEntries(
    tables.map(({ name }) => [name, sql.exec(`SELECT * FROM ${name}`).toArray().map(readColumns)]),
  );
}

/** @returns the rows of D1 */
export async function rowsOfDatabase(database: D1Database): Promise<Fixture["rows"]> {
  const { results } = await database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all<{ name: string }>();
  const names = results.map(({ name }) => name).filter((name) => !/^(?:_cf_|sqlite_|d1_)/u.test(name));
  const rows = await Promise.all(
    names.map(async (name) => (await database.prepare(`SELECT * FROM ${name}`).all()).results.map(readColumns)),
  );
  return Object.fromEntries(names.map((name, index) => [name, rows[index] ?? []]));
}
