import * as z from "zod/mini";
import type { Answer } from "../../assistants/contract.ts";
import { at, type Context, next, type StepKind, stepId, template, texts, wording } from "./kind.ts";

const schema = z
  .strictObject({
    kind: z.literal("say").check(z.describe("Tells the person something and goes on")),
    id: stepId,
    text: z.optional(wording),
    image: z.optional(template.check(z.describe("The https URL of a picture, sent as MMS with the text"))),
    link: z.optional(
      z.strictObject({ url: template, label: z.optional(wording.check(z.describe("Stands before the URL"))) }),
    ),
    next,
  })
  .check(
    z.refine((step) => Boolean(step.text ?? step.image ?? step.link), {
      message: 'must be there, or "image", or "link"',
      path: ["text"],
    }),
  );

type Step = z.infer<typeof schema>;

/** Tells the person something and goes on. */
export const saying: StepKind<typeof schema> = {
  schema,
  references: ({ text, image, link, next: to }) => ({
    waits: "nothing",
    fallsThrough: to === undefined,
    steps: at({ next: to }),
    templates: texts({ text, "link/label": link?.label }),
    urls: at({ image, "link/url": link?.url }),
  }),
  enter: (step, context) => ({ kind: "go", to: step.next ?? null, answers: answersOf(step, context) }),
};

function answersOf({ text, image, link }: Step, { render }: Context): readonly Answer[] {
  const answers: Answer[] = [];
  const words = text === undefined ? "" : render(text);
  if (image !== undefined) answers.push({ kind: "media", url: render(image).trim(), text: words });
  else if (words !== "") answers.push({ kind: "text", text: words });
  if (link !== undefined) {
    answers.push({
      kind: "link",
      url: render(link.url).trim(),
      label: link.label === undefined ? "" : render(link.label),
    });
  }
  return answers;
}
