import { createTemplateRenderer, type TemplateRenderer } from "../templates/template.ts";
import type { CommandSettings } from "../understanding/command-finder.ts";
import { createTopicFinder, type TopicFinder } from "../understanding/keywords.ts";
import { ApplicationCommands } from "./commands.ts";
import type { NamedTopic } from "./definition.ts";
import type { StepPosition } from "./memory.ts";
import type { Step } from "./steps/catalog.ts";

/** An application's settings for its topics. */
export interface TopicOptions {
  /** The topics that MENU and AGENT start, if any. */
  readonly menu?: string | undefined;
  readonly agent?: string | undefined;
  /** Words instead of those of the language; `false` switches a command off. */
  readonly words?: CommandSettings | undefined;
  /** Whether another assistant started the topic and continues after it. Then an `end` step ends only the topic. */
  readonly isGuest?: boolean | undefined;
}

/** A step of a topic. */
export interface StepPlace {
  readonly topic: NamedTopic;
  readonly at: number;
}

/** The topics of an application, prepared once for many turns. */
export interface TopicLibrary {
  readonly options: TopicOptions;
  readonly topicFinder: TopicFinder;
  readonly commands: ApplicationCommands;
  readonly templates: TemplateRenderer;
  readonly findTopic: (id: string) => NamedTopic | null;
  /** @returns null if the step does not exist, or no longer */
  readonly findPlace: (position: StepPosition) => StepPlace | null;
  /**
   * @param to a step of the same topic, or null for the step below
   * @throws if the step does not exist
   */
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
      if (index === undefined) throw new RangeError(`topic ${topic.id} goes to step ${to}, which does not exist`);
      return { topic, at: index };
    },
  };
}

export function findStep({ topic, at }: StepPlace): Step | null {
  return topic.steps[at] ?? null;
}

/** @param place of an existing step */
export function toStepPosition({ topic, at }: StepPlace): StepPosition {
  return { topic: topic.id, step: topic.steps[at]?.id ?? "" };
}
