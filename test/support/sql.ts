import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqlExecutor } from "../../src/broadcasts/store.ts";

/** SQLite of this process, as a Durable Object has it. What was read is remembered until something is written: simulations ask often. */
export function sqlOf(database: DatabaseSync): SqlExecutor {
  const statements = new Map<string, StatementSync>();
  const known = new Map<string, unknown[]>();
  const run = (sql: string, values: readonly unknown[]): unknown[] => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...(values as (string | number | null)[]));
  };
  const read = (sql: string, values: readonly unknown[]): unknown[] => {
    const key = `${sql} ${values.join(" ")}`;
    const rows = known.get(key) ?? run(sql, values);
    known.set(key, rows);
    return rows;
  };
  return {
    exec: (sql, ...values) => {
      const isRead = sql.startsWith("SELECT");
      if (!isRead) known.clear();
      const rows = isRead ? read(sql, values) : run(sql, values);
      return { toArray: () => rows as never[], rowsWritten: 0 };
    },
  };
}

/** A database in memory, which nobody wants back after a failure. */
export function memory(): SqlExecutor {
  const database = new DatabaseSync(":memory:");
  database.exec("PRAGMA journal_mode = OFF");
  return sqlOf(database);
}
