import type { Answer } from "../contract/assistant.ts";
import { type Card, cardAnswers, lines, plain, wordsOf } from "../contract/card.ts";
import { type Markup, plainText } from "../contract/plain-text.ts";
import type { Json } from "../core/json.ts";

/** One thing that somebody else's assistant says, before it is made fit for texts. */
export type Saying =
  | { readonly kind: "text"; readonly text: string; readonly markup?: Markup | undefined }
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
      readonly markup?: Markup | undefined;
      readonly options: readonly Option[];
    }
  /** What was found: the introduction and the first result are said. */
  | {
      readonly kind: "search";
      readonly text?: string | undefined;
      readonly markup?: Markup | undefined;
      readonly results: readonly Found[];
    }
  /** Something that a text cannot show; `what` names it in the journal. */
  | { readonly kind: "skipped"; readonly what: string };

/** Something to choose; `value` is what the assistant gets where it is chosen. */
export interface Option {
  readonly label: string;
  readonly value: Json;
}

export interface Found {
  readonly title?: string | undefined;
  readonly body: string;
  readonly url?: string | undefined;
}

export interface Composed {
  readonly answers: readonly Answer[];
  /** What the person can choose now; empty: nothing. */
  readonly options: readonly Option[];
  readonly notes: readonly string[];
}

/**
 * Says in texts what assistants say in any form.
 * @param list writes the numbered options of the whole answer below a text, or what of them fits
 */
export function compose(
  sayings: readonly Saying[],
  list: (text: string, options: readonly Option[]) => string,
): Composed {
  const answers: Answer[] = [];
  const notes: string[] = [];
  const options = sayings.flatMap((saying) => (saying.kind === "options" ? saying.options : []));
  const last = sayings.findLastIndex((saying) => saying.kind === "options" && saying.options.length > 0);
  for (const [index, saying] of sayings.entries()) {
    if (saying.kind === "skipped") notes.push(`Left out, since a text cannot show it: ${saying.what}.`);
    // Several lists of options become one, so that a number means one thing.
    else if (index === last && saying.kind === "options") answers.push(plain(list(wordsOf(saying), options)));
    else answers.push(...answersTo(saying));
  }
  return { answers: answers.filter(isSomething), options, notes };
}

function answersTo(saying: Exclude<Saying, { kind: "skipped" }>): readonly Answer[] {
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
        first === undefined ? "" : lines(first.title, plainText(first.body, saying.markup ?? "plain"), first.url);
      return [plain(wordsOf(saying)), plain(found)];
    }
  }
}

function isSomething(answer: Answer): boolean {
  return answer.kind !== "text" || answer.text.trim() !== "";
}
