import { CHAT_TURNS } from "../../core/limits/chats.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { maskDigits } from "../../identity/pin-mask.ts";
import type { Turn } from "../model/state.ts";
import type { TurnReader } from "./turn-store.ts";

/** One conversation as it is stored, with secrets masked. */
export interface ConversationExport {
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  /** Oldest first; never empty. */
  readonly turns: readonly Turn[];
  /** The conversation has more turns than these. */
  readonly isCut: boolean;
}

/**
 * Exports a conversation with a number.
 * @param conversation the id; null for the newest
 * @returns null if the conversation does not exist
 */
export function exportConversation(
  reader: TurnReader,
  number: PhoneNumber,
  conversation: string | null,
): ConversationExport | null {
  const state = reader.state();
  if (state === null) return null;
  const id = conversation ?? reader.listTurns(number, state.nextTurn, "desc", 1)[0]?.conversation;
  if (id === undefined) return null;
  // The id of a conversation is the number of its first turn, and its turns on the number are consecutive.
  const found = reader.listTurns(number, Number(id), "asc", CHAT_TURNS + 1);
  const after = found.findIndex((turn) => turn.conversation !== id);
  const turns = after === -1 ? found : found.slice(0, after);
  if (turns.length === 0) return null;
  const isCut = turns.length > CHAT_TURNS;
  return {
    phone: state.phone,
    number,
    turns: turns.slice(0, CHAT_TURNS).map(hideSecrets),
    isCut,
  };
}

/** Masks codes, and removes sealed guesses and the unsent original of a notice. */
function hideSecrets(turn: Turn): Turn {
  const parts = turn.parts.map((part) => (part.secret === true ? { ...part, text: maskDigits(part.text) } : part));
  if (turn.kind === "notice") {
    const { asked: _, ...begun } = turn;
    return { ...begun, parts };
  }
  if (turn.heard.masked === undefined) return { ...turn, parts };
  return { ...turn, parts, heard: { ...turn.heard, masked: { guess: null } } };
}
