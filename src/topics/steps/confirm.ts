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
  kind: z
    .literal("confirm")
    .check(z.describe("Asks a question that is answered by yes or no, however a person says it")),
  id: stepId,
  text: localizedText,
  save: z.optional(variableName),
  yes: next,
  no: next,
  retry: z.optional(localizedText.check(z.describe("Said when the answer is neither yes nor no"))),
  silence,
});

/** Asks a question that is answered by yes or no, however a person says it. */
export const confirmStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, yes, no, silence: quiet }) => {
    const inSilence = toSilenceReferences(quiet);
    return {
      waits: "person",
      fallsThrough: yes === undefined || no === undefined,
      saves: toReferences({ save }),
      steps: [...toReferences({ yes, no }), ...inSilence.steps],
      templates: [...toTextReferences({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: toTextAnswers(render(step.text)) }),
  receive: (step, heard, _, { render, language, message }) => {
    const answer = heard.kind === "text" ? parseYesOrNo(heard.text, language) : null;
    if (answer === null) {
      return {
        kind: "unclear",
        answers: step.retry === undefined ? message("answerYesOrNo") : toTextAnswers(render(step.retry)),
      };
    }
    const kept = step.save === undefined ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: (answer ? step.yes : step.no) ?? null, answers: [], ...kept };
  },
};
