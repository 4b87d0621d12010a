import * as z from "zod/mini";
import { wording } from "../../templates/wording.ts";
import { type StepKind, say, stepId, texts } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("end").check(z.describe("Ends the conversation: the next text opens a new one")),
  id: stepId,
  text: z.optional(wording),
});

/** Ends the conversation: the next text opens a new one. */
export const ending: StepKind<typeof schema> = {
  schema,
  references: ({ text }) => ({ waits: "nothing", fallsThrough: false, templates: texts({ text }) }),
  enter: (step, { render }) => ({ kind: "end", answers: step.text === undefined ? [] : say(render(step.text)) }),
};
