import { isRecord, type JsonValue } from "../../core/json.ts";
import type { BotMessage } from "../bot-messages.ts";

/** The stored state of a conversation with Watson. */
export interface WatsonMemory {
  /** The conversation's name for `smsSessionID`: the SID of the text that opened it. */
  readonly name: string;
  /** The id of Watson's session; null before the first one. */
  readonly session: string | null;
  /** The context that Parley carries in mode `stateless`; null at first. */
  readonly context: JsonValue;
  /** Prefixes of options and of suggestions that the author has set; null for the operator's settings. */
  readonly optionPrefix: string | null;
  readonly suggestionPrefix: string | null;
  /** The request timeout that the author has set; null for the operator's setting. */
  readonly timeoutSeconds: number | null;
  /**
   * Names of a person's attributes that Watson may hold. Watson merges contexts, so those must be erased explicitly.
   * Null if there are none.
   */
  readonly attributes: readonly string[] | null;
  /** The turn that is being answered; null between turns. */
  readonly turn: WatsonTurn | null;
}

/** The state of a turn that is being answered. */
export interface WatsonTurn {
  /** The kind of the pending request. */
  readonly asks: "session" | "message";
  /** The session had expired and was replaced. */
  readonly renewed: boolean;
  /** How many turns Watson has forced since the text. */
  readonly forced: number;
  /** The messages of the turns before the current one. */
  readonly said: readonly BotMessage[];
  /** Notes for the transcript. */
  readonly notes: readonly string[];
  /** Names of the person's attributes that the pending request contains. */
  readonly told: readonly string[];
}

export const NEW_TURN: WatsonTurn = { asks: "message", renewed: false, forced: 0, said: [], notes: [], told: [] };

/** @param turn the id of the current turn, which names a new conversation */
export function restoreMemory(stored: JsonValue, turn: string): WatsonMemory {
  const fields = isRecord(stored) ? stored : {};
  return {
    name: toTextOrNull(fields["name"]) ?? turn.replace(/^\d+-/u, ""),
    session: toTextOrNull(fields["session"]),
    context: isRecord(fields["context"]) ? fields["context"] : null,
    optionPrefix: toTextOrNull(fields["optionPrefix"]),
    suggestionPrefix: toTextOrNull(fields["suggestionPrefix"]),
    timeoutSeconds: typeof fields["timeoutSeconds"] === "number" ? fields["timeoutSeconds"] : null,
    attributes: Array.isArray(fields["attributes"]) ? fields["attributes"] : null,
    turn: isRecord(fields["turn"]) ? { ...NEW_TURN, ...fields["turn"] } : null,
  };
}

/** Converts to JSON without null fields, which are the defaults. */
export function toMemoryJson(memory: WatsonMemory): JsonValue {
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== null));
}

function toTextOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
