import type { Answer, Assistant, Reply, Setting, Turn } from "../assistants/contract.ts";
import { MEMORY_CHARACTERS, STEPS_PER_TURN, VARIABLE_CHARACTERS, VARIABLES_PER_CONVERSATION } from "../core/limits.ts";
import type { NamedTopic } from "./definition.ts";
import { readMemory, type TopicMemory, type Value } from "./memory.ts";
import { kindOf, type Step } from "./steps/catalog.ts";
import type { Context, Outcome } from "./steps/kind.ts";
import { createTemplates, type Scope, type Templates } from "./template.ts";
import { createFinder, type Finder, type Found } from "./understanding/keywords.ts";

/**
 * The built-in assistant over a set of topics; a text that starts none of them gets `setting.notUnderstood`. Pure, but for the parsed
 * templates that it keeps.
 */
export function topicsAssistant(topics: readonly NamedTopic[]): Assistant {
  const library: Library = {
    finder: createFinder(topics),
    places: new Map(
      topics.map((topic) => [topic.id, { topic, index: new Map(topic.steps.map((step, at) => [step.id, at])) }]),
    ),
    templates: createTemplates(),
  };
  return {
    hear: (turn, memory, setting) => hearTurn(new Run(library, turn, setting, readMemory(memory))),
  };
}

interface Place {
  readonly topic: NamedTopic;
  readonly index: ReadonlyMap<string, number>;
}

interface Library {
  readonly finder: Finder;
  readonly places: ReadonlyMap<string, Place>;
  readonly templates: Templates;
}

function hearTurn(run: Run): Reply {
  const waiting = run.waitingStep();
  if (waiting === null) return startByWords(run, first(run.library.finder.find(run.turn.text)));
  const outcome = kindOf(waiting.step).hear?.(waiting.step, run.turn, run.context());
  if (outcome === undefined) return startByWords(run, first(run.library.finder.find(run.turn.text)));
  if (outcome.kind !== "unclear") return run.follow(waiting.place, waiting.at, outcome);
  const other = first(run.library.finder.exact(run.turn.text));
  if (other !== null) return startByWords(run, other);
  return run.rest({ topic: waiting.place.topic.id, step: waiting.step.id }, outcome.answers);
}

/** Of several topics that fit equally well the first answers. */
function first(found: Found): string | null {
  if (found.kind === "none") return null;
  return found.kind === "topic" ? found.id : (found.ids[0] ?? null);
}

function startByWords(run: Run, topic: string | null): Reply {
  const place = run.library.places.get(topic ?? "");
  if (place === undefined)
    return run.rest(null, [{ kind: "text", text: run.context().render(run.setting.notUnderstood) }]);
  return run.walk(place, 0);
}

/** One turn on its way through the steps. */
class Run {
  readonly library: Library;
  readonly turn: Turn;
  readonly setting: Setting;
  readonly #memory: TopicMemory;
  #variables: Readonly<Record<string, Value>>;
  #answers: readonly Answer[] = [];
  #notes: readonly string[] = [];
  #steps = 0;

  constructor(library: Library, turn: Turn, setting: Setting, memory: TopicMemory) {
    this.library = library;
    this.turn = turn;
    this.setting = setting;
    this.#memory = memory;
    this.#variables = memory.variables;
  }

  /** The step that the person answers, or null between topics and where the topic has changed under the conversation. */
  waitingStep(): { readonly place: Place; readonly at: number; readonly step: Step } | null {
    const { at } = this.#memory;
    if (at === null) return null;
    const place = this.library.places.get(at.topic);
    const index = place?.index.get(at.step);
    const step = place?.topic.steps[index ?? -1];
    if (place !== undefined && index !== undefined && step !== undefined) return { place, at: index, step };
    this.#notes = [...this.#notes, `Step "${at.step}" of topic "${at.topic}" is not there any more.`];
    return null;
  }

  /** Walks from a step until one waits, the topic is over or the conversation ends. */
  walk(place: Place, at: number): Reply {
    const step = place.topic.steps[at];
    if (step === undefined) return this.rest(null);
    this.#steps += 1;
    if (this.#steps > STEPS_PER_TURN)
      throw new RangeError(`topic ${place.topic.id} took ${STEPS_PER_TURN} steps without waiting`);
    return this.follow(place, at, kindOf(step).enter(step, this.context()));
  }

  /** Does what a step wants. */
  follow(place: Place, at: number, outcome: Outcome): Reply {
    switch (outcome.kind) {
      case "go":
        this.#keep(outcome.variables ?? {});
        this.#answers = [...this.#answers, ...outcome.answers];
        return this.walk(place, outcome.to === null ? at + 1 : indexOf(place, outcome.to));
      case "wait":
      case "unclear":
        return this.rest({ topic: place.topic.id, step: place.topic.steps[at]?.id ?? "" }, outcome.answers);
      case "topic": {
        const other = this.library.places.get(outcome.topic);
        if (other === undefined)
          throw new RangeError(`topic ${place.topic.id} goes to ${outcome.topic}, which is not there`);
        return this.walk(other, 0);
      }
      case "end":
        return { ...this.rest(null, outcome.answers), ended: true };
    }
  }

  /** The turn is over; the conversation waits at a step, or (null) for words that start a topic. */
  rest(at: TopicMemory["at"], answers: readonly Answer[] = []): Reply {
    const memory = { variables: this.#variables, at };
    return { answers: [...this.#answers, ...answers], memory, ended: false, notes: this.#notes };
  }

  context(): Context {
    const { sender, number, now, application } = this.setting;
    const { text, media } = this.turn;
    const scope: Scope = {
      ...this.#variables,
      sender,
      number,
      now: new Date(now).toISOString(),
      application,
      text,
      media,
    };
    return {
      render: (template) => this.library.templates.render(template, scope),
      isTrue: (condition) => this.library.templates.isTrue(condition, scope),
    };
  }

  #keep(variables: Readonly<Record<string, Value>>): void {
    for (const [name, value] of Object.entries(variables)) {
      const next = { ...this.#variables, [name]: shorten(value) };
      const problem = tooMuch(next);
      if (problem === null) this.#variables = next;
      else this.#notes = [...this.#notes, `Variable "${name}" was not kept: ${problem}.`];
    }
  }
}

function tooMuch(variables: Readonly<Record<string, Value>>): string | null {
  const values = Object.values(variables);
  if (values.length > VARIABLES_PER_CONVERSATION) return `a conversation has ${VARIABLES_PER_CONVERSATION} at most`;
  const characters = values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
  return characters > MEMORY_CHARACTERS ? `a conversation remembers ${MEMORY_CHARACTERS} characters at most` : null;
}

function indexOf(place: Place, step: string): number {
  const index = place.index.get(step);
  if (index === undefined) throw new RangeError(`topic ${place.topic.id} goes to step ${step}, which is not there`);
  return index;
}

function shorten(value: Value): Value {
  return typeof value === "string" ? value.slice(0, VARIABLE_CHARACTERS) : value;
}
