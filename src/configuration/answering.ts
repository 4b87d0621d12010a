import { bindAssistant, signatureOf } from "../assistants/catalog.ts";
import type { Answering, Messages } from "../contract/assistant.ts";
import { languageAmong } from "../languages/catalog.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { linkingRules } from "./linking.ts";
import { messagesOf } from "./messages.ts";
import type { Application } from "./nouns.ts";
import { operatingHours } from "./opening.ts";

/**
 * An application, ready to answer.
 * @param topics every topic there is, by id
 * @param publication the configuration that it is of; null: a trial's
 */
export function makeAnswering(
  id: string,
  application: Application,
  topics: ReadonlyMap<string, NamedTopic>,
  publication: number | null,
): Answering {
  const { name, language, zone, hours, idleSeconds, whenUnknown, allowedHosts, smartEncoding, assistant } = application;
  const { momentSeconds, whenBusy, inboundOpens } = application;
  const message = messagesOf(application);
  return {
    id,
    name,
    publication,
    language,
    zone,
    inboundOpens,
    idleSeconds,
    failure: failureOf(message, language),
    message,
    hours: hours === undefined ? null : operatingHours(hours, message),
    whenUnknown,
    allowedHosts,
    smartEncoding,
    momentSeconds,
    whenBusy,
    signature: signatureOf(assistant),
    linking: linkingRules(application),
    assistant: bindAssistant(assistant, topics),
  };
}

/** What is said when all else fails must not fail itself. */
function failureOf(message: Messages, language: string): string {
  try {
    return message("failure", language) ?? languageAmong(language).messages.failure;
  } catch {
    return languageAmong(language).messages.failure;
  }
}
