import type { TextMarkup } from "../../contract/plain-text.ts";
import { ATTACHMENTS_PER_MESSAGE } from "../../core/limits/assistants.ts";
import type { BotMessage, BotOption } from "../bot-messages.ts";
import { type ActivityFields, toFields, toList, toText } from "./activity.ts";
import { appendActions, parseActions } from "./card-actions.ts";
import { convertAttachment } from "./cards.ts";

/** Converts a bot's message: its text, attachments in order (list or carousel), and suggested actions. */
export function convertMessage(message: ActivityFields): readonly BotMessage[] {
  const text = toText(message["text"]);
  const attachments = toList(message["attachments"]);
  const shown = attachments.slice(0, ATTACHMENTS_PER_MESSAGE);
  const droppedCount = attachments.length - shown.length;
  const messages = [
    ...(text === null ? [] : [{ kind: "text", text, markup: toMarkup(message["textFormat"]) } as const]),
    ...convertAttachments(shown),
    ...(droppedCount === 0 ? [] : [{ kind: "skipped", what: `${droppedCount} more cards` } as const]),
  ];
  return appendActions(messages, parseActions(toList(toFields(message["suggestedActions"])["actions"])));
}

/** Markdown is the Activity schema's default. */
function toMarkup(format: unknown): TextMarkup {
  if (format === "plain") return "plain";
  return format === "xml" ? "html" : "markdown";
}

/** Prefixes buttons with their card's title if several cards have the same buttons. */
function convertAttachments(attachments: readonly unknown[]): readonly BotMessage[] {
  const cards = attachments.map((attachment) => ({
    title: findTitle(attachment),
    messages: convertAttachment(attachment),
  }));
  const labels = cards.flatMap(({ messages }) => messages.flatMap(listLabels));
  if (cards.length < 2 || new Set(labels).size === labels.length) return cards.flatMap(({ messages }) => messages);
  return cards.flatMap(({ title, messages }) =>
    title === null ? messages : messages.map((message) => prefixLabels(message, title)),
  );
}

function findTitle(attachment: unknown): string | null {
  return toText(toFields(toFields(attachment)["content"])["title"]);
}

function listLabels(message: BotMessage): readonly string[] {
  return message.kind === "options" ? message.options.map(({ label }) => label) : [];
}

function prefixLabels(message: BotMessage, title: string): BotMessage {
  if (message.kind !== "options") return message;
  return {
    ...message,
    options: message.options.map((option): BotOption => ({ ...option, label: `${title}: ${option.label}` })),
  };
}
