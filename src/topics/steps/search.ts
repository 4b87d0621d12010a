import * as z from "zod/mini";
import type { Json } from "../../core/json.ts";
import { template, wording } from "../../templates/wording.ts";
import { at, next, type StepKind, say, stepId, texts } from "./kind.ts";
import { answerAt, jsonPath, requestOf, requestSchema, requestTexts } from "./request.ts";

const schema = z.strictObject({
  kind: z.literal("search").check(z.describe("Searches in your system, and says the first result")),
  id: stepId,
  text: z.optional(wording.check(z.describe("Stands before the result"))),
  request: requestSchema,
  items: z.optional(
    jsonPath.check(z.describe("Where the list of results is in the JSON answer; left out: it is the answer")),
  ),
  result: wording.check(z.describe("What is said of the first result, which Liquid sees as `item`")),
  link: z.optional(template.check(z.describe("A URL that is said below it"))),
  none: z.optional(stepId.check(z.describe("The step that follows when nothing was found; left out: as `failed`"))),
  failed: stepId.check(z.describe("The step that follows when there is no answer")),
  next,
});

/** Searches in the operator's system, and says the first result. */
export const searching: StepKind<typeof schema> = {
  schema,
  references: ({ text, request, result, link, none, failed, next: to }) => ({
    waits: "system",
    fallsThrough: to === undefined,
    steps: at({ none, failed, next: to }),
    templates: [...texts({ text, result }), ...requestTexts("request", request)],
    urls: at({ link }),
    requests: at({ "request/url": request.url }),
    hasItem: true,
  }),
  enter: ({ request }, context) => ({ kind: "request", request: requestOf(request, context), answers: [] }),
  hear: (step, heard, _, context) => {
    const found = heard.kind === "answered" ? answerAt(heard.outcome, step.items) : null;
    if (!Array.isArray(found)) return { kind: "go", to: step.failed, answers: [] };
    const [item] = found as readonly Json[];
    if (item === undefined) return { kind: "go", to: step.none ?? step.failed, answers: [] };
    const { text = "", result, link } = step;
    const lines = [
      context.render(text),
      context.render(result, { item }),
      link === undefined ? "" : context.render(link, { item }),
    ];
    return { kind: "go", to: step.next ?? null, answers: say(lines.filter((line) => line.trim() !== "").join("\n")) };
  },
};
