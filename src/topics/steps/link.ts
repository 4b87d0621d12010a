import * as z from "zod/mini";
import { wording } from "../../templates/wording.ts";
import { at, next, type StepKind, say, stepId, texts } from "./kind.ts";

const schema = z.strictObject({
  kind: z
    .literal("link")
    .check(
      z.describe(
        "Lets the person show who they are; from then on `person` is known. Who is known already goes on at once",
      ),
    ),
  id: stepId,
  text: z.optional(wording.check(z.describe("Said before they are asked for their PIN"))),
  by: z.optional(
    z.enum(["text", "page"]).check(z.describe("Where PIN and code are given; left out: as the application says")),
  ),
  otherwise: stepId.check(z.describe("The step that follows where they go on as a guest")),
  next,
});

/** Lets the person show who they are. */
export const linking: StepKind<typeof schema> = {
  schema,
  references: ({ text, otherwise, next: to }) => ({
    waits: "person",
    fallsThrough: to === undefined,
    steps: at({ otherwise, next: to }),
    // Whose phone nobody knows is not asked, nor who is known already.
    unasked: at({ otherwise, next: to }),
    templates: texts({ text }),
  }),
  enter: ({ text, by, next: to }, { render, isLinked }) => {
    if (isLinked) return { kind: "go", to: to ?? null, answers: [] };
    return { kind: "link", by, answers: text === undefined ? [] : say(render(text)) };
  },
  hear: ({ otherwise, next: to }, heard) => {
    const isLinked = heard.kind === "linked" && heard.isLinked;
    return { kind: "go", to: isLinked ? (to ?? null) : otherwise, answers: [] };
  },
};
