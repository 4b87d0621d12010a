import * as z from "zod/mini";
import { variableName } from "../../templates/variable-names.ts";
import { findAnswer, jsonPath, listRequestTexts, renderRequest, requestSchema } from "./request.ts";
import { next, type StepInput, type StepKind, stepId, toReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("call").check(z.describe("Sends a request to your system and stores the JSON answer in a variable")),
  id: stepId,
  request: requestSchema,
  save: z.optional(variableName),
  pick: z.optional(jsonPath.check(z.describe("Path of the value in the JSON answer. Default: the whole answer"))),
  failed: stepId.check(z.describe("Id of the next step if the request fails or the answer has no such value")),
  next,
});

/** Sends a request to the operator's system and saves the JSON response. */
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
  receive: (step, input) => {
    const answer = input.kind === "answered" ? findAnswer(input.outcome, step.pick) : null;
    if (answer === null && (step.save !== undefined || !isSuccessfulAnswer(input)))
      return { kind: "go", to: step.failed, answers: [] };
    const saved = step.save === undefined || answer === null ? {} : { variables: { [step.save]: answer } };
    return { kind: "go", to: step.next ?? null, unkept: step.failed, answers: [], ...saved };
  },
};

function isSuccessfulAnswer(input: StepInput): boolean {
  return input.kind === "answered" && input.outcome.kind === "answered" && Math.floor(input.outcome.status / 100) === 2;
}
