import { isRecord, type JsonValue } from "../../core/json.ts";
import type { BotMessage } from "../bot-messages.ts";

/** What is remembered of a conversation with Watson. */
export interface WatsonMemory {
  /** The conversation's name in the world, as `smsSessionID` has it: the SID of the text that opened it. */
  readonly name: string;
  /** Watson's own, which keeps the context; null: none (yet). */
  readonly session: string | null;
  /** Carried where Watson keeps nothing; null: nothing (yet). */
  readonly context: JsonValue;
  /** How options, and how suggestions, are numbered; null: as the operator has it. */
  readonly optionPrefix: string | null;
  readonly suggestionPrefix: string | null;
  /** How long the author lets a request take; null: as the operator has it. */
  readonly timeoutSeconds: number | null;
  /** Attributes of a person that Watson may hold: context is merged, so that what is not said again would stay; null: none. */
  readonly attributes: readonly string[] | null;
  /** Null: no text is being answered. */
  readonly turn: WatsonTurn | null;
}

/** The text that is being answered. */
export interface WatsonTurn {
  /** What the request is for. */
  readonly asks: "session" | "message";
  /** Its session had expired, and was made anew. */
  readonly renewed: boolean;
  /** How many turns Watson has forced since the text. */
  readonly forced: number;
  /** What was said in those before the present one. */
  readonly said: readonly BotMessage[];
  /** Lines for the journal. */
  readonly notes: readonly string[];
  /** Names of the person's attributes that the request tells. */
  readonly told: readonly string[];
}

export const NEW_TURN: WatsonTurn = { asks: "message", renewed: false, forced: 0, said: [], notes: [], told: [] };

/** @param turn the id of the turn that is being answered; it gives a new conversation its name */
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

/** @returns what is stored: nothing for what is as if it had never been said */
export function toMemoryJson(memory: WatsonMemory): JsonValue {
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => value !== null));
}

function toTextOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
