import type { HandoverRequest } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import type { BotMessage } from "../bot-messages.ts";
import {
  estimateTotalTokens,
  keepLatestExchanges,
  type ModelExchange,
  type ModelMessage,
  removePictures,
} from "./messages.ts";

/** The stored state of a conversation, for all locations. */
export interface OpenaiMemory {
  /** Complete exchanges, oldest first. */
  readonly past: readonly ModelExchange[];
  /** The text that is being answered and everything that followed it; empty between turns. */
  readonly now: readonly ModelMessage[];
  /** What will be sent with the answer. */
  readonly pending: PendingAnswer;
  /** How often the model was asked for this text. */
  readonly rounds: number;
  /** The id of the call that began the running topic; null if no topic runs. */
  readonly topic: string | null;
  /** A topic has answered the contact, so the turn may end without another text. */
  readonly isTold: boolean;
  /** Locations that use the other name of the token limit. */
  readonly renamed: readonly string[];
  /** The id of the person that the last request was about; null for a guest. */
  readonly person: string | null;
}

export interface PendingAnswer {
  readonly sayings: readonly BotMessage[];
  readonly handover: HandoverRequest | null;
  readonly ends: boolean;
  readonly notes: readonly string[];
}

export const NOTHING_PENDING: PendingAnswer = { sayings: [], handover: null, ends: false, notes: [] };

const NEW_MEMORY: OpenaiMemory = {
  past: [],
  now: [],
  pending: NOTHING_PENDING,
  rounds: 0,
  topic: null,
  isTold: false,
  renamed: [],
  person: null,
};

/** Restores stored memory; memory of another kind of assistant counts as none. */
export function restoreMemory(json: JsonValue): OpenaiMemory {
  if (!isRecord(json) || !Array.isArray(json["past"]) || !Array.isArray(json["now"])) return NEW_MEMORY;
  return { ...NEW_MEMORY, ...(json as unknown as OpenaiMemory) };
}

/** Begins a turn with a new text. */
export function openTurn({ past, renamed, person }: OpenaiMemory, text: ModelMessage): OpenaiMemory {
  return { ...NEW_MEMORY, past, renamed, person, now: [text] };
}

/**
 * Removes what was said to a linked contact if the contact is not linked to the same person any more.
 * @param person the id of the person linked now; null for a guest
 */
export function restrictToPerson(person: string | null, memory: OpenaiMemory): OpenaiMemory {
  if (memory.person === null || memory.person === person) return { ...memory, person };
  return { ...memory, person, past: [], now: memory.now.flatMap(removeWords) };
}

/** Keeps the contact's own text. Calls stay too, without arguments and results, so that they are not repeated. */
function removeWords(message: ModelMessage): readonly ModelMessage[] {
  switch (message.role) {
    case "user":
      return [message];
    case "tool":
      return [{ ...message, content: "Done. The person has signed out since; begin anew." }];
    case "assistant": {
      const { calls = [] } = message;
      if (calls.length === 0) return [];
      return [{ role: "assistant", content: "", calls: calls.map((call) => ({ ...call, arguments: "{}" })) }];
    }
  }
}

export function toMemoryJson(memory: OpenaiMemory): JsonValue {
  return memory as unknown as JsonValue;
}

/**
 * Ends the turn. Keeps the latest exchanges that fit into the token limit; this one loses its pictures if it is too
 * long.
 */
export function closeTurn(memory: OpenaiMemory, tokens: number): OpenaiMemory {
  const { past, now, renamed, person } = memory;
  const exchange = estimateTotalTokens(now) <= tokens ? now : removePictures(now);
  return { ...NEW_MEMORY, past: keepLatestExchanges([...past, exchange], tokens), renamed, person };
}
