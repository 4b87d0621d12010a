import * as z from "zod/mini";
import { OPTIONS_PER_CHOICE } from "../../core/limits.ts";
import { english } from "../../languages/en.ts";
import { choose } from "../understanding/choose.ts";
import { at, type Context, next, type StepKind, say, stepId, template, variableName } from "./kind.ts";

const option = z.strictObject({
  label: template.check(z.maxLength(160)),
  value: z.optional(z.string().check(z.minLength(1), z.maxLength(400), z.describe("Kept instead of the label"))),
  next,
});

const schema = z.strictObject({
  kind: z.literal("choice"),
  id: stepId,
  text: template,
  options: z.array(option).check(z.minLength(1), z.maxLength(OPTIONS_PER_CHOICE)),
  save: z.optional(variableName),
  retry: z.optional(template.check(z.describe("Said, with the options, when the answer is none of them"))),
  next,
});

type Step = z.infer<typeof schema>;

/** Offers numbered options; the person answers with a number or a label. */
export const choosing: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, options, next: to }) => ({
    steps: [...at({ next: to }), ...options.flatMap((each, index) => at({ [`options/${index}/next`]: each.next }))],
    templates: [
      ...at({ text, retry }),
      ...options.flatMap((each, index) => at({ [`options/${index}/label`]: each.label })),
    ],
  }),
  enter: (step, context) => ({ kind: "wait", answers: say(menu(step.text, step, context)) }),
  hear: (step, heard, context) => {
    const options = step.options.map((each) => ({ ...each, label: context.render(each.label) }));
    const choice = choose(heard.text, options, english);
    const chosen = choice.kind === "chosen" ? options[choice.index] : undefined;
    if (chosen === undefined) return { kind: "unclear", answers: say(menu(step.retry ?? sorry(step), step, context)) };
    const value = chosen.value ?? chosen.label;
    const kept = step.save === undefined ? {} : { variables: { [step.save]: value } };
    return { kind: "go", to: chosen.next ?? step.next ?? null, answers: [], ...kept };
  },
};

function menu(text: string, step: Step, { render }: Context): string {
  return [render(text), ...step.options.map(({ label }, index) => `${index + 1}. ${render(label)}`)].join("\n");
}

function sorry(step: Step): string {
  return step.options.length === 1
    ? "Please answer 1."
    : `Please answer with a number from 1 to ${step.options.length}.`;
}
