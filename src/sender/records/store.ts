import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import { type StoredState, type StoredTurn, upgraded, upgradedTurn } from "../model/migrate.ts";
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
const LEDGER = "CREATE TABLE IF NOT EXISTS consent (id INTEGER PRIMARY KEY, document TEXT NOT NULL)";

export class SenderStore {
  readonly #storage: DurableObjectStorage;
  #rowsWritten = 0;
  #rowsRead = 0;

  #isMade: boolean;
  #hasNotices: boolean;
  /** As they are stored: an object serves one person, and nobody else writes its storage. */
  #state: SenderState | null = null;
  #latest: Turn | null = null;
  /** The latest turn, as it was written. */
  #written: string | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#isMade = this.#isThere("sender");
    this.#hasNotices = this.#isThere("notice");
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
  transaction<Value>(work: () => Value): Value {
    this.#make();
    try {
      return this.#storage.transactionSync(work);
    } catch (error) {
      this.#state = null;
      this.#latest = null;
      // If it was made in this transaction, it is gone with it.
      this.#hasNotices = this.#isThere("notice");
      this.#written = null;
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
    if (!this.#isMade || this.#state !== null) return this.#state;
    const [row] = this.#read<{ state: string }>("SELECT state FROM sender WHERE id = 1");
    this.#state = row === undefined ? null : upgraded(JSON.parse(row.state) as StoredState);
    return this.#state;
  }

  saveState(state: SenderState): void {
    this.#state = state;
    this.#write(
      "INSERT INTO sender (id, state) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state",
      JSON.stringify(state),
    );
  }

  /** @returns false where the text was seen before */
  see(sid: string): boolean {
    return this.#write("INSERT INTO seen (sid) VALUES (?) ON CONFLICT DO NOTHING", sid) > 0;
  }

  addTurn(turn: Turn): void {
    const document = JSON.stringify(turn);
    this.#latest = turn;
    this.#written = document;
    this.#write("INSERT INTO turn (id, number, document) VALUES (?, ?, ?)", turn.id, turn.number, document);
  }

  /** Costs a row only where the turn has changed: an assistant that asks again and again changes the state alone. */
  saveTurn(turn: Turn): void {
    const document = JSON.stringify(turn);
    if (this.#latest?.id === turn.id) {
      this.#latest = turn;
      if (this.#written === document) return;
      this.#written = document;
    }
    this.#write("UPDATE turn SET document = ? WHERE id = ?", document, turn.id);
  }

  turn(id: number): Turn | null {
    if (!this.#isMade) return null;
    if (this.#latest?.id === id) return this.#latest;
    const [row] = this.#read<{ document: string }>("SELECT document FROM turn WHERE id = ?", id);
    return row === undefined ? null : turnIn(row);
  }

  record(entry: ConsentEntry): void {
    this.#write(LEDGER);
    this.#write("INSERT INTO consent (id, document) VALUES (?, ?)", entry.id, JSON.stringify(entry));
  }

  /** The ledger of consent from one entry on, oldest first. */
  entriesFrom(id: number, limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent WHERE id >= ? ORDER BY id LIMIT ?";
    return this.#read<{ document: string }>(sql, id, limit).map((row) => JSON.parse(row.document) as ConsentEntry);
  }

  /** The latest entries of the ledger of consent, the latest first. */
  latestEntries(limit: number): readonly ConsentEntry[] {
    if (this.state()?.consents === undefined) return [];
    const sql = "SELECT document FROM consent ORDER BY id DESC LIMIT ?";
    return this.#read<{ document: string }>(sql, limit).map((row) => JSON.parse(row.document) as ConsentEntry);
  }

  /** The turns with a number from one turn on, oldest first or newest first. */
  turnsWith(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[] {
    const sql =
      order === "asc"
        ? "SELECT document FROM turn WHERE id >= ? AND number = ? ORDER BY id LIMIT ?"
        : "SELECT document FROM turn WHERE id <= ? AND number = ? ORDER BY id DESC LIMIT ?";
    return this.#read<{ document: string }>(sql, from, number, limit).map(turnIn);
  }

  /** A turn and those before it, newest first. */
  turnsUntil(id: number, limit: number): readonly Turn[] {
    const sql = "SELECT document FROM turn WHERE id <= ? ORDER BY id DESC LIMIT ?";
    return this.#read<{ document: string }>(sql, id, limit).map(turnIn);
  }

  /** Null where no such notice has ever come. */
  notice(id: string): NoticeRecord | null {
    if (!this.#hasNotices) return null;
    const [row] = this.#read<{ document: string }>("SELECT document FROM notice WHERE id = ?", id);
    return row === undefined ? null : (JSON.parse(row.document) as NoticeRecord);
  }

  saveNotice(id: string, record: NoticeRecord): void {
    if (!this.#hasNotices) this.#storage.sql.exec(NOTICE_TABLE);
    this.#hasNotices = true;
    this.#write(
      "INSERT INTO notice (id, document) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET document = excluded.document",
      id,
      JSON.stringify(record),
    );
  }

  #isThere(table: string): boolean {
    return this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", table).toArray().length > 0;
  }

  #make(): void {
    if (this.#isMade) return;
    for (const table of TABLES) this.#storage.sql.exec(table);
    this.#isMade = true;
  }

  /** @returns how many rows it has written */
  #write(sql: string, ...values: readonly SqlStorageValue[]): number {
    // Its cursor has nothing to give: what is to be written is written.
    const { rowsWritten, rowsRead } = this.#storage.sql.exec(sql, ...values);
    this.#rowsWritten += rowsWritten;
    this.#rowsRead += rowsRead;
    return rowsWritten;
  }

  #read<Row extends Record<string, SqlStorageValue>>(sql: string, ...values: readonly SqlStorageValue[]): Row[] {
    const cursor = this.#storage.sql.exec<Row>(sql, ...values);
    const rows = cursor.toArray();
    this.#rowsWritten += cursor.rowsWritten;
    this.#rowsRead += cursor.rowsRead;
    return rows;
  }
}

function turnIn(row: { readonly document: string }): Turn {
  return upgradedTurn(JSON.parse(row.document) as StoredTurn);
}
