import { isRecord, type JsonValue } from "../core/json.ts";

/** What the topics remember of a conversation between two events. */
export interface TopicMemory {
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly at: TopicWait;
  /** Where topics that were gone into come back to, the innermost last. */
  readonly returns: readonly StepPosition[];
  /** Questions that were answered, the latest last: where `back` leads. */
  readonly trail: readonly AnsweredQuestion[];
}

/** A question that was answered, with where the topics around it came back to; left out: nowhere. */
export interface AnsweredQuestion extends StepPosition {
  readonly returns?: readonly StepPosition[];
}

/** What the person's next text is an answer to. */
export type TopicWait =
  /** Nothing: it looks for a topic. */
  | null
  | StepWait
  /** Which of several topics they meant. */
  | { readonly which: readonly string[] }
  /** It is an answer to whoever asks them who they are; once they have shown it the conversation goes on at this step. */
  | { readonly onceLinked: StepPosition };

/** A step; `state` is its own business. */
export interface StepWait extends StepPosition {
  readonly state: JsonValue;
  /** The person has been silent there, and has been reminded. */
  readonly reminded?: true;
  /** How many requests were made one after the other, the one that is waited for included. */
  readonly asked?: number;
}

export interface StepPosition {
  readonly topic: string;
  readonly step: string;
}

export const EMPTY_MEMORY: TopicMemory = { variables: {}, at: null, returns: [], trail: [] };

/** Reads what was stored; what does not fit is as if nothing had been remembered. */
export function parseMemory(stored: JsonValue | null): TopicMemory {
  if (!isRecord(stored)) return EMPTY_MEMORY;
  const { variables, at, returns, trail } = stored;
  return {
    variables: isRecord(variables) ? variables : {},
    at: parseTopicWait(at),
    returns: parsePositions(returns),
    trail:
      checkItems(trail, isAnsweredQuestion) ??
      (Array.isArray(trail) ? trail.filter(isStepPosition).map(parseAnsweredQuestion) : []),
  };
}

function parseTopicWait(at: unknown): TopicWait {
  if (isStepPosition(at)) return parseStepWait(at);
  if (isRecord(at) && Array.isArray(at["which"])) return { which: at["which"].filter((id) => typeof id === "string") };
  if (isRecord(at) && isStepPosition(at["onceLinked"])) {
    const { topic, step } = at["onceLinked"];
    return { onceLinked: { topic, step } };
  }
  return null;
}

function parseStepWait({ topic, step, state, reminded, asked }: StepPosition & Partial<StepWait>): StepWait {
  return {
    topic,
    step,
    state: state ?? null,
    ...(reminded === true ? { reminded } : {}),
    ...(typeof asked === "number" ? { asked } : {}),
  };
}

function parseAnsweredQuestion({ topic, step, returns }: AnsweredQuestion): AnsweredQuestion {
  return { topic, step, ...(returns === undefined ? {} : { returns: parsePositions(returns) }) };
}

/** @returns what is stored, where all of it fits: nearly always, and then nothing is copied */
function checkItems<Item>(stored: unknown, fits: (value: unknown) => value is Item): readonly Item[] | null {
  return Array.isArray(stored) && stored.every(fits) ? stored : null;
}

function isAnsweredQuestion(value: unknown): value is AnsweredQuestion {
  if (!isStepPosition(value)) return false;
  const { returns } = value as AnsweredQuestion;
  return returns === undefined || checkItems(returns, isStepPosition) !== null;
}

function parsePositions(stored: unknown): readonly StepPosition[] {
  if (checkItems(stored, isStepPosition) !== null) return stored as readonly StepPosition[];
  return Array.isArray(stored) ? stored.filter(isStepPosition).map(({ topic, step }) => ({ topic, step })) : [];
}

function isStepPosition(value: unknown): value is StepPosition {
  return isRecord(value) && typeof value["topic"] === "string" && typeof value["step"] === "string";
}
