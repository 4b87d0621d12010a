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

/** What the connector remembers of a conversation, of all its locations. */
export interface OpenaiMemory {
  /** What was said, oldest first: whole exchanges. */
  readonly past: readonly ModelExchange[];
  /** The text that is being answered, and what has followed it; empty: none. */
  readonly now: readonly ModelMessage[];
  /** What the person is to hear with the answer. */
  readonly pending: PendingAnswer;
  /** How often the model was asked for this text. */
  readonly rounds: number;
  /** The call that has begun a topic which runs; null: none does. */
  readonly topic: string | null;
  /** A topic has said the last word: the person waits for nothing more. */
  readonly isTold: boolean;
  /** Locations whose limit of tokens has the other of its two names. */
  readonly renamed: readonly string[];
  /** The id of the person to whom the model spoke when it was asked last; null: a guest. */
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

/** Reads what was stored; what something else has left is as if nothing had been. */
export function restoreMemory(json: JsonValue): OpenaiMemory {
  if (!isRecord(json) || !Array.isArray(json["past"]) || !Array.isArray(json["now"])) return NEW_MEMORY;
  return { ...NEW_MEMORY, ...(json as unknown as OpenaiMemory) };
}

/** A new text is to be answered. */
export function openTurn({ past, renamed, person }: OpenaiMemory, text: ModelMessage): OpenaiMemory {
  return { ...NEW_MEMORY, past, renamed, person, now: [text] };
}

/**
 * What was said to somebody who was signed in is said again to nobody else.
 * @param person the id of who is there now; null: a guest
 */
export function restrictToPerson(person: string | null, memory: OpenaiMemory): OpenaiMemory {
  if (memory.person === null || memory.person === person) return { ...memory, person };
  return { ...memory, person, past: [], now: memory.now.flatMap(removeWords) };
}

/** Of the text that is being answered its own words stay, and that something was called: it would be called again. */
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

/** The text is answered. What of the past fits into so many tokens stays; the exchange itself, without its pictures where it must. */
export function closeTurn(memory: OpenaiMemory, tokens: number): OpenaiMemory {
  const { past, now, renamed, person } = memory;
  const exchange = estimateTotalTokens(now) <= tokens ? now : removePictures(now);
  return { ...NEW_MEMORY, past: keepLatestExchanges([...past, exchange], tokens), renamed, person };
}
