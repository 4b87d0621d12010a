import * as z from "zod/mini";
import { KEYWORDS_PER_TOPIC, STEPS_PER_TOPIC } from "../core/limits.ts";
import type { FieldProblem } from "../core/problem.ts";
import { kindOf, type Step, stepSchema } from "./steps/catalog.ts";
import { conditionProblem, templateProblem } from "./template.ts";
import { normalise } from "./understanding/normalise.ts";

/** A topic: one conversation flow, read from top to bottom. */
export const topicSchema = z.strictObject({
  version: z._default(z.literal(1), 1),
  title: z.string().check(z.minLength(1), z.maxLength(100)),
  keywords: z._default(
    z
      .array(
        z.string().check(
          z.minLength(1),
          z.maxLength(100),
          z.refine((word) => normalise(word) !== "", "needs a letter or a digit"),
        ),
      )
      .check(z.maxLength(KEYWORDS_PER_TOPIC), z.describe("Words and phrases that start the topic")),
    [],
  ),
  steps: z.array(stepSchema).check(z.minLength(1), z.maxLength(STEPS_PER_TOPIC)),
});

export type Topic = z.infer<typeof topicSchema>;

/** A topic with its id, as the engine reads it. */
export interface NamedTopic extends Topic {
  readonly id: string;
}

/** Every topic that a topic's steps go to, with the pointer of each. */
export function targetsOf(topic: Topic): readonly { readonly pointer: string; readonly value: string }[] {
  return topic.steps.flatMap((step, index) => within(index, kindOf(step).references(step).topics));
}

/** What the schema cannot say: unknown steps, doubled ids, templates that do not parse. */
export function checkTopic(topic: Topic): readonly FieldProblem[] {
  const ids = new Set(topic.steps.map(({ id }) => id));
  return [...doubledIds(topic), ...topic.steps.flatMap((step, index) => checkStep(step, index, ids))];
}

function checkStep(step: Step, index: number, ids: ReadonlySet<string>): readonly FieldProblem[] {
  const {
    steps = [],
    unasked = [],
    templates = [],
    conditions,
    urls = [],
    requests = [],
  } = kindOf(step).references(step);
  return [
    ...within(index, [...steps, ...unasked])
      .filter(({ value }) => !ids.has(value))
      .map(({ pointer, value }) => ({ pointer, detail: `There is no step "${value}" in this topic.` })),
    ...within(index, [...templates, ...urls, ...requests]).flatMap(({ pointer, value }) =>
      explain(pointer, templateProblem(value)),
    ),
    ...within(index, conditions).flatMap(({ pointer, value }) => explain(pointer, conditionProblem(value))),
  ];
}

function doubledIds(topic: Topic): readonly FieldProblem[] {
  const first = new Map<string, number>();
  return topic.steps.flatMap(({ id }, index) => {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    return before === undefined
      ? []
      : [{ pointer: `/steps/${index}/id`, detail: `Step ${before + 1} is called "${id}" too; each id stands once.` }];
  });
}

function explain(pointer: string, what: string | null): readonly FieldProblem[] {
  return what === null ? [] : [{ pointer, detail: `Not a valid Liquid text: ${what}` }];
}

function within(index: number, ats: readonly { pointer: string; value: string }[] = []) {
  return ats.map(({ pointer, value }) => ({ pointer: `/steps/${index}${pointer}`, value }));
}
