import type { Command, Language } from "../languages/language.ts";
import type { Words } from "./library.ts";
import { normalise } from "./understanding/old.ts";

/** Words that work at every step; "more" is the business of long lists. */
export type Wish = Exclude<Command, "more">;
const WISHES: readonly Wish[] = ["menu", "help", "agent", "back", "exit"];
export function commandOf(text: string, language: Language, words: Words = {}): Wish | null {
  const said = normalise(text);
  if (said === "") return null;
  return (
    WISHES.find((command) =>
      (words[command] === undefined ? language.words.commands[command] : words[command] || []).some(
        (word) => normalise(word) === said,
      ),
    ) ?? null
  );
}
export function commandWords(language: Language, { words = {} }: { words?: Words | undefined }): string {
  return WISHES.flatMap((command) => {
    const own = words[command] ?? language.words.commands[command];
    return own === false ? [] : (own[0]?.toUpperCase() ?? []);
  }).join(", ");
}
