import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import { migrateState, migrateTurn, type StoredState, type StoredTurn } from "../model/migrate.ts";
import type { SenderState, Turn } from "../model/state.ts";

/**
 * The Sender's tables, by hand, because every row written is billed: no secondary index, no key beside a rowid.
 * `sender` is one row; a turn is one row from its text to the delivery of its last part; `seen` remembers every MessageSid for ever,
 * since Twilio's signature has no timestamp and a captured request stays valid.
 */
const TABLES = [
  "CREATE TABLE IF NOT EXISTS sender (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS turn (id INTEGER PRIMARY KEY, number TEXT NOT NULL, document TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS seen (sid TEXT PRIMARY KEY) WITHOUT ROWID",
];

/** What has become of every notice, for ever, so that none is told twice; made for the first of them: most people never get one. */
const NOTICE_TABLE = "CREATE TABLE IF NOT EXISTS notice (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID";
/** The ledger of consent, made when there is something to write: most people say nothing of it. */
const CONSENT_TABLE = "CREATE TABLE IF NOT EXISTS consent (id INTEGER PRIMARY KEY, document TEXT NOT NULL)";

export class SenderStore {
  readonly #storage: DurableObjectStorage;
  #rowsWritten = 0;
  #rowsRead = 0;

  #hasTables: boolean;
  #hasNotices: boolean;
  /** As they are stored: an object serves one person, and nobody else writes its storage. */
  #state: SenderState | null = null;
  #latestTurn: Turn | null = null;
  /** The latest turn, as it was written. */
  #latestDocument: string | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#hasTables = this.#hasTable("sender");
    this.#hasNotices = this.#hasTable("notice");
  }

  /** Rows written by this instance so far: what a Durable Object is billed for. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** Rows read by this instance so far; must not grow with the length of a conversation. */
  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** All or nothing, and synchronous: nothing else happens in between. */
  runTransaction<Value>(work: () => Value): Value {
    this.#createTables();
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#state = null;
      this.#latestTurn = null;
      // If it was made in this transaction, it is gone with it.
      this.#hasNotices = this.#hasTable("notice");
      this.#latestDocument = null;
      throw error;
    }
  }

  /** Costs one row; becomes durable together with the writes around it. */
  setAlarm(at: number): void {
    this.#rowsWritten += 1;
    // Not awaited: an await here would let another event in; the output gate waits for it.
    void this.#storage.setAlarm(at);
  }

  /** Null where no text has ever come: whoever only asks leaves no tables behind. */
  state(): SenderState | null {
    if (!this.#hasTables || this.#state !== null) return this.#state;
    const [row] = this.#executeRead<{ state: string }>("SELECT state FROM sender WHERE id = 1");
    this.#state = row === undefined ? null : migrateState(JSON.parse(row.state) as StoredState);
    return this.#state;
  }

  saveState(state: SenderState): void {
    this.#state = state;
    this.#executeWrite(
      "INSERT INTO sender (id, state) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
      JSON.stringify(state),
    );
  }

  /** @returns false where the text was seen before */
  markSeen(sid: string): boolean {
    return this.#executeWrite("INSERT INTO seen (sid) VALUES (?) ON CONFLICT DO NOTHING", sid) > 0;
  }

  addTurn(turn: Turn): void {
    const document = JSON.stringify(turn);
    this.#latestTurn = turn;
    this.#latestDocument = document;
    this.#executeWrite("INSERT INTO turn (id, number, document) VALUES (?, ?, ?)", turn.id, turn.number, document);
  }

  /** Costs a row only where the turn has changed: an assistant that asks again and again changes the state alone. */
  saveTurn(turn: Turn): void {
    const document = JSON.stringify(turn);
    if (this.#latestTurn?.id === turn.id) {
      this.#latestTurn = turn;
      if (this.#latestDocument === document) return;
      this.#latestDocument = document;
    }
    this.#executeWrite("UPDATE turn SET document = ? WHERE id = ?", document, turn.id);
  }

  findTurn(id: number): Turn | null {
    if (!this.#hasTables) return null;
    if (this.#latestTurn?.id === id) return this.#latestTurn;
    const [row] = this.#executeRead<{ document: string }>("SELECT document FROM turn WHERE id = ?", id);
    return row === undefined ? null : parseTurn(row);
  }

  recordConsent(entry: ConsentEntry): void {
    this.#executeWrite(CONSENT_TABLE);
    this.#executeWrite("INSERT INTO consent (id, document) VALUES (?, ?)", entry.id, JSON.stringify(entry));
  }

  /** The ledger of consent from one entry on, oldest first. */
  listLedgerEntries(id: number, limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent WHERE id >= ? ORDER BY id LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, id, limit).map(
      (row) => JSON.parse(row.document) as ConsentEntry,
    );
  }

  /** The latest entries of the ledger of consent, the latest first. */
  listLatestEntries(limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, limit).map((row) => JSON.parse(row.document) as ConsentEntry);
  }

  /** The turns with a number from one turn on, oldest first or newest first. */
  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[] {
    const sql =
      order === "asc"
        ? "SELECT document FROM turn WHERE id >= ? AND number = ? ORDER BY id LIMIT ?"
        : "SELECT document FROM turn WHERE id <= ? AND number = ? ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, from, number, limit).map(parseTurn);
  }

  /** A turn and those before it, newest first. */
  listEarlierTurns(id: number, limit: number): readonly Turn[] {
    const sql = "SELECT document FROM turn WHERE id <= ? ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, id, limit).map(parseTurn);
  }

  /** Null where no such notice has ever come. */
  findNotice(id: string): NoticeRecord | null {
    if (!this.#hasNotices) return null;
    const [row] = this.#executeRead<{ document: string }>("SELECT document FROM notice WHERE id = ?", id);
    return row === undefined ? null : (JSON.parse(row.document) as NoticeRecord);
  }

  saveNotice(id: string, record: NoticeRecord): void {
    if (!this.#hasNotices) this.#storage.sql.exec(NOTICE_TABLE);
    this.#hasNotices = true;
    this.#executeWrite(
      "INSERT INTO notice (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
      id,
      JSON.stringify(record),
    );
  }

  #hasTable(table: string): boolean {
    return this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", table).toArray().length > 0;
  }

  #createTables(): void {
    if (this.#hasTables) return;
    for (const table of TABLES) this.#storage.sql.exec(table);
    this.#hasTables = true;
  }

  /** @returns how many rows it has written */
  #executeWrite(sql: string, ...values: readonly SqlStorageValue[]): number {
    // Its cursor has nothing to give: what is to be written is written.
    const { rowsWritten, rowsRead } = this.#storage.sql.exec(sql, ...values);
    this.#rowsWritten += rowsWritten;
    this.#rowsRead += rowsRead;
    return rowsWritten;
  }

  #executeRead<Row extends Record<string, SqlStorageValue>>(sql: string, ...values: readonly SqlStorageValue[]): Row[] {
    const cursor = this.#storage.sql.exec<Row>(sql, ...values);
    const rows = cursor.toArray();
    this.#rowsWritten += cursor.rowsWritten;
    this.#rowsRead += cursor.rowsRead;
    return rows;
  }
}

function parseTurn(row: { readonly document: string }): Turn {
  return migrateTurn(JSON.parse(row.document) as StoredTurn);
}
