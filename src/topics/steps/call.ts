import * as z from "zod/mini";
import { variableName } from "../../templates/variable-names.ts";
import { findAnswer, jsonPath, listRequestTexts, renderRequest, requestSchema } from "./request.ts";
import { next, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("call").check(z.describe("Asks your system; its JSON answer becomes a variable")),
  id: stepId,
  request: requestSchema,
  save: z.optional(variableName),
  pick: z.optional(jsonPath.check(z.describe("What of the JSON answer is kept; left out: all of it"))),
  failed: stepId.check(z.describe("The step that follows when there is no such answer")),
  next,
});

/** Asks the operator's system; its JSON answer becomes a variable. */
export const callStep: StepKind<typeof schema> = {
  schema,
  references: ({ request, save, failed, next: to }) => ({
    waits: "system",
    fallsThrough: to === undefined,
    saves: toReferences({ save }),
    steps: toReferences({ failed, next: to }),
    requests: toReferences({ "request/url": request.url }),
    templates: listRequestTexts("request", request),
  }),
  enter: ({ request }, context) => ({ kind: "request", request: renderRequest(request, context), answers: [] }),
  receive: (step, heard) => {
    const answer = heard.kind === "answered" ? findAnswer(heard.outcome, step.pick) : null;
    if (answer === null && (step.save !== undefined || !isSuccessfulAnswer(heard)))
      return { kind: "go", to: step.failed, answers: [] };
    const kept = step.save === undefined || answer === null ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: step.next ?? null, unkept: step.failed, answers: [], ...kept };
  },
};

function isSuccessfulAnswer(heard: Parameters<NonNullable<(typeof callStep)["receive"]>>[1]): boolean {
  return heard.kind === "answered" && heard.outcome.kind === "answered" && Math.floor(heard.outcome.status / 100) === 2;
}
