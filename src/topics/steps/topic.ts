import * as z from "zod/mini";
import { at, type StepKind, stepId } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("topic"),
  id: stepId,
  topic: stepId.check(z.describe("The id of the topic to go on with; the same application must have it")),
});

/** Goes on with another topic. */
export const going: StepKind<typeof schema> = {
  schema,
  references: ({ topic }) => ({ topics: at({ topic }) }),
  enter: (step) => ({ kind: "topic", topic: step.topic }),
};
