import * as z from "zod/mini";
import { type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("topic").check(z.describe("Continues with another topic, and returns if `returns` is set")),
  id: stepId,
  topic: stepId.check(z.describe("Id of the topic; the application must have it")),
  returns: z._default(
    z.boolean().check(z.describe("Whether to continue with the next step when that topic is over")),
    false,
  ),
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
