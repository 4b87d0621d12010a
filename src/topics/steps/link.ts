import * as z from "zod/mini";
import { localizedText } from "../../templates/localized-text.ts";
import { next, type StepKind, stepId, toReferences, toTextAnswers, toTextReferences } from "./step-kind.ts";

const schema = z.strictObject({
  kind: z
    .literal("link")
    .check(
      z.describe(
        "Lets the person show who they are; from then on `person` is known. Who is known already goes on at once",
      ),
    ),
  id: stepId,
  text: z.optional(localizedText.check(z.describe("Said before they are asked for their PIN"))),
  by: z.optional(
    z.enum(["text", "page"]).check(z.describe("Where PIN and code are given; left out: as the application says")),
  ),
  otherwise: stepId.check(z.describe("The step that follows where they go on as a guest")),
  next,
});

/** Lets the person show who they are. */
export const linkStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, otherwise, next: to }) => ({
    waits: "person",
    fallsThrough: to === undefined,
    steps: toReferences({ otherwise, next: to }),
    // Whose phone nobody knows is not asked, nor who is known already.
    unasked: toReferences({ otherwise, next: to }),
    templates: toTextReferences({ text }),
  }),
  enter: ({ text, by, next: to }, { render, isLinked }) => {
    if (isLinked) return { kind: "go", to: to ?? null, answers: [] };
    return { kind: "link", by, answers: text === undefined ? [] : toTextAnswers(render(text)) };
  },
  receive: ({ otherwise, next: to }, heard) => {
    const isLinked = heard.kind === "linked" && heard.isLinked;
    return { kind: "go", to: isLinked ? (to ?? null) : otherwise, answers: [] };
  },
};
