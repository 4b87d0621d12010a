import type { AssistantAnswer } from "./assistant.ts";
import { renderPlainText, type TextMarkup } from "./plain-text.ts";

export interface Card {
  readonly kind: "card";
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly text?: string | undefined;
  readonly markup?: TextMarkup | undefined;
  readonly fields?: readonly { readonly label: string; readonly value: string }[] | undefined;
  /** Of a picture. */
  readonly image?: string | undefined;
  readonly url?: string | undefined;
}

/** @returns a card as texts: its title and subtitle, its text, a line for each field, and its link; the picture goes with it */
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
