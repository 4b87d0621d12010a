import type { AutomatedMessages } from "../contract/assistant.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import type { MessageName } from "../languages/language.ts";
import { createTemplateRenderer } from "../templates/template.ts";

/**
 * The `messages` settings of an application: off, on with the language's text, or a custom text, optionally by
 * language.
 */
export type MessageSettings = Readonly<
  Partial<Record<MessageName, boolean | string | Readonly<Record<string, string>>>>
>;

/** Messages that are off by default. */
const OFF_BY_DEFAULT: ReadonlySet<MessageName> = new Set(["greeting", "sessionEnded"]);

/** Creates the automated messages of an application; each template is parsed once. */
export function createMessages(application: {
  readonly name: string;
  readonly language: string;
  readonly messages: MessageSettings;
}): AutomatedMessages {
  const { name: applicationName, language: defaultLanguage, messages } = application;
  const templates = createTemplateRenderer();
  return (name, language, variables = {}) => {
    const setting = messages[name] ?? !OFF_BY_DEFAULT.has(name);
    if (setting === false) return null;
    const template =
      findOwnText(setting, language, defaultLanguage) ?? chooseLanguage(language, defaultLanguage).messages[name];
    const text = templates.render(template, () => ({ ...variables, application: { name: applicationName } })).trim();
    return text === "" ? null : text;
  };
}

/** @returns the application's custom text in the language, or null if it has none */
function findOwnText(
  setting: true | string | Readonly<Record<string, string>>,
  ...languages: readonly string[]
): string | null {
  if (setting === true) return null;
  if (typeof setting === "string") return setting;
  const tags = languages.flatMap((language) => [language, language.split("-")[0] ?? language]);
  const tag = tags.find((each) => each in setting);
  return tag === undefined ? null : (setting[tag] ?? null);
}
