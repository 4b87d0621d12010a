import * as z from "zod/mini";
import { at, next, type StepKind, say, stepId, template, variableName } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("ask"),
  id: stepId,
  text: template,
  save: variableName,
  retry: z.optional(template.check(z.describe("Said when the answer holds no text"))),
  next,
});

/** Asks for a text and keeps it. */
export const asking: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, next: to }) => ({ steps: at({ next: to }), templates: at({ text, retry }) }),
  enter: (step, { render }) => ({ kind: "wait", answers: say(render(step.text)) }),
  hear: (step, heard, { render }) => {
    const answer = heard.text.trim();
    if (answer === "") return { kind: "wait", answers: say(render(step.retry ?? step.text)) };
    return { kind: "go", to: step.next ?? null, answers: [], variables: { [step.save]: answer } };
  },
};
