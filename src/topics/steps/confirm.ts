import * as z from "zod/mini";
import { localizedText } from "../../templates/localized-text.ts";
import { variableName } from "../../templates/variable-names.ts";
import { parseYesOrNo } from "../../understanding/yes-no.ts";
import {
  next,
  type StepKind,
  silence,
  stepId,
  toReferences,
  toSilenceReferences,
  toTextAnswers,
  toTextReferences,
} from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("confirm").check(z.describe("Asks a yes-or-no question; common words for yes and no are understood")),
  id: stepId,
  text: localizedText,
  save: z.optional(variableName),
  yes: next,
  no: next,
  retry: z.optional(localizedText.check(z.describe("Text if the answer is neither yes nor no"))),
  silence,
});

/** Asks a yes-or-no question; the answer can be worded in many ways. */
export const confirmStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, yes, no, silence: silenceRules }) => {
    const inSilence = toSilenceReferences(silenceRules);
    return {
      waits: "contact",
      fallsThrough: yes === undefined || no === undefined,
      saves: toReferences({ save }),
      steps: [...toReferences({ yes, no }), ...inSilence.steps],
      templates: [...toTextReferences({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: toTextAnswers(render(step.text)) }),
  receive: (step, input, _, { render, language, message }) => {
    const answer = input.kind === "text" ? parseYesOrNo(input.text, language) : null;
    if (answer === null) {
      return {
        kind: "unclear",
        answers: step.retry === undefined ? message("answerYesOrNo") : toTextAnswers(render(step.retry)),
      };
    }
    const saved = step.save === undefined ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: (answer ? step.yes : step.no) ?? null, answers: [], ...saved };
  },
};
