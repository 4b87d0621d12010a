import type { JsonValue } from "../core/json.ts";
import {
  CONVERSATION_VARIABLE_CHARACTERS,
  VARIABLE_CHARACTERS,
  VARIABLES_PER_CONVERSATION,
} from "../core/limits/topics.ts";
import { isLanguageTag } from "../languages/catalog.ts";

/** The variable that holds the conversation's language. */
const LANGUAGE_VARIABLE = "language";

/** The variables of a conversation, within their limits. */
export class ConversationVariables {
  #all: Readonly<Record<string, JsonValue>>;

  constructor(all: Readonly<Record<string, JsonValue>>) {
    this.#all = all;
  }

  get all(): Readonly<Record<string, JsonValue>> {
    return this.#all;
  }

  /** The language that a topic has set, a BCP 47 tag, or null. */
  get language(): string | null {
    const language = this.#all[LANGUAGE_VARIABLE];
    return typeof language === "string" && isLanguageTag(language) ? language : null;
  }

  /**
   * Stores new values.
   * @returns a note for each value that is over the limits
   */
  keepValues(values: Readonly<Record<string, JsonValue>>): readonly string[] {
    return Object.entries(values).flatMap(([name, value]) => {
      const next = { ...this.#all, [name]: shortenText(value) };
      const problem = findLimitProblem(next);
      if (problem === null) this.#all = next;
      return problem === null ? [] : [`Variable "${name}" was not saved: ${problem}.`];
    });
  }
}

function shortenText(value: JsonValue): JsonValue {
  return typeof value === "string" ? value.slice(0, VARIABLE_CHARACTERS).toWellFormed() : value;
}

function findLimitProblem(variables: Readonly<Record<string, JsonValue>>): string | null {
  const values = Object.values(variables);
  if (values.length > VARIABLES_PER_CONVERSATION)
    return `a conversation can have at most ${VARIABLES_PER_CONVERSATION} variables`;
  const characters = values.reduce<number>((sum, value) => sum + countCharacters(value), 0);
  return characters > CONVERSATION_VARIABLE_CHARACTERS
    ? `the variables of a conversation can have at most ${CONVERSATION_VARIABLE_CHARACTERS} characters`
    : null;
}

function countCharacters(value: JsonValue): number {
  return typeof value === "string" ? value.length : JSON.stringify(value).length;
}
