import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { insertionOf, readColumns } from "./stored-rows.ts";

/** The rows of a database, as a release has stored them. JSON columns are written out for readability. */
export interface Fixture {
  /** The commit that has recorded it. */
  readonly release: string;
  readonly about: string;
  /** When it was recorded, by the clock of the recording; milliseconds since 1970. */
  readonly now: number;
  /** The statements that made the tables. */
  readonly tables: readonly string[];
  readonly rows: Readonly<Record<string, readonly Row[]>>;
}

type Row = Readonly<Record<string, unknown>>;

/** A database in memory, perhaps with the rows of a fixture, as a Durable Object has one. */
export class StoredDatabase {
  readonly #database = new DatabaseSync(":memory:");
  alarmAt: number | null = null;

  constructor(fixture: Fixture | null) {
    for (const table of fixture?.tables ?? []) this.#database.exec(table);
    for (const [table, rows] of Object.entries(fixture?.rows ?? {}))
      for (const row of rows) {
        const [sql, ...values] = insertionOf(table, row);
        this.#database.prepare(sql).run(...values);
      }
  }

  readonly sql = {
    exec: (sql: string, ...values: readonly unknown[]) => {
      const rows = this.#database.prepare(sql).all(...(values as SQLInputValue[]));
      const rowsWritten = /^(?:INSERT|UPDATE|DELETE)/u.test(sql) ? this.#changes() : 0;
      return { toArray: () => rows as never[], rowsWritten, rowsRead: rows.length };
    },
  };

  get storage(): DurableObjectStorage {
    const storage = {
      sql: this.sql,
      transactionSync: (work: () => unknown) => this.#transaction(work),
      setAlarm: (at: number) => {
        this.alarmAt = at;
      },
    };
    return storage as unknown as DurableObjectStorage;
  }

  tables(): readonly string[] {
    const made = this.#database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").all();
    return made.map((row) => String(row["sql"]).replace(/\s+/gu, " "));
  }

  rows(): Fixture["rows"] {
    const tables = this.#database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    return Object.fromEntries(
      tables.map(({ name }) => {
        const rows = this.#database.prepare(`SELECT * FROM ${String(name)}`);
        return [String(name), rows.all().map(readColumns)];
      }),
    );
  }

  #changes(): number {
    return Number(this.#database.prepare("SELECT changes() AS count").get()?.["count"]);
  }

  #transaction(work: () => unknown): unknown {
    this.#database.exec("BEGIN");
    try {
      const value = work();
      this.#database.exec("COMMIT");
      return value;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

/** The content of a database; the release is added when the file is written. */
export type Recording = Omit<Fixture, "release">;

/** Reads a fixture. With RECORD_FIXTURES=<commit> a fixture that is missing is recorded first; an existing one is never written. */
export function readFixture(folder: string, name: string, record: () => Recording): Fixture {
  const file = path.join(folder, `${name}.json`);
  const release = process.env["RECORD_FIXTURES"];
  if (release !== undefined && !existsSync(file))
    writeFileSync(file, `${JSON.stringify({ release, ...record() }, null, 2)}\n`, { flag: "wx" });
  return JSON.parse(readFileSync(file, "utf8")) as Fixture;
}
