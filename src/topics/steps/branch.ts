import * as z from "zod/mini";
import { template } from "../../templates/localized-text.ts";
import { next, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z
    .literal("branch")
    .check(z.describe("Continues at the step of the first condition that is true, otherwise at the next step")),
  id: stepId,
  cases: z
    .array(
      z.strictObject({
        when: template.check(z.describe('A Liquid condition without braces: vehicle == "boat" and urgent')),
        next: stepId,
      }),
    )
    .check(z.minLength(1), z.maxLength(50)),
  next,
});

/** Goes to the step of the first true condition, otherwise to the next step. */
export const branchStep: StepKind<typeof schema> = {
  schema,
  references: ({ cases, next: to }) => ({
    waits: "nothing",
    fallsThrough: to === undefined,
    steps: [
      ...toReferences({ next: to }),
      ...cases.flatMap((each, index) => toReferences({ [`cases/${index}/next`]: each.next })),
    ],
    conditions: cases.flatMap((each, index) => toReferences({ [`cases/${index}/when`]: each.when })),
  }),
  enter: (step, { isTrue }) => ({
    kind: "go",
    to: step.cases.find(({ when }) => isTrue(when))?.next ?? step.next ?? null,
    answers: [],
  }),
};
