import { COMMANDS, type Command, type Language } from "../languages/language.ts";
import type { Words } from "./library.ts";
import { normalise } from "./understanding/old.ts";

export type { Command };
export function commandOf(text: string, language: Language, words: Words = {}): Command | null {
  const said = normalise(text);
  return (
    COMMANDS.find((command) =>
      (words[command] === undefined ? language.words[command] : words[command] || []).some(
        (word) => normalise(word) === said,
      ),
    ) ?? null
  );
}
export function commandWords(language: Language, { words = {} }: { words?: Words | undefined }): string {
  return COMMANDS.flatMap((command) => {
    const own = words[command] ?? language.words[command];
    return own === false ? [] : (own[0]?.toUpperCase() ?? []);
  }).join(", ");
}
