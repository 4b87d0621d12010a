import type { ConsentEntry } from "../../src/consent/ledger.ts";
import type { NoticeRecord } from "../../src/notify/notice.ts";
import type { SenderState, Turn } from "../../src/sender/state.ts";
import type { TurnStore } from "../../src/sender/turns.ts";

/** Holds what was committed, as text; a transaction that throws leaves nothing. */
export class Disk implements TurnStore {
  #rows = new Map<string, string>();

  transaction<Value>(work: () => Value): Value {
    const before = new Map(this.#rows);
    try {
      return work();
    } catch (error) {
      this.#rows = before;
      throw error;
    }
  }

  see(sid: string): boolean {
    const seen = this.#rows.has(sid);
    this.#rows.set(sid, "");
    return seen;
  }

  state(): SenderState | null {
    return this.#read("state") as SenderState | null;
  }

  saveState(state: SenderState): void {
    this.#rows.set("state", JSON.stringify(state));
  }

  turn(id: number): Turn | null {
    return this.#read(`turn ${id}`) as Turn | null;
  }

  addTurn(turn: Turn): void {
    if (this.#rows.has(`turn ${turn.id}`)) throw new Error(`turn ${turn.id} is there already`);
    this.saveTurn(turn);
  }

  saveTurn(turn: Turn): void {
    this.#rows.set(`turn ${turn.id}`, JSON.stringify(turn));
  }

  notice(id: string): NoticeRecord | null {
    return this.#read(`notice ${id}`) as NoticeRecord | null;
  }

  saveNotice(id: string, record: NoticeRecord): void {
    this.#rows.set(`notice ${id}`, JSON.stringify(record));
  }

  record(entry: ConsentEntry): void {
    if (this.#rows.has(`consent ${entry.id}`)) throw new Error(`entry ${entry.id} is there already`);
    this.#rows.set(`consent ${entry.id}`, JSON.stringify(entry));
  }

  entries(): readonly ConsentEntry[] {
    const { next } = this.state()?.consents ?? { next: 1 };
    return Array.from({ length: next - 1 }, (_, index) => this.#read(`consent ${index + 1}`) as ConsentEntry);
  }

  turnsUntil(id: number, limit: number): readonly Turn[] {
    return this.turns()
      .filter((turn) => turn.id <= id)
      .toReversed()
      .slice(0, limit);
  }

  turns(): readonly Turn[] {
    const next = this.state()?.nextTurn ?? 1;
    return Array.from({ length: next - 1 }, (_, index) => this.turn(index + 1)).filter((turn) => turn !== null);
  }

  #read(key: string): unknown {
    const text = this.#rows.get(key);
    return text === undefined ? null : JSON.parse(text);
  }
}
