import * as z from "zod/mini";
import type { Json } from "../../core/json.ts";
import { OPTIONS_PER_CHOICE } from "../../core/limits.ts";
import type { Choosable } from "../understanding/choose.ts";
import {
  at,
  type Context,
  next,
  type Outcome,
  type StepKind,
  say,
  silence,
  silenceReferences,
  stepId,
  texts,
  variableName,
  wording,
} from "./kind.ts";
import { countOf, pick, readView, show, type View } from "./offer.ts";

const option = z.strictObject({
  label: wording,
  value: z.optional(z.string().check(z.minLength(1), z.maxLength(400), z.describe("Kept instead of the label"))),
  next,
});

const schema = z.strictObject({
  kind: z.literal("choice"),
  id: stepId,
  text: wording,
  options: z.array(option).check(z.minLength(1), z.maxLength(OPTIONS_PER_CHOICE)),
  save: z.optional(variableName),
  retry: z.optional(wording.check(z.describe("Said, with the options, when the answer is none of them"))),
  silence,
  next,
});

type Step = z.infer<typeof schema>;

/** Offers numbered options; the person answers with a number or a label. */
export const choosing: StepKind<typeof schema> = {
  schema,
  references: ({ text, retry, options, next: to, silence: quiet }) => {
    const inSilence = silenceReferences(quiet);
    const ownNext = options.flatMap((each, index) => at({ [`options/${index}/next`]: each.next }));
    const labels = options.flatMap((each, index) => texts({ [`options/${index}/label`]: each.label }));
    return {
      steps: [...at({ next: to }), ...ownNext, ...inSilence.steps],
      templates: [...texts({ text, retry }), ...labels, ...inSilence.templates],
    };
  },
  enter: (step, context) => ask(context.render(step.text), optionsOf(step, context), { page: 0 }, context),
  claims: (step, text, _, context) => {
    const said = text.trim().toLowerCase();
    return optionsOf(step, context).some(({ label }) => label.toLowerCase() === said);
  },
  hear: (step, heard, state, context) => {
    const options = optionsOf(step, context);
    const view = readView(state);
    const picked = pick(heard.kind === "text" ? heard.text : "", options, view, context);
    if (picked.kind === "shown") return { kind: "wait", answers: picked.answers, state: picked.view };
    if (picked.kind === "chosen") return chosen(step, picked.index, options);
    return { kind: "unclear", answers: again(step, options, view, context), state: view };
  },
};

function ask(text: string, options: readonly Choosable[], view: View, context: Context): Outcome {
  return { kind: "wait", answers: show(text, options, view, context), state: view };
}

function again(step: Step, options: readonly Choosable[], view: View, context: Context) {
  if (step.retry !== undefined) return show(context.render(step.retry), options, view, context);
  const [sorry] = context.message("answerNumber", { count: countOf(options, view, context) });
  return sorry?.kind === "text" ? show(sorry.text, options, view, context) : say("");
}

function chosen(step: Step, index: number, options: readonly Choosable[]): Outcome {
  const value: Json = options[index]?.value ?? options[index]?.label ?? "";
  const kept = step.save === undefined ? {} : { variables: { [step.save]: value } };
  return { kind: "go", to: step.options[index]?.next ?? step.next ?? null, answers: [], ...kept };
}

function optionsOf(step: Step, { render }: Context): readonly Choosable[] {
  return step.options.map(({ label, value }) => ({ label: render(label), value }));
}
