import * as z from "zod/mini";
import { KEYWORDS_PER_TOPIC, STEPS_PER_TOPIC } from "../core/limits/topics.ts";
import { normaliseText } from "../understanding/normalise.ts";
import { findStepKind, stepSchema } from "./steps/catalog.ts";

/** A topic: one conversation flow of steps, followed from top to bottom. */
export const topicSchema = z.strictObject({
  version: z._default(z.literal(1), 1),
  title: z.string().check(z.minLength(1), z.maxLength(100)),
  keywords: z._default(
    z
      .array(
        z.string().check(
          z.minLength(1),
          z.maxLength(100),
          z.refine((word) => normaliseText(word) !== "", "must contain a letter or a digit"),
        ),
      )
      .check(z.maxLength(KEYWORDS_PER_TOPIC), z.describe("Words and phrases that start the topic")),
    [],
  ),
  requires: z.optional(
    z
      .literal("linked")
      .check(
        z.describe(
          "`linked`: only linked contacts get into the topic; others are asked for an identity check when the topic starts. Default: all contacts",
        ),
      ),
  ),
  steps: z.array(stepSchema).check(z.minLength(1), z.maxLength(STEPS_PER_TOPIC)),
});

export type Topic = z.infer<typeof topicSchema>;

/** A topic with its id. */
export interface NamedTopic extends Topic {
  readonly id: string;
}

/** @returns every topic that the steps of a topic go to, each with the pointer */
export function listTopicTargets(topic: Topic): readonly { readonly pointer: string; readonly value: string }[] {
  return topic.steps.flatMap((step, index) =>
    (findStepKind(step).references(step).topics ?? []).map(({ pointer, value }) => ({
      pointer: `/steps/${index}${pointer}`,
      value,
    })),
  );
}
