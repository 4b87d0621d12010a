import type { ConsentEntry } from "../../src/consent/ledger.ts";
import type { PhoneNumber } from "../../src/core/phone.ts";
import type { NoticeRecord } from "../../src/notify/notice.ts";
import type { SenderState, Turn } from "../../src/sender/model/state.ts";
import type { TurnStore } from "../../src/sender/records/turn-store.ts";

/** A row, as text; and as whoever wrote or read it last has it, since a reader must not wait for JSON a million times. */
interface Row {
  readonly text: string;
  value: unknown;
}

/** Holds what was committed, as text; a transaction that throws leaves nothing. */
export class Disk implements TurnStore {
  readonly #rows = new Map<string, Row>();
  /** What the rows were that this transaction has written. */
  #undo: [string, Row | undefined][] = [];

  transaction<Value>(work: () => Value): Value {
    this.#undo = [];
    try {
      return work();
    } catch (error) {
      for (const [key, row] of this.#undo.toReversed())
        if (row === undefined) this.#rows.delete(key);
        else this.#rows.set(key, row);
      throw error;
    }
  }

  see(sid: string): boolean {
    const seen = this.#rows.has(sid);
    this.#write(sid, "");
    return seen;
  }

  state(): SenderState | null {
    return this.#read("state") as SenderState | null;
  }

  saveState(state: SenderState): void {
    this.#write("state", state);
  }

  findTurn(id: number): Turn | null {
    return this.#read(`turn ${id}`) as Turn | null;
  }

  addTurn(turn: Turn): void {
    if (this.#rows.has(`turn ${turn.id}`)) throw new Error(`turn ${turn.id} is there already`);
    this.saveTurn(turn);
  }

  saveTurn(turn: Turn): void {
    this.#write(`turn ${turn.id}`, turn);
  }

  findNotice(id: string): NoticeRecord | null {
    return this.#read(`notice ${id}`) as NoticeRecord | null;
  }

  saveNotice(id: string, record: NoticeRecord): void {
    this.#write(`notice ${id}`, record);
  }

  recordConsent(entry: ConsentEntry): void {
    if (this.#rows.has(`consent ${entry.id}`)) throw new Error(`entry ${entry.id} is there already`);
    this.#write(`consent ${entry.id}`, entry);
  }

  entries(): readonly ConsentEntry[] {
    const { next } = this.state()?.consents ?? { next: 1 };
    return Array.from({ length: next - 1 }, (_, index) => this.#read(`consent ${index + 1}`) as ConsentEntry);
  }

  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[] {
    const turns = this.turns().filter((turn) => turn.number === number);
    return (
      order === "asc" ? turns.filter(({ id }) => id >= from) : turns.filter(({ id }) => id <= from).toReversed()
    ).slice(0, limit);
  }

  listEarlierTurns(id: number, limit: number): readonly Turn[] {
    return this.turns()
      .filter((turn) => turn.id <= id)
      .toReversed()
      .slice(0, limit);
  }

  turns(): readonly Turn[] {
    const next = this.state()?.nextTurn ?? 1;
    return Array.from({ length: next - 1 }, (_, index) => this.findTurn(index + 1)).filter((turn) => turn !== null);
  }

  #write(key: string, value: unknown): void {
    this.#undo.push([key, this.#rows.get(key)]);
    this.#rows.set(key, { text: JSON.stringify(value), value: undefined });
  }

  #read(key: string): unknown {
    const row = this.#rows.get(key);
    if (row === undefined) return null;
    row.value ??= JSON.parse(row.text);
    return row.value;
  }
}
