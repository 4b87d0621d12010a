import { DurableObject } from "cloudflare:workers";

interface DatabaseEnv {
  readonly DATABASE: DurableObjectNamespace<Database>;
  /** Makes the tables. */
  readonly SCHEMA: string;
}

interface Query {
  readonly sql: string;
  readonly params?: readonly SqlStorageValue[];
}

/** Holds the configuration. */
export class Database extends DurableObject<DatabaseEnv> {
  constructor(ctx: DurableObjectState, env: DatabaseEnv) {
    super(ctx, env);
    const isMade = ctx.storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'made'").toArray().length > 0;
    if (!isMade) ctx.storage.sql.exec(`${env.SCHEMA}; CREATE TABLE made (id INTEGER PRIMARY KEY)`);
  }

  run(queries: readonly Query[]): readonly object[] {
    return this.ctx.storage.transactionSync(() => queries.map((query) => this.#runOne(query)));
  }

  #runOne({ sql, params = [] }: Query): object {
    const cursor = this.ctx.storage.sql.exec(sql, ...params);
    const results = { columns: cursor.columnNames, rows: [...cursor.raw()] };
    const { rowsRead, rowsWritten } = cursor;
    return { success: true, results, meta: { changes: rowsWritten, rows_read: rowsRead, rows_written: rowsWritten } };
  }
}

/** What workerd's own D1 binding talks to: no turn that is timed comes here, but Parley keeps its configuration in D1. */
export default {
  async fetch(request, env) {
    const body = await request.json<Query | readonly Query[]>();
    const queries = "sql" in body ? [body] : body;
    try {
      return Response.json(await env.DATABASE.getByName("d1").run(queries));
    } catch (error) {
      return Response.json({ success: false, error: error instanceof Error ? error.message : "unknown" });
    }
  },
} satisfies ExportedHandler<DatabaseEnv>;
