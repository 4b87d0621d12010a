import * as z from "zod/mini";
import { english } from "../../languages/en.ts";
import { yesOrNo } from "../understanding/yes-no.ts";
import { at, next, type StepKind, say, stepId, template, variableName } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("confirm"),
  id: stepId,
  text: template,
  save: z.optional(variableName),
  yes: next,
  no: next,
  retry: z.optional(template.check(z.describe("Said when the answer is neither yes nor no"))),
});

/** Asks a question that is answered by yes or no, however a person says it. */
export const confirming: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, yes, no }) => ({ steps: at({ yes, no }), templates: at({ text, retry }) }),
  enter: (step, { render }) => ({ kind: "wait", answers: say(render(step.text)) }),
  hear: (step, heard, { render }) => {
    const answer = yesOrNo(heard.text, english);
    if (answer === null) return { kind: "unclear", answers: say(render(step.retry ?? "Please answer yes or no.")) };
    const kept = step.save === undefined ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: (answer ? step.yes : step.no) ?? null, answers: [], ...kept };
  },
};
