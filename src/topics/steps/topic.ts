import * as z from "zod/mini";
import { type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("topic").check(z.describe("Goes on with another topic, and can return")),
  id: stepId,
  topic: stepId.check(z.describe("The id of the topic, which the same application must have")),
  returns: z._default(z.boolean().check(z.describe("Whether the step below follows when that topic is over")), false),
});

/** Goes on with another topic, and can return. */
export const topicStep: StepKind<typeof schema> = {
  schema,
  references: ({ topic, returns }) => ({
    // The check of the whole application follows the other topic.
    waits: returns ? "contact" : "nothing",
    fallsThrough: returns,
    topics: toReferences({ topic }),
  }),
  enter: ({ topic, returns }) => ({ kind: "topic", topic, returns }),
};
