import * as z from "zod/mini";
import { PAUSE_SECONDS_MAXIMUM } from "../../core/limits/topics.ts";
import { next, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("wait").check(z.describe("Waits for some time")),
  id: stepId,
  seconds: z
    .int()
    .check(
      z.gte(1),
      z.lte(PAUSE_SECONDS_MAXIMUM),
      z.describe("Seconds to wait; texts that arrive meanwhile wait too, except help and exit"),
    ),
  next,
});

/** Pauses and then goes on. */
export const waitStep: StepKind<typeof schema> = {
  schema,
  references: ({ next: to }) => ({ waits: "time", fallsThrough: to === undefined, steps: toReferences({ next: to }) }),
  enter: ({ seconds }) => ({ kind: "pause", seconds, answers: [] }),
  receive: (step) => ({ kind: "go", to: step.next ?? null, answers: [] }),
};
