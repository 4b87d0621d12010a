import * as z from "zod/mini";
import {
  at,
  next,
  type StepKind,
  say,
  silence,
  silenceReferences,
  stepId,
  texts,
  variableName,
  wording,
} from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("ask"),
  id: stepId,
  text: wording,
  save: variableName,
  retry: z.optional(wording.check(z.describe("Said when the answer does not fit"))),
  silence,
  next,
});

/** Asks for a text and keeps it. */
export const asking: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, next: to, silence: quiet }) => {
    const inSilence = silenceReferences(quiet);
    return {
      waits: "person",
      fallsThrough: to === undefined,
      saves: at({ save }),
      steps: [...at({ next: to }), ...inSilence.steps],
      templates: [...texts({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: say(render(step.text)) }),
  hear: (step, heard, _, { render }) => {
    const answer = heard.kind === "text" ? heard.text.trim() : "";
    if (answer === "") return { kind: "wait", answers: say(render(step.retry ?? step.text)) };
    return { kind: "go", to: step.next ?? null, answers: [], variables: { [step.save]: answer } };
  },
};
