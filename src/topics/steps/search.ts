import * as z from "zod/mini";
import type { JsonValue } from "../../core/json.ts";
import { localizedText, template } from "../../templates/localized-text.ts";
import { findAnswer, jsonPath, listRequestTexts, renderRequest, requestSchema } from "./request.ts";
import { next, type StepKind, stepId, toReferences, toTextAnswers, toTextReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z.literal("search").check(z.describe("Searches your system and sends the first result")),
  id: stepId,
  text: z.optional(localizedText.check(z.describe("Text before the result"))),
  request: requestSchema,
  items: z.optional(
    jsonPath.check(
      z.describe("Path of the list of results in the JSON answer. Default: the answer itself is the list"),
    ),
  ),
  result: localizedText.check(z.describe("Text for the first result, which is `item`")),
  link: z.optional(template.check(z.describe("URL below the result"))),
  none: z.optional(stepId.check(z.describe("Id of the next step if nothing was found. Default: as `failed`"))),
  failed: stepId.check(z.describe("Id of the next step if the request fails")),
  next,
});

/** Searches the operator's system and sends the first result. */
export const searchStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, request, result, link, none, failed, next: to }) => ({
    waits: "system",
    fallsThrough: to === undefined,
    steps: toReferences({ none, failed, next: to }),
    templates: [...toTextReferences({ text, result }), ...listRequestTexts("request", request)],
    urls: toReferences({ link }),
    requests: toReferences({ "request/url": request.url }),
    hasItem: true,
  }),
  enter: ({ request }, context) => ({ kind: "request", request: renderRequest(request, context), answers: [] }),
  receive: (step, input, _, context) => {
    const found = input.kind === "answered" ? findAnswer(input.outcome, step.items) : null;
    if (!Array.isArray(found)) return { kind: "go", to: step.failed, answers: [] };
    const [item] = found as readonly JsonValue[];
    if (item === undefined) return { kind: "go", to: step.none ?? step.failed, answers: [] };
    const { text = "", result, link } = step;
    const lines = [
      context.render(text),
      context.render(result, { item }),
      link === undefined ? "" : context.render(link, { item }),
    ];
    return {
      kind: "go",
      to: step.next ?? null,
      answers: toTextAnswers(lines.filter((line) => line.trim() !== "").join("\n")),
    };
  },
};
