import * as z from "zod/mini";
import { localizedText } from "../../templates/localized-text.ts";
import { type StepKind, stepId, toTextAnswers, toTextReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("end").check(z.describe("Ends the conversation; the next text opens a new one")),
  id: stepId,
  text: z.optional(localizedText),
});

/** Ends the conversation; the next text opens a new one. */
export const endStep: StepKind<typeof schema> = {
  schema,
  references: ({ text }) => ({ waits: "nothing", fallsThrough: false, templates: toTextReferences({ text }) }),
  enter: (step, { render }) => ({
    kind: "end",
    answers: step.text === undefined ? [] : toTextAnswers(render(step.text)),
  }),
};
