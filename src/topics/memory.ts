import { isRecord, type Json } from "../core/json.ts";

/** What the topics remember of a conversation between two events. */
export interface TopicMemory {
  readonly variables: Readonly<Record<string, Json>>;
  readonly at: At;
  /** Where topics that were gone into come back to, the innermost last. */
  readonly returns: readonly Position[];
  /** Questions that were answered, the latest last: where `back` leads. */
  readonly trail: readonly Passed[];
}

/** A question that was answered, with where the topics around it came back to; left out: nowhere. */
export interface Passed extends Position {
  readonly returns?: readonly Position[];
}

/** What the person's next text is an answer to. */
export type At =
  /** Nothing: it looks for a topic. */
  | null
  | AtStep
  /** Which of several topics they meant. */
  | { readonly which: readonly string[] }
  /** It is an answer to whoever asks them who they are; once they have shown it the conversation goes on at this step. */
  | { readonly onceLinked: Position };

/** A step; `state` is its own business. */
export interface AtStep extends Position {
  readonly state: Json;
  /** The person has been silent there, and has been reminded. */
  readonly reminded?: true;
  /** How many requests were made one after the other, the one that is waited for included. */
  readonly asked?: number;
}

export interface Position {
  readonly topic: string;
  readonly step: string;
}

export const NOTHING: TopicMemory = { variables: {}, at: null, returns: [], trail: [] };

/** Reads what was stored; what does not fit is as if nothing had been remembered. */
export function readMemory(stored: Json | null): TopicMemory {
  if (!isRecord(stored)) return NOTHING;
  const { variables, at, returns, trail } = stored;
  return {
    variables: isRecord(variables) ? variables : {},
    at: readAt(at),
    returns: positions(returns),
    trail: all(trail, isPassed) ?? (Array.isArray(trail) ? trail.filter(isPosition).map(readPassed) : []),
  };
}

function readAt(at: unknown): At {
  if (isPosition(at)) return readStep(at);
  if (isRecord(at) && Array.isArray(at["which"])) return { which: at["which"].filter((id) => typeof id === "string") };
  if (isRecord(at) && isPosition(at["onceLinked"])) {
    const { topic, step } = at["onceLinked"];
    return { onceLinked: { topic, step } };
  }
  return null;
}

function readStep({ topic, step, state, reminded, asked }: Position & Partial<AtStep>): AtStep {
  return {
    topic,
    step,
    state: state ?? null,
    ...(reminded === true ? { reminded } : {}),
    ...(typeof asked === "number" ? { asked } : {}),
  };
}

function readPassed({ topic, step, returns }: Passed): Passed {
  return { topic, step, ...(returns === undefined ? {} : { returns: positions(returns) }) };
}

/** @returns what is stored, where all of it fits: nearly always, and then nothing is copied */
function all<Item>(stored: unknown, fits: (value: unknown) => value is Item): readonly Item[] | null {
  return Array.isArray(stored) && stored.every(fits) ? stored : null;
}

function isPassed(value: unknown): value is Passed {
  if (!isPosition(value)) return false;
  const { returns } = value as Passed;
  return returns === undefined || all(returns, isPosition) !== null;
}

function positions(stored: unknown): readonly Position[] {
  if (all(stored, isPosition) !== null) return stored as readonly Position[];
  return Array.isArray(stored) ? stored.filter(isPosition).map(({ topic, step }) => ({ topic, step })) : [];
}

function isPosition(value: unknown): value is Position {
  return isRecord(value) && typeof value["topic"] === "string" && typeof value["step"] === "string";
}
