import type * as z from "zod/mini";
import type { Assistant } from "../contract/assistant.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { createTopicsAssistant } from "../topics/engine.ts";
import type { TopicOptions } from "../topics/library.ts";
import type { ConnectorSet } from "./connector-kind.ts";
import { CONNECTOR_KINDS } from "./connector-kinds.ts";
import { createRemoteAssistant } from "./remote-assistant.ts";
import { withTopicDetours } from "./topic-detour.ts";

/** The field `assistant` of an application. */
export type AssistantSettings =
  | ({ readonly kind: "topics"; readonly topics: readonly string[] } & TopicOptions)
  | RemoteSettings;

type RemoteSettings = z.infer<(typeof CONNECTOR_KINDS)[keyof typeof CONNECTOR_KINDS]["settings"]>;

/** @param topics all topics by id, including those of other applications */
export function bindAssistant(settings: AssistantSettings, topics: ReadonlyMap<string, NamedTopic>): Assistant {
  const applicationTopics = [...new Set(listTopicIds(settings))].flatMap((id) => topics.get(id) ?? []);
  if (settings.kind === "topics") return createTopicsAssistant(applicationTopics, settings);
  const remote = createRemoteAssistant(createConnectorSet(settings, applicationTopics).connectors, settings);
  return applicationTopics.length === 0
    ? remote
    : withTopicDetours(remote, createTopicsAssistant(applicationTopics, { isGuest: true }));
}

/** @returns the ids in the field `topics`: the topics that an assistant consists of, or may begin */
export function listTopicIds(settings: AssistantSettings): readonly string[] {
  return "topics" in settings ? settings.topics : [];
}

/** @param topics the topics that the assistant may begin */
export function createConnectorSet(settings: RemoteSettings, topics: readonly NamedTopic[] = []): ConnectorSet {
  // The settings always match their kind, which the compiler cannot infer.
  return CONNECTOR_KINDS[settings.kind].createConnectorSet(settings as never, topics);
}

/** @returns the name of the secret that signs answers posted to a turn; null if the assistant posts none */
export function findSignatureSecret(settings: AssistantSettings): string | null {
  return settings.kind === "topics" ? null : createConnectorSet(settings).signature;
}
