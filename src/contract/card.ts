import type { AssistantAnswer } from "./assistant.ts";
import { renderPlainText, type TextMarkup } from "./plain-text.ts";

export interface Card {
  readonly kind: "card";
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly text?: string | undefined;
  readonly markup?: TextMarkup | undefined;
  readonly fields?: readonly { readonly label: string; readonly value: string }[] | undefined;
  /** URL of a picture. */
  readonly image?: string | undefined;
  readonly url?: string | undefined;
}

/** Converts a card to texts: title and subtitle, text, one line for each field, and link, sent with the picture. */
export function toCardAnswers(card: Card): readonly AssistantAnswer[] {
  const { title, subtitle, fields = [], image, url } = card;
  const heading = subtitle === undefined || subtitle === "" ? title : `${title}: ${subtitle}`;
  const details = fields.map(({ label, value }) => `${label}: ${value}`);
  const text = joinLines(heading, toPlainText(card), ...details, url);
  return [image === undefined ? toTextAnswer(text) : { kind: "media", url: image, text }];
}

export function toPlainText({
  text = "",
  markup = "plain",
}: {
  readonly text?: string | undefined;
  readonly markup?: TextMarkup | undefined;
}): string {
  return renderPlainText(text, markup);
}

export function joinLines(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join("\n");
}

export function toTextAnswer(text: string): AssistantAnswer {
  return { kind: "text", text };
}
