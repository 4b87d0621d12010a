import type { LinkingRules } from "../contract/assistant.ts";
import { languageAmong } from "../languages/catalog.ts";
import { Wishes } from "../topics/commands.ts";
import type { Application } from "./nouns.ts";

/** What an application says of showing who one is, ready to be asked. */
export function linkingRules({ assistant, linking, language: usual }: Application): LinkingRules {
  const wishes = new Wishes(assistant.kind === "topics" ? assistant.words : {});
  const wishOf = (text: string, language: string) => wishes.find(text, languageAmong(language, usual));
  return {
    ...linking,
    wish: (text, language) => {
      // Topics know these words themselves, since a step may have them as its own answers.
      const wish = assistant.kind === "topics" ? null : wishOf(text, language);
      return wish === "login" || wish === "logout" ? wish : null;
    },
    isLeaving: (text, language) => {
      const wish = wishOf(text, language);
      return wish !== null && wish !== "login";
    },
    exit: (language) => wishes.word("exit", languageAmong(language, usual)),
  };
}
