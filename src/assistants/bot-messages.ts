import type { AssistantAnswer } from "../contract/assistant.ts";
import { type Card, joinLines, toCardAnswers, toPlainText, toTextAnswer } from "../contract/card.ts";
import { renderPlainText, type TextMarkup } from "../contract/plain-text.ts";
import type { JsonValue } from "../core/json.ts";

/** One message of a remote assistant, before it is converted to texts. */
export type BotMessage =
  | { readonly kind: "text"; readonly text: string; readonly markup?: TextMarkup | undefined }
  | {
      readonly kind: "image" | "audio" | "video";
      readonly url: string;
      readonly title?: string | undefined;
      readonly description?: string | undefined;
    }
  | { readonly kind: "link"; readonly url: string; readonly label?: string | undefined }
  | Card
  | {
      readonly kind: "options";
      readonly text?: string | undefined;
      readonly markup?: TextMarkup | undefined;
      readonly options: readonly BotOption[];
    }
  /** Search results: the introduction and the first result are sent. */
  | {
      readonly kind: "search";
      readonly text?: string | undefined;
      readonly markup?: TextMarkup | undefined;
      readonly results: readonly SearchResult[];
    }
  /** Content that a text cannot show; `what` names it in a note. */
  | { readonly kind: "skipped"; readonly what: string };

/** An option of a menu; the assistant gets `value` if the contact chooses it. */
export interface BotOption {
  readonly label: string;
  readonly value: JsonValue;
}

export interface SearchResult {
  readonly title?: string | undefined;
  readonly body: string;
  readonly url?: string | undefined;
}

export interface ComposedAnswers {
  readonly answers: readonly AssistantAnswer[];
  /** The options that the contact can choose from now; may be empty. */
  readonly options: readonly BotOption[];
  readonly notes: readonly string[];
}

/**
 * Converts a remote assistant's messages to texts.
 * @param formatOptions adds the numbered options of the whole answer to a text, or those that fit
 */
export function composeAnswers(
  messages: readonly BotMessage[],
  formatOptions: (text: string, options: readonly BotOption[]) => string,
): ComposedAnswers {
  const answers: AssistantAnswer[] = [];
  const notes: string[] = [];
  const options = messages.flatMap((message) => (message.kind === "options" ? message.options : []));
  const lastMenu = messages.findLastIndex((message) => message.kind === "options" && message.options.length > 0);
  for (const [index, message] of messages.entries()) {
    if (message.kind === "skipped") notes.push(`Not sent, because a text cannot show it: ${message.what}.`);
    // All options form one menu, so that each number has one meaning.
    else if (index === lastMenu && message.kind === "options")
      answers.push(toTextAnswer(formatOptions(toPlainText(message), options)));
    else answers.push(...composeMessage(message));
  }
  return { answers: answers.filter(isNonEmptyAnswer), options, notes };
}

function composeMessage(message: Exclude<BotMessage, { kind: "skipped" }>): readonly AssistantAnswer[] {
  switch (message.kind) {
    case "text":
    case "options":
      return [toTextAnswer(toPlainText(message))];
    case "image":
    case "audio":
    case "video":
      return [{ kind: "media", url: message.url, text: joinLines(message.title, message.description) }];
    case "link":
      return [{ kind: "link", url: message.url, label: message.label ?? "" }];
    case "card":
      return toCardAnswers(message);
    case "search": {
      const [first] = message.results;
      const firstResult =
        first === undefined
          ? ""
          : joinLines(first.title, renderPlainText(first.body, message.markup ?? "plain"), first.url);
      return [toTextAnswer(toPlainText(message)), toTextAnswer(firstResult)];
    }
  }
}

function isNonEmptyAnswer(answer: AssistantAnswer): boolean {
  return answer.kind !== "text" || answer.text.trim() !== "";
}
