import { createTemplateRenderer, type TemplateRenderer } from "../templates/template.ts";
import type { CommandSettings } from "../understanding/command-finder.ts";
import { createTopicFinder, type TopicFinder } from "../understanding/keywords.ts";
import { ApplicationCommands } from "./commands.ts";
import type { NamedTopic } from "./definition.ts";
import type { StepPosition } from "./memory.ts";
import type { Step } from "./steps/catalog.ts";

/** What an application says of its topics. */
export interface TopicOptions {
  /** The topics that MENU and AGENT start; left out: none. */
  readonly menu?: string | undefined;
  readonly agent?: string | undefined;
  /** Words instead of the language's own, or false: the word is switched off. */
  readonly words?: CommandSettings | undefined;
  /** A step that ends the conversation ends the topic only: another assistant has begun it, and goes on. */
  readonly isGuest?: boolean | undefined;
}

/** A step of a topic. */
export interface StepPlace {
  readonly topic: NamedTopic;
  readonly at: number;
}

/** The topics of an application, made ready once for many turns. */
export interface TopicLibrary {
  readonly options: TopicOptions;
  readonly topicFinder: TopicFinder;
  readonly commands: ApplicationCommands;
  readonly templates: TemplateRenderer;
  readonly findTopic: (id: string) => NamedTopic | null;
  /** @returns null where the step is not there (any more) */
  readonly findPlace: (position: StepPosition) => StepPlace | null;
  /** @returns the place of a step in the same topic; null: the one below @throws where the step is not there */
  readonly nextPlace: (place: StepPlace, to: string | null) => StepPlace;
}

export function createTopicLibrary(topics: readonly NamedTopic[], options: TopicOptions): TopicLibrary {
  const byId = new Map(topics.map((topic) => [topic.id, topic]));
  const indexes = new Map(topics.map(({ id, steps }) => [id, new Map(steps.map((step, at) => [step.id, at]))]));
  return {
    options,
    topicFinder: createTopicFinder(topics),
    commands: new ApplicationCommands(options.words ?? {}),
    templates: createTemplateRenderer(),
    findTopic: (id) => byId.get(id) ?? null,
    findPlace: ({ topic: id, step }) => {
      const topic = byId.get(id);
      const at = indexes.get(id)?.get(step);
      return topic === undefined || at === undefined ? null : { topic, at };
    },
    nextPlace: ({ topic, at }, to) => {
      if (to === null) return { topic, at: at + 1 };
      const index = indexes.get(topic.id)?.get(to);
      if (index === undefined) throw new RangeError(`topic ${topic.id} goes to step ${to}, which is not there`);
      return { topic, at: index };
    },
  };
}

export function findStep({ topic, at }: StepPlace): Step | null {
  return topic.steps[at] ?? null;
}

/** @param place of a step that is there */
export function toStepPosition({ topic, at }: StepPlace): StepPosition {
  return { topic: topic.id, step: topic.steps[at]?.id ?? "" };
}
