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
  kind: z.literal("subscribe").check(z.describe("Subscribes the contact to a list")),
  id: stepId,
  list: stepId.check(z.describe("Id of the list; the list must be on the number that the contact texts")),
  text: z.optional(
    localizedText.check(z.describe("Text after subscribing. Default: the automated message `subscribed`")),
  ),
  ask: z.optional(
    localizedText.check(
      z.describe("Question if the list needs a YES first. Default: the automated message `confirmSubscription`"),
    ),
  ),
  no: z.optional(
    stepId.check(
      z.describe("Id of the next step if the contact declines or cannot subscribe. Default: the step below"),
    ),
  ),
  next,
});

type SubscribeStep = z.infer<typeof schema>;

/**
 * Subscribes the contact to a list, after a YES if the list requires that. A guest cannot have a list for linked
 * contacts.
 */
export const subscribeStep: StepKind<typeof schema> = {
  schema,
  references: ({ list, text, ask, no, next: to }) => ({
    // Whether the step waits for a YES depends on the list, so both are possible.
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
  receive: (step, input, _, context) => {
    const list = context.list(step.list);
    const answer = input.kind === "text" ? parseYesOrNo(input.text, context.language) : null;
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
