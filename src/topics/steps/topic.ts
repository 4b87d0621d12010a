import * as z from "zod/mini";
import { type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("topic").check(z.describe("Goes on with another topic, and perhaps comes back")),
  id: stepId,
  topic: stepId.check(z.describe("The id of the topic to go on with; the same application must have it")),
  returns: z._default(z.boolean().check(z.describe("Whether the step below follows when that topic is over")), false),
});

/** Goes on with another topic, and perhaps comes back. */
export const topicStep: StepKind<typeof schema> = {
  schema,
  references: ({ topic, returns }) => ({
    // What the other topic does is seen only together with it.
    waits: returns ? "person" : "nothing",
    fallsThrough: returns,
    topics: toReferences({ topic }),
  }),
  enter: ({ topic, returns }) => ({ kind: "topic", topic, returns }),
};
