import { isRecord, type Json } from "../../core/json.ts";
import type { Saying } from "../compose.ts";
import type { Handover } from "../contract.ts";
import { type Exchange, latest, type Message, tokensOf, withoutPictures } from "./messages.ts";

/** What the connector remembers of a conversation, of all its locations. */
export interface Memory {
  /** What was said, oldest first: whole exchanges. */
  readonly past: readonly Exchange[];
  /** The text that is being answered, and what has followed it; empty: none. */
  readonly now: readonly Message[];
  /** What the person is to hear with the answer. */
  readonly pending: Pending;
  /** How often the model was asked for this text. */
  readonly rounds: number;
  /** The call that has begun a topic which runs; null: none does. */
  readonly topic: string | null;
  /** A topic has said the last word: the person waits for nothing more. */
  readonly isTold: boolean;
  /** Locations whose limit of tokens has the other of its two names. */
  readonly renamed: readonly string[];
}

export interface Pending {
  readonly sayings: readonly Saying[];
  readonly handover: Handover | null;
  readonly ends: boolean;
  readonly notes: readonly string[];
}

export const NOTHING_PENDING: Pending = { sayings: [], handover: null, ends: false, notes: [] };

const NOTHING: Memory = {
  past: [],
  now: [],
  pending: NOTHING_PENDING,
  rounds: 0,
  topic: null,
  isTold: false,
  renamed: [],
};

/** Reads what was stored; what something else has left is as if nothing had been. */
export function readMemory(json: Json): Memory {
  if (!isRecord(json) || !Array.isArray(json["past"]) || !Array.isArray(json["now"])) return NOTHING;
  return { ...NOTHING, ...(json as unknown as Memory) };
}

/** A new text is to be answered. */
export function opened({ past, renamed }: Memory, text: Message): Memory {
  return { ...NOTHING, past, renamed, now: [text] };
}

export function stored(memory: Memory): Json {
  return memory as unknown as Json;
}

/** The text is answered. What of the past fits into so many tokens stays; the exchange itself, without its pictures where it must. */
export function closed(memory: Memory, tokens: number): Memory {
  const { past, now, renamed } = memory;
  const said = tokensOf(now) <= tokens ? now : withoutPictures(now);
  return { ...NOTHING, past: latest([...past, said], tokens), renamed };
}
