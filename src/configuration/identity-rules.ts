import type { IdentityRules } from "../contract/assistant.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import { ApplicationCommands } from "../topics/commands.ts";
import type { Application } from "./schemas.ts";

/** Prepares the identity settings of an application for use. */
export function createIdentityRules({ assistant, linking, language: defaultLanguage }: Application): IdentityRules {
  const commands = new ApplicationCommands(assistant.kind === "topics" ? assistant.words : {});
  const findCommand = (text: string, language: string) =>
    commands.findCommand(text, chooseLanguage(language, defaultLanguage));
  return {
    ...linking,
    wish: (text, language) => {
      // The topics assistant handles these words itself, because a step may accept them as answers.
      const wish = assistant.kind === "topics" ? null : findCommand(text, language);
      return wish === "login" || wish === "logout" ? wish : null;
    },
    isLeaving: (text, language) => {
      const wish = findCommand(text, language);
      return wish !== null && wish !== "login";
    },
    exit: (language) => commands.findWord("exit", chooseLanguage(language, defaultLanguage)),
  };
}
