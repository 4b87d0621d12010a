import { isRecord } from "../core/json.ts";

export type Value = string | boolean;

/** What the topics remember of a conversation between two turns. */
export interface TopicMemory {
  readonly variables: Readonly<Record<string, Value>>;
  /** The step that waits for the person, or null between topics. */
  readonly at: { readonly topic: string; readonly step: string } | null;
}

export const NOTHING: TopicMemory = { variables: {}, at: null };

/** Reads what was stored; what does not fit is as if nothing had been remembered. */
export function readMemory(stored: unknown): TopicMemory {
  if (!isRecord(stored)) return NOTHING;
  const { variables, at } = stored;
  const position = isRecord(at) && typeof at["topic"] === "string" && typeof at["step"] === "string";
  return {
    variables: isRecord(variables) ? Object.fromEntries(Object.entries(variables).filter(isVariable)) : {},
    at: position ? { topic: String(at["topic"]), step: String(at["step"]) } : null,
  };
}

function isVariable(entry: [string, unknown]): entry is [string, Value] {
  return typeof entry[1] === "string" || typeof entry[1] === "boolean";
}
