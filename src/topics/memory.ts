import { isRecord, type JsonValue } from "../core/json.ts";

/** The state of a conversation between two events, as stored. */
export interface TopicMemory {
  readonly variables: Readonly<Record<string, JsonValue>>;
  readonly at: TopicWait;
  /** The steps to which nested topics return, the innermost last. */
  readonly returns: readonly StepPosition[];
  /** The answered questions, the latest last, to which `back` returns. */
  readonly trail: readonly AnsweredQuestion[];
}

/** An answered question, with the `returns` of its time; absent if there were none. */
export interface AnsweredQuestion extends StepPosition {
  readonly returns?: readonly StepPosition[];
}

/** The question that the contact's next text answers. */
export type TopicWait =
  /** No question: the text looks for a topic. */
  | null
  | StepWait
  /** The question which of several topics is meant. */
  | { readonly which: readonly string[] }
  /** An identity check, after which the conversation goes on at this step. */
  | { readonly onceLinked: StepPosition };

/** A waiting step; only the step itself reads `state`. */
export interface StepWait extends StepPosition {
  readonly state: JsonValue;
  /** Set once the contact has been reminded. */
  readonly reminded?: true;
  /** The number of requests in a row, including the current one. */
  readonly asked?: number;
}

export interface StepPosition {
  readonly topic: string;
  readonly step: string;
}

export const EMPTY_MEMORY: TopicMemory = { variables: {}, at: null, returns: [], trail: [] };

/** Parses a stored memory; parts that do not fit are ignored. */
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

/** @returns the stored list without a copy if all its items fit, as they nearly always do; otherwise null */
function checkItems<Item>(stored: unknown, isItem: (value: unknown) => value is Item): readonly Item[] | null {
  return Array.isArray(stored) && stored.every(isItem) ? stored : null;
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
