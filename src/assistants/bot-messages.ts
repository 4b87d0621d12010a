import type { AssistantAnswer } from "../contract/assistant.ts";
import { type Card, cardAnswers, lines, plain, wordsOf } from "../contract/card.ts";
import { renderPlainText, type TextMarkup } from "../contract/plain-text.ts";
import type { JsonValue } from "../core/json.ts";

/** One thing that somebody else's assistant says, before it is made fit for texts. */
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
  /** What was found: the introduction and the first result are said. */
  | {
      readonly kind: "search";
      readonly text?: string | undefined;
      readonly markup?: TextMarkup | undefined;
      readonly results: readonly SearchResult[];
    }
  /** Something that a text cannot show; `what` names it in the journal. */
  | { readonly kind: "skipped"; readonly what: string };

/** Something to choose; `value` is what the assistant gets where it is chosen. */
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
  /** What the person can choose now; empty: nothing. */
  readonly options: readonly BotOption[];
  readonly notes: readonly string[];
}

/**
 * Says in texts what assistants say in any form.
 * @param list writes the numbered options of the whole answer below a text, or what of them fits
 */
export function composeAnswers(
  sayings: readonly BotMessage[],
  list: (text: string, options: readonly BotOption[]) => string,
): ComposedAnswers {
  const answers: AssistantAnswer[] = [];
  const notes: string[] = [];
  const options = sayings.flatMap((saying) => (saying.kind === "options" ? saying.options : []));
  const last = sayings.findLastIndex((saying) => saying.kind === "options" && saying.options.length > 0);
  for (const [index, saying] of sayings.entries()) {
    if (saying.kind === "skipped") notes.push(`Left out, since a text cannot show it: ${saying.what}.`);
    // Several lists of options become one, so that a number means one thing.
    else if (index === last && saying.kind === "options") answers.push(plain(list(wordsOf(saying), options)));
    else answers.push(...composeMessage(saying));
  }
  return { answers: answers.filter(isNonEmptyAnswer), options, notes };
}

function composeMessage(saying: Exclude<BotMessage, { kind: "skipped" }>): readonly AssistantAnswer[] {
  switch (saying.kind) {
    case "text":
    case "options":
      return [plain(wordsOf(saying))];
    case "image":
    case "audio":
    case "video":
      return [{ kind: "media", url: saying.url, text: lines(saying.title, saying.description) }];
    case "link":
      return [{ kind: "link", url: saying.url, label: saying.label ?? "" }];
    case "card":
      return cardAnswers(saying);
    case "search": {
      const [first] = saying.results;
      const found =
        first === undefined ? "" : lines(first.title, renderPlainText(first.body, saying.markup ?? "plain"), first.url);
      return [plain(wordsOf(saying)), plain(found)];
    }
  }
}

function isNonEmptyAnswer(answer: AssistantAnswer): boolean {
  return answer.kind !== "text" || answer.text.trim() !== "";
}
