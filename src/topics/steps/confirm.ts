import * as z from "zod/mini";
import { variableName } from "../../templates/names.ts";
import { wording } from "../../templates/wording.ts";
import { yesOrNo } from "../../understanding/yes-no.ts";
import { at, next, type StepKind, say, silence, silenceReferences, stepId, texts } from "./kind.ts";

const schema = z.strictObject({
  kind: z
    .literal("confirm")
    .check(z.describe("Asks a question that is answered by yes or no, however a person says it")),
  id: stepId,
  text: wording,
  save: z.optional(variableName),
  yes: next,
  no: next,
  retry: z.optional(wording.check(z.describe("Said when the answer is neither yes nor no"))),
  silence,
});

/** Asks a question that is answered by yes or no, however a person says it. */
export const confirming: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, save, yes, no, silence: quiet }) => {
    const inSilence = silenceReferences(quiet);
    return {
      waits: "person",
      fallsThrough: yes === undefined || no === undefined,
      saves: at({ save }),
      steps: [...at({ yes, no }), ...inSilence.steps],
      templates: [...texts({ text, retry }), ...inSilence.templates],
    };
  },
  enter: (step, { render }) => ({ kind: "wait", answers: say(render(step.text)) }),
  hear: (step, heard, _, { render, language, message }) => {
    const answer = heard.kind === "text" ? yesOrNo(heard.text, language) : null;
    if (answer === null) {
      return {
        kind: "unclear",
        answers: step.retry === undefined ? message("answerYesOrNo") : say(render(step.retry)),
      };
    }
    const kept = step.save === undefined ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: (answer ? step.yes : step.no) ?? null, answers: [], ...kept };
  },
};
