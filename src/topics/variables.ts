import type { Json } from "../core/json.ts";
import { MEMORY_CHARACTERS, VARIABLE_CHARACTERS, VARIABLES_PER_CONVERSATION } from "../core/limits/topics.ts";
import { isTag } from "../languages/catalog.ts";

/** The variable whose value is the conversation's language. */
const LANGUAGE = "language";

/** The variables of a conversation, within their limits. */
export class Variables {
  #all: Readonly<Record<string, Json>>;

  constructor(all: Readonly<Record<string, Json>>) {
    this.#all = all;
  }

  get all(): Readonly<Record<string, Json>> {
    return this.#all;
  }

  /** The language that the conversation has been given, a BCP 47 tag, or null. */
  get language(): string | null {
    const language = this.#all[LANGUAGE];
    return typeof language === "string" && isTag(language) ? language : null;
  }

  /** Keeps new values. @returns a sentence for each that could not be kept */
  keep(values: Readonly<Record<string, Json>>): readonly string[] {
    return Object.entries(values).flatMap(([name, value]) => {
      const next = { ...this.#all, [name]: shorten(value) };
      const problem = tooMuch(next);
      if (problem === null) this.#all = next;
      return problem === null ? [] : [`Variable "${name}" was not kept: ${problem}.`];
    });
  }
}

function shorten(value: Json): Json {
  return typeof value === "string" ? value.slice(0, VARIABLE_CHARACTERS).toWellFormed() : value;
}

function tooMuch(variables: Readonly<Record<string, Json>>): string | null {
  const values = Object.values(variables);
  if (values.length > VARIABLES_PER_CONVERSATION) return `a conversation has ${VARIABLES_PER_CONVERSATION} at most`;
  const characters = values.reduce<number>((sum, value) => sum + sizeOf(value), 0);
  return characters > MEMORY_CHARACTERS ? `a conversation remembers ${MEMORY_CHARACTERS} characters at most` : null;
}

function sizeOf(value: Json): number {
  return typeof value === "string" ? value.length : JSON.stringify(value).length;
}
