import * as z from "zod/mini";
import { at, type StepKind, say, stepId, template } from "./kind.ts";

const schema = z.strictObject({ kind: z.literal("end"), id: stepId, text: z.optional(template) });

/** Ends the conversation: the next text opens a new one. */
export const ending: StepKind<typeof schema> = {
  schema,
  references: ({ text }) => ({ templates: at({ text }) }),
  enter: (step, { render }) => ({ kind: "end", answers: step.text === undefined ? [] : say(render(step.text)) }),
};
