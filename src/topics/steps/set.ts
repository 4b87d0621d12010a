import * as z from "zod/mini";
import { VARIABLE_CHARACTERS } from "../../core/limits/topics.ts";
import { template } from "../../templates/localized-text.ts";
import { variableName } from "../../templates/variable-names.ts";
import { next, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("set").check(z.describe("Sets variables; all new values are computed from the old ones")),
  id: stepId,
  values: z
    .record(variableName, template)
    .check(
      z.describe("Variables with the Liquid templates of their values; `language` sets the conversation's language"),
    ),
  next,
});

/** Sets variables, all computed from their old values. */
export const setStep: StepKind<typeof schema> = {
  schema,
  references: ({ values, next: to }) => ({
    waits: "nothing",
    fallsThrough: to === undefined,
    saves: Object.keys(values).map((name) => ({ pointer: `/values/${name}`, value: name })),
    steps: toReferences({ next: to }),
    templates: Object.entries(values).map(([name, value]) => ({ pointer: `/values/${name}`, value })),
  }),
  enter: (step, { render }) => ({
    kind: "go",
    to: step.next ?? null,
    answers: [],
    variables: Object.fromEntries(
      Object.entries(step.values).map(([name, value]) => [name, render(value).trim().slice(0, VARIABLE_CHARACTERS)]),
    ),
  }),
};
