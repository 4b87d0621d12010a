import { type Broadcast, isLive } from "./broadcast.ts";
import type { DispatchStore, Sizes } from "./dispatch-store.ts";
import { type Lot, type LotOf, sizeOf } from "./lots.ts";

/**
 * The tables of one number's broadcasts, by hand, because every row written is billed: no secondary index, no key beside a rowid. A lot is one
 * row from the moment that it is read of the audience until all its texts have arrived.
 */
const TABLES = [
  "CREATE TABLE IF NOT EXISTS broadcast (id TEXT PRIMARY KEY, live INTEGER NOT NULL, document TEXT NOT NULL) WITHOUT ROWID",
  `CREATE TABLE IF NOT EXISTS lot (broadcast TEXT NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, due INTEGER, size INTEGER NOT NULL,
    document TEXT NOT NULL, PRIMARY KEY (broadcast, id)) WITHOUT ROWID`,
  "CREATE TABLE IF NOT EXISTS pace (id INTEGER PRIMARY KEY CHECK (id = 1), free_at INTEGER NOT NULL)",
];

/** The part of a Durable Object's SQL that is used here. */
export interface Sql {
  exec<Row extends Record<string, SqlStorageValue>>(
    sql: string,
    ...values: SqlStorageValue[]
  ): { toArray(): Row[]; readonly rowsWritten: number };
}

type Document = { document: string };

export class BroadcastStore implements DispatchStore {
  readonly #sql: Sql;
  #rowsWritten = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    for (const table of TABLES) sql.exec(table);
  }

  /** Rows written by this instance so far: what a Durable Object is billed for. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  broadcast(id: string): Broadcast | null {
    const [row] = this.#exec<Document>("SELECT document FROM broadcast WHERE id = ?", id);
    return row === undefined ? null : (JSON.parse(row.document) as Broadcast);
  }

  count(): number {
    return this.#exec<{ count: number }>("SELECT COUNT(*) AS count FROM broadcast")[0]?.count ?? 0;
  }

  live(): readonly Broadcast[] {
    return this.#exec<Document>("SELECT document FROM broadcast WHERE live = 1 ORDER BY id").map(
      ({ document }) => JSON.parse(document) as Broadcast,
    );
  }

  saveBroadcast(broadcast: Broadcast): void {
    this.#exec(
      `INSERT INTO broadcast (id, live, document) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET live = excluded.live, document = excluded.document`,
      broadcast.id,
      isLive(broadcast) ? 1 : 0,
      JSON.stringify(broadcast),
    );
  }

  removeBroadcast(id: string): void {
    this.#exec("DELETE FROM lot WHERE broadcast = ?", id);
    this.#exec("DELETE FROM broadcast WHERE id = ?", id);
  }

  lot(broadcast: string, id: number): Lot | null {
    const [row] = this.#exec<Document>("SELECT document FROM lot WHERE broadcast = ? AND id = ?", broadcast, id);
    return row === undefined ? null : lotIn(row);
  }

  saveLot(lot: Lot): void {
    this.#exec(
      `INSERT INTO lot (broadcast, id, kind, due, size, document) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (broadcast, id) DO UPDATE SET kind = excluded.kind, due = excluded.due, size = excluded.size, document = excluded.document`,
      lot.broadcast,
      lot.id,
      lot.kind,
      lot.due,
      sizeOf(lot),
      JSON.stringify(lot),
    );
  }

  removeLot(broadcast: string, id: number): void {
    this.#exec("DELETE FROM lot WHERE broadcast = ? AND id = ?", broadcast, id);
  }

  removeLots(broadcast: string, kind: Lot["kind"]): void {
    this.#exec("DELETE FROM lot WHERE broadcast = ? AND kind = ?", broadcast, kind);
  }

  lotsDue<Kind extends Lot["kind"]>(kind: Kind, until: number, limit: number): readonly LotOf<Kind>[] {
    const sql = "SELECT document FROM lot WHERE kind = ? AND due <= ? ORDER BY due, broadcast, id LIMIT ?";
    return this.#exec<Document>(sql, kind, until, limit).map((row) => lotIn(row) as LotOf<Kind>);
  }

  deadLots(broadcast: string, after: number, limit: number): readonly LotOf<"dead">[] {
    const sql = "SELECT document FROM lot WHERE broadcast = ? AND kind = 'dead' AND id > ? ORDER BY id LIMIT ?";
    return this.#exec<Document>(sql, broadcast, after, limit).map((row) => lotIn(row) as LotOf<"dead">);
  }

  lotsQueued(broadcast: string): readonly LotOf<"watched">[] {
    const sql = `SELECT document FROM lot WHERE broadcast = ? AND kind = 'watched' AND json_array_length(document, '$.queued') > 0`;
    return this.#exec<Document>(sql, broadcast).map((row) => lotIn(row) as LotOf<"watched">);
  }

  queued(broadcast: string): number {
    const sql = `SELECT SUM(json_array_length(document, '$.queued')) AS people FROM lot WHERE broadcast = ? AND kind = 'watched'`;
    return this.#exec<{ people: number | null }>(sql, broadcast)[0]?.people ?? 0;
  }

  next(broadcast: string, now: number, full: number): LotOf<"waiting"> | null {
    const sql = `SELECT document FROM lot WHERE broadcast = ? AND kind = 'waiting' AND due <= ? AND (due > 0 OR size >= ?)
      ORDER BY due, id LIMIT 1`;
    const [row] = this.#exec<Document>(sql, broadcast, now, full);
    return row === undefined ? null : (lotIn(row) as LotOf<"waiting">);
  }

  roomAt(broadcast: string, due: number): LotOf<"waiting"> | null {
    const sql =
      "SELECT document FROM lot WHERE broadcast = ? AND kind = 'waiting' AND due = ? ORDER BY size, id LIMIT 1";
    const [row] = this.#exec<Document>(sql, broadcast, due);
    return row === undefined ? null : (lotIn(row) as LotOf<"waiting">);
  }

  sizes(broadcast: string): Sizes {
    const sql = "SELECT kind, COUNT(*) AS lots, SUM(size) AS people FROM lot WHERE broadcast = ? GROUP BY kind";
    const rows = this.#exec<{ kind: string; lots: number; people: number }>(sql, broadcast);
    const of = (kind: Lot["kind"]) => rows.find((row) => row.kind === kind) ?? { lots: 0, people: 0 };
    return {
      waiting: of("waiting"),
      out: of("out"),
      watched: of("watched"),
      recalled: of("recalled"),
      dead: of("dead"),
    };
  }

  firstWaiting(broadcast: string): number | null {
    const sql = "SELECT MIN(due) AS due FROM lot WHERE broadcast = ? AND kind = 'waiting'";
    return this.#exec<{ due: number | null }>(sql, broadcast)[0]?.due ?? null;
  }

  firstDue(kind: Lot["kind"], after: number): number | null {
    const sql = "SELECT MIN(due) AS due FROM lot WHERE kind = ? AND due > ?";
    return this.#exec<{ due: number | null }>(sql, kind, after)[0]?.due ?? null;
  }

  freeAt(): number {
    const [row] = this.#exec<{ free_at: number }>("SELECT free_at FROM pace WHERE id = 1");
    return row?.free_at ?? 0;
  }

  saveFreeAt(moment: number): void {
    this.#exec(
      "INSERT INTO pace (id, free_at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET free_at = excluded.free_at",
      moment,
    );
  }

  #exec<Row extends Record<string, SqlStorageValue>>(sql: string, ...values: readonly SqlStorageValue[]): Row[] {
    const cursor = this.#sql.exec<Row>(sql, ...values);
    const rows = cursor.toArray();
    this.#rowsWritten += cursor.rowsWritten;
    return rows;
  }
}

function lotIn({ document }: Document): Lot {
  return JSON.parse(document) as Lot;
}
