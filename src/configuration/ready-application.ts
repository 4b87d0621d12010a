import { bindAssistant, findSignatureSecret } from "../assistants/catalog.ts";
import type { AutomatedMessages, ReadyApplication } from "../contract/assistant.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { createMessages } from "./automated-messages.ts";
import { createIdentityRules } from "./identity-rules.ts";
import { createOperatingHours } from "./opening-hours.ts";
import type { Application } from "./schemas.ts";

/**
 * Prepares an application for answering.
 * @param topics every topic, by id
 * @param publication the configuration that the application belongs to, or null for a tester's drafts
 */
export function prepareApplication(
  id: string,
  application: Application,
  topics: ReadonlyMap<string, NamedTopic>,
  publication: number | null,
): ReadyApplication {
  const { name, language, zone, hours, idleSeconds, whenUnknown, allowedHosts, smartEncoding, assistant } = application;
  const { momentSeconds, whenBusy, inboundOpens } = application;
  const message = createMessages(application);
  return {
    id,
    name,
    publication,
    language,
    zone,
    inboundOpens,
    idleSeconds,
    failure: renderFailureText(message, language),
    message,
    hours: hours === undefined ? null : createOperatingHours(hours, message),
    whenUnknown,
    allowedHosts,
    smartEncoding,
    momentSeconds,
    whenBusy,
    signature: findSignatureSecret(assistant),
    linking: createIdentityRules(application),
    assistant: bindAssistant(assistant, topics),
  };
}

/** Renders the last-resort text, so that it cannot fail in the moment when it is needed. */
function renderFailureText(message: AutomatedMessages, language: string): string {
  try {
    return message("failure", language) ?? chooseLanguage(language).messages.failure;
  } catch {
    return chooseLanguage(language).messages.failure;
  }
}
