import * as z from "zod/mini";
import { PAUSE_SECONDS_MAXIMUM } from "../../core/limits/topics.ts";
import { next, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("wait").check(z.describe("Goes on after some time")),
  id: stepId,
  seconds: z
    .int()
    .check(
      z.gte(1),
      z.lte(PAUSE_SECONDS_MAXIMUM),
      z.describe("Texts that come meanwhile wait too, but for help and exit"),
    ),
  next,
});

/** Goes on after some time. */
export const waitStep: StepKind<typeof schema> = {
  schema,
  references: ({ next: to }) => ({ waits: "time", fallsThrough: to === undefined, steps: toReferences({ next: to }) }),
  enter: ({ seconds }) => ({ kind: "pause", seconds, answers: [] }),
  receive: (step) => ({ kind: "go", to: step.next ?? null, answers: [] }),
};
