import * as z from "zod/mini";
import type { AssistantList } from "../../contract/assistant.ts";
import { localizedText } from "../../templates/localized-text.ts";
import { parseYesOrNo } from "../../understanding/yes-no.ts";
import {
  next,
  type StepContext,
  type StepKind,
  type StepOutcome,
  stepId,
  toReferences,
  toTextAnswers,
  toTextReferences,
} from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("subscribe").check(z.describe("Switches a list on for the person, whose notices they then get")),
  id: stepId,
  list: stepId.check(z.describe("The id of the list; it must be on the number that the person texts")),
  text: z.optional(localizedText.check(z.describe("Said when it is on; left out: the automated message `subscribed`"))),
  ask: z.optional(
    localizedText.check(
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

type SubscribeStep = z.infer<typeof schema>;

/** Switches a list on for the person. Where the list wants that, they are asked for a YES first; a guest cannot have one for linked persons. */
export const subscribeStep: StepKind<typeof schema> = {
  schema,
  references: ({ list, text, ask, no, next: to }) => ({
    // Which of them it is, the list says; until then it may do either.
    waits: "nothing",
    fallsThrough: to === undefined || no === undefined,
    steps: toReferences({ no, next: to }),
    lists: toReferences({ list }),
    templates: toTextReferences({ text, ask }),
  }),
  enter: (step, context) => {
    const list = context.list(step.list);
    if (list === null) return { kind: "go", to: step.no ?? null, answers: [] };
    if (!list.doubleOptIn || list.on) return subscribeToList(step, list, context);
    const { id, place: number, title } = list;
    const answers =
      step.ask === undefined
        ? context.message("confirmSubscription", { list: title, number })
        : toTextAnswers(context.render(step.ask));
    return { kind: "wait", answers, subscribes: { list: id, to: "asked" } };
  },
  receive: (step, heard, _, context) => {
    const list = context.list(step.list);
    const answer = heard.kind === "text" ? parseYesOrNo(heard.text, context.language) : null;
    if (list === null) return { kind: "go", to: step.no ?? null, answers: [] };
    if (answer === null) return { kind: "unclear", answers: context.message("answerYesOrNo") };
    if (answer) return subscribeToList(step, list, context);
    return { kind: "go", to: step.no ?? null, answers: [], subscribes: { list: list.id, to: "off" } };
  },
};

function subscribeToList(
  step: SubscribeStep,
  { id, title, place }: AssistantList,
  { message, render }: StepContext,
): StepOutcome {
  const answers =
    step.text === undefined ? message("subscribed", { list: title, number: place }) : toTextAnswers(render(step.text));
  return { kind: "go", to: step.next ?? null, answers, subscribes: { list: id, to: "on" } };
}
