import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { NoticeRecord } from "../../notify/notice.ts";
import type { SenderState, Turn } from "../model/state.ts";

/**
 * The storage of a Sender's state and turns. All methods are synchronous, and the caller runs them within a
 * transaction.
 */
export interface TurnStore {
  /** Returns null before the first event. */
  state(): SenderState | null;
  saveState(state: SenderState): void;
  findTurn(id: number): Turn | null;
  addTurn(turn: Turn): void;
  saveTurn(turn: Turn): void;
  /**
   * Returns turns with a number: from a turn on, oldest first (`asc`), or that turn and those before it, newest first
   * (`desc`).
   */
  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[];
  /** Returns a turn and those before it, on any number, newest first. */
  listEarlierTurns(id: number, limit: number): readonly Turn[];
  /** Appends an entry to the consent ledger. */
  recordConsent(entry: ConsentEntry): void;
  /** Returns null if this contact never got the notice. */
  findNotice(id: string): NoticeRecord | null;
  saveNotice(id: string, record: NoticeRecord): void;
}

/** Reads the turns of a contact with one number. */
export type TurnReader = Pick<TurnStore, "state" | "listTurns">;
