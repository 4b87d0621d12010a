import * as z from "zod/mini";
import type { OfferedList } from "../../contract/assistant.ts";
import { wording } from "../../templates/wording.ts";
import { yesOrNo } from "../../understanding/yes-no.ts";
import { at, type Context, next, type Outcome, type StepKind, say, stepId, texts } from "./kind.ts";

const schema = z.strictObject({
  kind: z.literal("subscribe").check(z.describe("Switches a list on for the person, whose notices they then get")),
  id: stepId,
  list: stepId.check(z.describe("The id of the list; it must be on the number that the person texts")),
  text: z.optional(wording.check(z.describe("Said when it is on; left out: the automated message `subscribed`"))),
  ask: z.optional(
    wording.check(
      z.describe(
        "Where the list wants a YES first, the question; left out: the automated message `confirmSubscription`",
      ),
    ),
  ),
  no: z.optional(
    stepId.check(
      z.describe("The step that follows where they do not want it, or cannot have it; left out: the one below"),
    ),
  ),
  next,
});

type Step = z.infer<typeof schema>;

/** Switches a list on for the person. Where the list wants that, they are asked for a YES first; a guest cannot have one for linked persons. */
export const subscribing: StepKind<typeof schema> = {
  schema,
  references: ({ list, text, ask, no, next: to }) => ({
    // Which of them it is, the list says; until then it may do either.
    waits: "nothing",
    fallsThrough: to === undefined || no === undefined,
    steps: at({ no, next: to }),
    lists: at({ list }),
    templates: texts({ text, ask }),
  }),
  enter: (step, context) => {
    const list = context.list(step.list);
    if (list === null) return { kind: "go", to: step.no ?? null, answers: [] };
    if (!list.doubleOptIn || list.on) return switchedOn(step, list, context);
    const { id, place: number, title } = list;
    const answers =
      step.ask === undefined
        ? context.message("confirmSubscription", { list: title, number })
        : say(context.render(step.ask));
    return { kind: "wait", answers, subscribes: { list: id, to: "asked" } };
  },
  hear: (step, heard, _, context) => {
    const list = context.list(step.list);
    const answer = heard.kind === "text" ? yesOrNo(heard.text, context.language) : null;
    if (list === null) return { kind: "go", to: step.no ?? null, answers: [] };
    if (answer === null) return { kind: "unclear", answers: context.message("answerYesOrNo") };
    if (answer) return switchedOn(step, list, context);
    return { kind: "go", to: step.no ?? null, answers: [], subscribes: { list: list.id, to: "off" } };
  },
};

function switchedOn(step: Step, { id, title, place }: OfferedList, { message, render }: Context): Outcome {
  const answers =
    step.text === undefined ? message("subscribed", { list: title, number: place }) : say(render(step.text));
  return { kind: "go", to: step.next ?? null, answers, subscribes: { list: id, to: "on" } };
}
