import * as z from "zod/mini";
import type { Answer } from "../../contract/assistant.ts";
import { cardAnswers } from "../../contract/card.ts";
import { CARD_FIELDS, LINKS_PER_STEP } from "../../core/limits/topics.ts";
import { template, wording } from "../../templates/wording.ts";
import { at, type Context, next, type StepKind, stepId, texts } from "./kind.ts";

const link = z.strictObject({ url: template, label: z.optional(wording.check(z.describe("Stands before the URL"))) });

const card = z.strictObject({
  title: wording,
  subtitle: z.optional(wording.check(z.describe("Stands behind the title"))),
  fields: z.optional(
    z
      .array(z.strictObject({ label: wording, value: wording }))
      .check(z.minLength(1), z.maxLength(CARD_FIELDS), z.describe("A line each")),
  ),
  link: z.optional(template.check(z.describe("A URL, the last line"))),
});

const schema = z
  .strictObject({
    kind: z.literal("say").check(z.describe("Tells the person something and goes on")),
    id: stepId,
    text: z.optional(wording),
    image: z.optional(template.check(z.describe("The https URL of a picture, sent as MMS with the text or the card"))),
    card: z.optional(card.check(z.describe("Facts in a few lines: one message, after the text"))),
    link: z.optional(link.check(z.describe("A message of its own"))),
    links: z.optional(
      z
        .array(link)
        .check(z.minLength(1), z.maxLength(LINKS_PER_STEP), z.describe("Several links, a line each, in one message")),
    ),
    next,
  })
  .check(
    z.refine(({ text, image, card: facts, link: one, links }) => Boolean(text ?? image ?? facts ?? one ?? links), {
      message: 'must be there, or "image", "card", "link" or "links"',
      path: ["text"],
    }),
  );

type Step = z.infer<typeof schema>;

/** Tells the person something and goes on. */
export const saying: StepKind<typeof schema> = {
  schema,
  references: ({ text, image, card: facts, link: one, links = [], next: to }) => ({
    waits: "nothing",
    fallsThrough: to === undefined,
    steps: at({ next: to }),
    templates: [
      ...texts({ text, "card/title": facts?.title, "card/subtitle": facts?.subtitle, "link/label": one?.label }),
      ...(facts?.fields ?? []).flatMap(({ label, value }, index) =>
        texts({ [`card/fields/${index}/label`]: label, [`card/fields/${index}/value`]: value }),
      ),
      ...links.flatMap(({ label }, index) => texts({ [`links/${index}/label`]: label })),
    ],
    urls: [
      ...at({ image, "card/link": facts?.link, "link/url": one?.url }),
      ...links.flatMap(({ url }, index) => at({ [`links/${index}/url`]: url })),
    ],
  }),
  enter: (step, context) => ({ kind: "go", to: step.next ?? null, answers: answersOf(step, context) }),
};

/** The picture goes with the first of what is said. */
function answersOf({ text, image, card: facts, link: one, links }: Step, context: Context): readonly Answer[] {
  const { render } = context;
  const words = text === undefined ? "" : render(text);
  const picture = image === undefined ? null : render(image).trim();
  const withText = picture !== null && (words !== "" || facts === undefined);
  const answers: Answer[] = [];
  if (withText) answers.push({ kind: "media", url: picture, text: words });
  else if (words !== "") answers.push({ kind: "text", text: words });
  if (facts !== undefined) answers.push(...cardOf(facts, withText ? null : picture, context));
  if (one !== undefined) answers.push({ kind: "link", ...linkOf(one, context) });
  if (links !== undefined)
    answers.push({ kind: "text", text: links.map((each) => line(linkOf(each, context))).join("\n") });
  return answers;
}

function cardOf(facts: z.infer<typeof card>, picture: string | null, { render }: Context): readonly Answer[] {
  const { title, subtitle, fields = [], link: url } = facts;
  return cardAnswers({
    kind: "card",
    title: render(title),
    subtitle: subtitle === undefined ? undefined : render(subtitle),
    fields: fields.map(({ label, value }) => ({ label: render(label), value: render(value) })),
    image: picture ?? undefined,
    url: url === undefined ? undefined : render(url).trim(),
  });
}

function linkOf(
  { url, label }: z.infer<typeof link>,
  { render }: Context,
): { readonly url: string; readonly label: string } {
  return { url: render(url).trim(), label: label === undefined ? "" : render(label) };
}

function line({ url, label }: { readonly url: string; readonly label: string }): string {
  return label === "" ? url : `${label}: ${url}`;
}
