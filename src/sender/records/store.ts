import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import { migrateState, migrateTurn, type StoredState, type StoredTurn } from "../model/migrate.ts";
import type { SenderState, Turn } from "../model/state.ts";
import type { TurnStore } from "./turn-store.ts";

/**
 * The Sender's tables. Every row written is billed, so there are no secondary indexes and no keys besides the rowid.
 * `sender` has one row. A turn is one row from its text to the delivery of its last part. `seen` keeps every MessageSid
 * forever, since a Twilio signature has no timestamp and a captured request stays valid.
 */
const TABLES = [
  "CREATE TABLE IF NOT EXISTS sender (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS turn (id INTEGER PRIMARY KEY, number TEXT NOT NULL, document TEXT NOT NULL)",
  "CREATE TABLE IF NOT EXISTS seen (sid TEXT PRIMARY KEY) WITHOUT ROWID",
];

/**
 * The record of every notice, kept forever to recognise duplicates. Created for the first notice, since most contacts
 * never get one.
 */
const NOTICE_TABLE = "CREATE TABLE IF NOT EXISTS notice (id TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID";
/** The consent ledger. Created for the first entry, since most contacts never opt in or out by text. */
const CONSENT_TABLE = "CREATE TABLE IF NOT EXISTS consent (id INTEGER PRIMARY KEY, document TEXT NOT NULL)";

/** The storage of one Sender. */
export class SenderStore implements TurnStore {
  readonly #storage: DurableObjectStorage;
  #rowsWritten = 0;
  #rowsRead = 0;

  #hasTables: boolean;
  #hasNotices: boolean;
  /** Caches of the state and the latest turn. Only this object writes its storage, so they are never stale. */
  #state: SenderState | null = null;
  #latestTurn: Turn | null = null;
  /** The JSON of the latest turn, as last written. */
  #latestDocument: string | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#hasTables = this.#hasTable("sender");
    this.#hasNotices = this.#hasTable("notice");
  }

  /** How many rows this instance has written. Rows written are billed. */
  get rowsWritten(): number {
    return this.#rowsWritten;
  }

  /** How many rows this instance has read. The number per text must not grow with the conversation. */
  get rowsRead(): number {
    return this.#rowsRead;
  }

  /** Runs synchronous work in a transaction: all of its writes happen, or none. */
  runTransaction<Value>(work: () => Value): Value {
    this.#createTables();
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#state = null;
      this.#latestTurn = null;
      // A table that the transaction created is gone.
      this.#hasNotices = this.#hasTable("notice");
      this.#latestDocument = null;
      throw error;
    }
  }

  /** Sets the alarm, which costs one row and becomes durable together with the writes around it. */
  setAlarm(at: number): void {
    this.#rowsWritten += 1;
    // Not awaited, since that would let another event in. The output gate waits for the write.
    void this.#storage.setAlarm(at);
  }

  /** @returns null before the first event. Reading creates no tables */
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

  /** Remembers the MessageSid of a text. @returns false for a duplicate */
  markSeen(sid: string): boolean {
    return this.#executeWrite("INSERT INTO seen (sid) VALUES (?) ON CONFLICT DO NOTHING", sid) > 0;
  }

  addTurn(turn: Turn): void {
    const document = JSON.stringify(turn);
    this.#latestTurn = turn;
    this.#latestDocument = document;
    this.#executeWrite("INSERT INTO turn (id, number, document) VALUES (?, ?, ?)", turn.id, turn.number, document);
  }

  /**
   * Writes a row only if the turn has changed. An assistant that makes request after request only changes the state.
   */
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

  /** @returns entries of the consent ledger from an id on, oldest first */
  listLedgerEntries(id: number, limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent WHERE id >= ? ORDER BY id LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, id, limit).map(
      (row) => JSON.parse(row.document) as ConsentEntry,
    );
  }

  /** @returns entries of the consent ledger, newest first */
  listLatestEntries(limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, limit).map((row) => JSON.parse(row.document) as ConsentEntry);
  }

  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[] {
    const sql =
      order === "asc"
        ? "SELECT document FROM turn WHERE id >= ? AND number = ? ORDER BY id LIMIT ?"
        : "SELECT document FROM turn WHERE id <= ? AND number = ? ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, from, number, limit).map(parseTurn);
  }

  listEarlierTurns(id: number, limit: number): readonly Turn[] {
    const sql = "SELECT document FROM turn WHERE id <= ? ORDER BY id DESC LIMIT ?";
    return this.#executeRead<{ document: string }>(sql, id, limit).map(parseTurn);
  }

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

  /** @returns how many rows were written */
  #executeWrite(sql: string, ...values: readonly SqlStorageValue[]): number {
    // The statement has run by now, although its cursor is not read.
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
