import type { Markup } from "../../contract/plain-text.ts";
import { ATTACHMENTS_PER_MESSAGE } from "../../core/limits/assistants.ts";
import type { Option, Saying } from "../compose.ts";
import { actionsOf, withActions } from "./actions.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./activity.ts";
import { attachmentSayings } from "./cards.ts";

/** Says a message of a bot's in texts: its words, what is attached in order (as a list or as a carousel), and what it suggests. */
export function messageSayings(message: Fields): readonly Saying[] {
  const text = textOf(message["text"]);
  const attachments = listOf(message["attachments"]);
  const all = attachments.slice(0, ATTACHMENTS_PER_MESSAGE);
  const cut = attachments.length - all.length;
  const said = [
    ...(text === null ? [] : [{ kind: "text", text, markup: markupOf(message["textFormat"]) } as const]),
    ...told(all),
    ...(cut === 0 ? [] : [{ kind: "skipped", what: `${cut} more cards` } as const]),
  ];
  return withActions(said, actionsOf(listOf(fieldsOf(message["suggestedActions"])["actions"])));
}

/** As the Activity schema has it: what says nothing else is Markdown. */
function markupOf(format: unknown): Markup {
  if (format === "plain") return "plain";
  return format === "xml" ? "html" : "markdown";
}

/** Buttons of several cards that have the same words are told apart by the cards' titles. */
function told(attachments: readonly unknown[]): readonly Saying[] {
  const cards = attachments.map((attachment) => ({
    title: titleOf(attachment),
    sayings: attachmentSayings(attachment),
  }));
  const labels = cards.flatMap(({ sayings }) => sayings.flatMap(labelsOf));
  if (cards.length < 2 || new Set(labels).size === labels.length) return cards.flatMap(({ sayings }) => sayings);
  return cards.flatMap(({ title, sayings }) =>
    title === null ? sayings : sayings.map((saying) => prefixed(saying, title)),
  );
}

function titleOf(attachment: unknown): string | null {
  return textOf(fieldsOf(fieldsOf(attachment)["content"])["title"]);
}

function labelsOf(saying: Saying): readonly string[] {
  return saying.kind === "options" ? saying.options.map(({ label }) => label) : [];
}

function prefixed(saying: Saying, title: string): Saying {
  if (saying.kind !== "options") return saying;
  return {
    ...saying,
    options: saying.options.map((option): Option => ({ ...option, label: `${title}: ${option.label}` })),
  };
}
