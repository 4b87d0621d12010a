import { createTemplates, type Templates } from "../templates/template.ts";
import type { CommandSettings } from "../understanding/commands.ts";
import { createFinder, type Finder } from "../understanding/keywords.ts";
import { Wishes } from "./commands.ts";
import type { NamedTopic } from "./definition.ts";
import type { Position } from "./memory.ts";
import type { Step } from "./steps/catalog.ts";

/** What an application says of its topics. */
export interface Options {
  /** The topics that MENU and AGENT start; left out: none. */
  readonly menu?: string | undefined;
  readonly agent?: string | undefined;
  /** Words instead of the language's own, or false: the word is switched off. */
  readonly words?: CommandSettings | undefined;
  /** A step that ends the conversation ends the topic only: another assistant has begun it, and goes on. */
  readonly isGuest?: boolean | undefined;
}

/** A step of a topic. */
export interface Place {
  readonly topic: NamedTopic;
  readonly at: number;
}

/** The topics of an application, made ready once for many turns. */
export interface Library {
  readonly options: Options;
  readonly finder: Finder;
  readonly wishes: Wishes;
  readonly templates: Templates;
  readonly topic: (id: string) => NamedTopic | null;
  /** @returns null where the step is not there (any more) */
  readonly place: (position: Position) => Place | null;
  /** @returns the place of a step in the same topic; null: the one below @throws where the step is not there */
  readonly after: (place: Place, to: string | null) => Place;
}

export function libraryOf(topics: readonly NamedTopic[], options: Options): Library {
  const byId = new Map(topics.map((topic) => [topic.id, topic]));
  const indexes = new Map(topics.map(({ id, steps }) => [id, new Map(steps.map((step, at) => [step.id, at]))]));
  return {
    options,
    finder: createFinder(topics),
    wishes: new Wishes(options.words ?? {}),
    templates: createTemplates(),
    topic: (id) => byId.get(id) ?? null,
    place: ({ topic: id, step }) => {
      const topic = byId.get(id);
      const at = indexes.get(id)?.get(step);
      return topic === undefined || at === undefined ? null : { topic, at };
    },
    after: ({ topic, at }, to) => {
      if (to === null) return { topic, at: at + 1 };
      const index = indexes.get(topic.id)?.get(to);
      if (index === undefined) throw new RangeError(`topic ${topic.id} goes to step ${to}, which is not there`);
      return { topic, at: index };
    },
  };
}

export function stepAt({ topic, at }: Place): Step | null {
  return topic.steps[at] ?? null;
}

/** @param place of a step that is there */
export function positionOf({ topic, at }: Place): Position {
  return { topic: topic.id, step: topic.steps[at]?.id ?? "" };
}
