import * as z from "zod/mini";
import { localizedText } from "../../templates/localized-text.ts";
import { next, type StepKind, stepId, toReferences, toTextAnswers, toTextReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z
    .literal("link")
    .check(z.describe("Checks the contact's identity and sets `person`. Skipped if the contact is linked already")),
  id: stepId,
  text: z.optional(localizedText.check(z.describe("Text before the question for the PIN"))),
  by: z.optional(
    z.enum(["text", "page"]).check(z.describe("How PIN and code are entered. Default: as the application says")),
  ),
  otherwise: stepId.check(z.describe("Id of the next step if the contact continues as a guest")),
  next,
});

/** Checks the contact's identity and links them to a person. */
export const linkStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, otherwise, next: to }) => ({
    waits: "contact",
    fallsThrough: to === undefined,
    steps: toReferences({ otherwise, next: to }),
    // A contact that is linked already, or whose phone is unknown, is not asked.
    unasked: toReferences({ otherwise, next: to }),
    templates: toTextReferences({ text }),
  }),
  enter: ({ text, by, next: to }, { render, isLinked }) => {
    if (isLinked) return { kind: "go", to: to ?? null, answers: [] };
    return { kind: "link", by, answers: text === undefined ? [] : toTextAnswers(render(text)) };
  },
  receive: ({ otherwise, next: to }, input) => {
    const isLinked = input.kind === "linked" && input.isLinked;
    return { kind: "go", to: isLinked ? (to ?? null) : otherwise, answers: [] };
  },
};
