import * as z from "zod/mini";
import type { AssistantAnswer } from "../../contract/assistant.ts";
import { toCardAnswers } from "../../contract/card.ts";
import { CARD_FIELDS, LINKS_PER_STEP } from "../../core/limits/topics.ts";
import { localizedText, template } from "../../templates/localized-text.ts";
import { next, type StepContext, type StepKind, stepId, toReferences, toTextReferences } from "./step-kind.ts";

const link = z.strictObject({
  url: template,
  label: z.optional(localizedText.check(z.describe("Text before the URL"))),
});

const card = z.strictObject({
  title: localizedText,
  subtitle: z.optional(localizedText.check(z.describe("Text after the title"))),
  fields: z.optional(
    z
      .array(z.strictObject({ label: localizedText, value: localizedText }))
      .check(z.minLength(1), z.maxLength(CARD_FIELDS), z.describe("Lines of the card")),
  ),
  link: z.optional(template.check(z.describe("URL in the last line"))),
});

const schema = z
  .strictObject({
    kind: z.literal("say").check(z.describe("Sends a text and continues")),
    id: stepId,
    text: z.optional(localizedText),
    image: z.optional(
      template.check(z.describe("https URL of a picture that is sent with the text or the card as MMS")),
    ),
    card: z.optional(card.check(z.describe("Facts in a few lines, sent as one message after the text"))),
    link: z.optional(link.check(z.describe("A link, sent as a message of its own"))),
    links: z.optional(
      z
        .array(link)
        .check(z.minLength(1), z.maxLength(LINKS_PER_STEP), z.describe("Several links in one message, one to a line")),
    ),
    next,
  })
  .check(
    z.refine(({ text, image, card: facts, link: one, links }) => Boolean(text ?? image ?? facts ?? one ?? links), {
      message: 'is required unless there is "image", "card", "link" or "links"',
      path: ["text"],
    }),
  );

type SayStep = z.infer<typeof schema>;

/** Sends messages and goes on. */
export const sayStep: StepKind<typeof schema> = {
  schema,
  references: ({ text, image, card: facts, link: one, links = [], next: to }) => ({
    waits: "nothing",
    fallsThrough: to === undefined,
    steps: toReferences({ next: to }),
    templates: [
      ...toTextReferences({
        text,
        "card/title": facts?.title,
        "card/subtitle": facts?.subtitle,
        "link/label": one?.label,
      }),
      ...(facts?.fields ?? []).flatMap(({ label, value }, index) =>
        toTextReferences({ [`card/fields/${index}/label`]: label, [`card/fields/${index}/value`]: value }),
      ),
      ...links.flatMap(({ label }, index) => toTextReferences({ [`links/${index}/label`]: label })),
    ],
    urls: [
      ...toReferences({ image, "card/link": facts?.link, "link/url": one?.url }),
      ...links.flatMap(({ url }, index) => toReferences({ [`links/${index}/url`]: url })),
    ],
  }),
  enter: (step, context) => ({ kind: "go", to: step.next ?? null, answers: renderAnswers(step, context) }),
};

/** Renders the messages of the step; the picture is part of the first one. */
function renderAnswers(
  { text, image, card: facts, link: one, links }: SayStep,
  context: StepContext,
): readonly AssistantAnswer[] {
  const { render } = context;
  const rendered = text === undefined ? "" : render(text);
  const picture = image === undefined ? null : render(image).trim();
  const withText = picture !== null && (rendered !== "" || facts === undefined);
  const answers: AssistantAnswer[] = [];
  if (withText) answers.push({ kind: "media", url: picture, text: rendered });
  else if (rendered !== "") answers.push({ kind: "text", text: rendered });
  if (facts !== undefined) answers.push(...renderCard(facts, withText ? null : picture, context));
  if (one !== undefined) answers.push({ kind: "link", ...renderLink(one, context) });
  if (links !== undefined)
    answers.push({ kind: "text", text: links.map((each) => formatLinkLine(renderLink(each, context))).join("\n") });
  return answers;
}

function renderCard(
  facts: z.infer<typeof card>,
  picture: string | null,
  { render }: StepContext,
): readonly AssistantAnswer[] {
  const { title, subtitle, fields = [], link: url } = facts;
  return toCardAnswers({
    kind: "card",
    title: render(title),
    subtitle: subtitle === undefined ? undefined : render(subtitle),
    fields: fields.map(({ label, value }) => ({ label: render(label), value: render(value) })),
    image: picture ?? undefined,
    url: url === undefined ? undefined : render(url).trim(),
  });
}

function renderLink(
  { url, label }: z.infer<typeof link>,
  { render }: StepContext,
): { readonly url: string; readonly label: string } {
  return { url: render(url).trim(), label: label === undefined ? "" : render(label) };
}

function formatLinkLine({ url, label }: { readonly url: string; readonly label: string }): string {
  return label === "" ? url : `${label}: ${url}`;
}
