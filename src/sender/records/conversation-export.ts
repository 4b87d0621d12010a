import { CHAT_TURNS } from "../../core/limits/chats.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { maskDigits } from "../../identity/pin-mask.ts";
import type { SenderState, Turn } from "../model/state.ts";

/** One conversation, as it is stored. */
export interface ConversationExport {
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  /** At least one, oldest first. */
  readonly turns: readonly Turn[];
  /** There are more turns than these. */
  readonly isCut: boolean;
}

/** Where turns are kept. */
interface TurnReader {
  state(): SenderState | null;
  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[];
}

/**
 * @param conversation its id; null: the newest
 * @returns null where there is no such conversation
 */
export function exportConversation(
  shelf: TurnReader,
  number: PhoneNumber,
  conversation: string | null,
): ConversationExport | null {
  const state = shelf.state();
  if (state === null) return null;
  const id = conversation ?? shelf.listTurns(number, state.nextTurn, "desc", 1)[0]?.conversation;
  if (id === undefined) return null;
  // A conversation's id is the number of its first turn, and none of another's turns stands between its own.
  const found = shelf.listTurns(number, Number(id), "asc", CHAT_TURNS + 1);
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

/** Without what only the person may see, and what a notice knew that it has not said. */
function hideSecrets(turn: Turn): Turn {
  const parts = turn.parts.map((part) => (part.secret === true ? { ...part, text: maskDigits(part.text) } : part));
  if (turn.kind === "notice") {
    const { asked: _, ...told } = turn;
    return { ...told, parts };
  }
  if (turn.heard.masked === undefined) return { ...turn, parts };
  return { ...turn, parts, heard: { ...turn.heard, masked: { guess: null } } };
}
