import { type Batch, type BatchOfKind, countRecipients } from "./batch.ts";
import type { BatchSizes, BatchStore } from "./batch-store.ts";
import { type Broadcast, isLive } from "./broadcast.ts";

/**
 * The tables of one number's broadcasts in a Durable Object. They are written by hand because every written row is
 * billed: they have no secondary indexes and no rowids. A batch is one row from the reading of the audience to the last
 * delivery.
 */
const TABLE_STATEMENTS = [
  "CREATE TABLE IF NOT EXISTS broadcast (id TEXT PRIMARY KEY, live INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID",
  `CREATE TABLE IF NOT EXISTS lot (broadcast TEXT NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, due INTEGER, size INTEGER NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (broadcast, id)) WITHOUT ROWID`,
  "CREATE TABLE IF NOT EXISTS pace (id INTEGER PRIMARY KEY CHECK (id = 1), free_at INTEGER NOT NULL)",
];

/** The part of a Durable Object's SQL interface that the store uses. */
export interface SqlExecutor {
  exec<Row extends Record<string, SqlStorageValue>>(
    sql: string,
    ...values: SqlStorageValue[]
  ): { toArray(): Row[]; readonly rowsWritten: number };
}

type DocumentRow = { document: string };

/** The broadcasts and batches of one number, in the tables above. */
export class BroadcastStore implements BatchStore {
  readonly #sql: SqlExecutor;
  #rowsWritten = 0;

  constructor(sql: SqlExecutor) {
    this.#sql = sql;
    for (const table of TABLE_STATEMENTS) sql.exec(table);
  }

  /** The number of rows written by this instance, which are billed. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  findBroadcast(id: string): Broadcast | null {
    const [row] = this.#runSql<DocumentRow>("SELECT document FROM broadcast WHERE id = ?", id);
    return row === undefined ? null : (JSON.parse(row.document) as Broadcast);
  }

  countBroadcasts(): number {
    return this.#runSql<{ count: number }>("SELECT COUNT(*) AS count FROM broadcast")[0]?.count ?? 0;
  }

  listLiveBroadcasts(): readonly Broadcast[] {
    return this.#runSql<DocumentRow>("SELECT document FROM broadcast WHERE live = 1 ORDER BY id").map(
      ({ document }) => JSON.parse(document) as Broadcast,
    );
  }

  saveBroadcast(broadcast: Broadcast): void {
    this.#runSql(
      `INSERT INTO broadcast (id, live, document) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET live = excluded.live, document = excluded.document`,
      broadcast.id,
      isLive(broadcast) ? 1 : 0,
      JSON.stringify(broadcast),
    );
  }

  removeBroadcast(id: string): void {
    this.#runSql("DELETE FROM lot WHERE broadcast = ?", id);
    this.#runSql("DELETE FROM broadcast WHERE id = ?", id);
  }

  findBatch(broadcast: string, id: number): Batch | null {
    const [row] = this.#runSql<DocumentRow>("SELECT document FROM lot WHERE broadcast = ? AND id = ?", broadcast, id);
    return row === undefined ? null : parseBatch(row);
  }

  saveBatch(batch: Batch): void {
    this.#runSql(
      `INSERT INTO lot (broadcast, id, kind, due, size, document) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (broadcast, id) DO UPDATE SET kind = excluded.kind, due = excluded.due, size = excluded.size, document = excluded.document`,
      batch.broadcast,
      batch.id,
      batch.kind,
      batch.due,
      countRecipients(batch),
      JSON.stringify(batch),
    );
  }

  removeBatch(broadcast: string, id: number): void {
    this.#runSql("DELETE FROM lot WHERE broadcast = ? AND id = ?", broadcast, id);
  }

  removeBatches(broadcast: string, kind: Batch["kind"]): void {
    this.#runSql("DELETE FROM lot WHERE broadcast = ? AND kind = ?", broadcast, kind);
  }

  listDueBatches<Kind extends Batch["kind"]>(kind: Kind, until: number, limit: number): readonly BatchOfKind<Kind>[] {
    const sql = "SELECT document FROM lot WHERE kind = ? AND due <= ? ORDER BY due, broadcast, id LIMIT ?";
    return this.#runSql<DocumentRow>(sql, kind, until, limit).map((row) => parseBatch(row) as BatchOfKind<Kind>);
  }

  listDeadBatches(broadcast: string, after: number, limit: number): readonly BatchOfKind<"dead">[] {
    const sql = "SELECT document FROM lot WHERE broadcast = ? AND kind = 'dead' AND id > ? ORDER BY id LIMIT ?";
    return this.#runSql<DocumentRow>(sql, broadcast, after, limit).map((row) => parseBatch(row) as BatchOfKind<"dead">);
  }

  listQueuedBatches(broadcast: string): readonly BatchOfKind<"watched">[] {
    const sql = `SELECT document FROM lot WHERE broadcast = ? AND kind = 'watched' AND json_array_length(document, '$.queued') > 0`;
    return this.#runSql<DocumentRow>(sql, broadcast).map((row) => parseBatch(row) as BatchOfKind<"watched">);
  }

  countQueuedRecipients(broadcast: string): number {
    const sql = `SELECT SUM(json_array_length(document, '$.queued')) AS recipients FROM lot WHERE broadcast = ? AND kind = 'watched'`;
    return this.#runSql<{ recipients: number | null }>(sql, broadcast)[0]?.recipients ?? 0;
  }

  findNextBatch(broadcast: string, now: number, fullSize: number): BatchOfKind<"waiting"> | null {
    const sql = `SELECT document FROM lot WHERE broadcast = ? AND kind = 'waiting' AND due <= ? AND (due > 0 OR size >= ?)
      ORDER BY due, id LIMIT 1`;
    const [row] = this.#runSql<DocumentRow>(sql, broadcast, now, fullSize);
    return row === undefined ? null : (parseBatch(row) as BatchOfKind<"waiting">);
  }

  findRoomiestBatch(broadcast: string, due: number): BatchOfKind<"waiting"> | null {
    const sql =
      "SELECT document FROM lot WHERE broadcast = ? AND kind = 'waiting' AND due = ? ORDER BY size, id LIMIT 1";
    const [row] = this.#runSql<DocumentRow>(sql, broadcast, due);
    return row === undefined ? null : (parseBatch(row) as BatchOfKind<"waiting">);
  }

  loadBatchSizes(broadcast: string): BatchSizes {
    const sql = "SELECT kind, COUNT(*) AS batches, SUM(size) AS recipients FROM lot WHERE broadcast = ? GROUP BY kind";
    const rows = this.#runSql<{ kind: string; batches: number; recipients: number }>(sql, broadcast);
    const getSize = (kind: Batch["kind"]) => rows.find((row) => row.kind === kind) ?? { batches: 0, recipients: 0 };
    return {
      waiting: getSize("waiting"),
      out: getSize("out"),
      watched: getSize("watched"),
      recalled: getSize("recalled"),
      dead: getSize("dead"),
    };
  }

  findFirstWaitingTime(broadcast: string): number | null {
    const sql = "SELECT MIN(due) AS due FROM lot WHERE broadcast = ? AND kind = 'waiting'";
    return this.#runSql<{ due: number | null }>(sql, broadcast)[0]?.due ?? null;
  }

  findFirstDueTime(kind: Batch["kind"], after: number): number | null {
    const sql = "SELECT MIN(due) AS due FROM lot WHERE kind = ? AND due > ?";
    return this.#runSql<{ due: number | null }>(sql, kind, after)[0]?.due ?? null;
  }

  loadFreeTime(): number {
    const [row] = this.#runSql<{ free_at: number }>("SELECT free_at FROM pace WHERE id = 1");
    return row?.free_at ?? 0;
  }

  saveFreeTime(time: number): void {
    this.#runSql(
      "INSERT INTO pace (id, free_at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET free_at = excluded.free_at",
      time,
    );
  }

  #runSql<Row extends Record<string, SqlStorageValue>>(sql: string, ...values: readonly SqlStorageValue[]): Row[] {
    const cursor = this.#sql.exec<Row>(sql, ...values);
    const rows = cursor.toArray();
    this.#rowsWritten += cursor.rowsWritten;
    return rows;
  }
}

function parseBatch({ document }: DocumentRow): Batch {
  return JSON.parse(document) as Batch;
}
