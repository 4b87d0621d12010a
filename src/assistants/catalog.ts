import type { NamedTopic } from "../topics/definition.ts";
import { topicsAssistant } from "../topics/engine.ts";
import type { Options } from "../topics/library.ts";
import { connected } from "./connected.ts";
import type { Connector, Probe } from "./connector.ts";
import type { Assistant } from "./contract.ts";
import { detouring } from "./detour.ts";
import { openaiConnector, openaiProbe } from "./openai/connector.ts";
import type { OpenaiSettings } from "./openai/settings.ts";
import { locationsOf } from "./settings.ts";
import { webhookConnector, webhookProbe } from "./webhook/connector.ts";
import type { WebhookSettings } from "./webhook/settings.ts";

/** What an application says of its assistant. */
export type AssistantSettings =
  | ({ readonly kind: "topics"; readonly topics: readonly string[] } & Options)
  | OpenaiSettings
  | WebhookSettings;

/** An assistant that is somewhere else. */
interface Remote {
  /** At each location, the usual one first. */
  readonly connectors: readonly Connector[];
  /** How each location is tried before the settings are saved, with a pointer to where they name it. */
  readonly probes: (now: number) => readonly { readonly pointer: string; readonly probe: Probe }[];
  /** The name of the secret that later answers are signed with; null: it brings none. */
  readonly signature: string | null;
}

/** @param topics every topic there is, by id; an application names those that it has */
export function bindAssistant(settings: AssistantSettings, topics: ReadonlyMap<string, NamedTopic>): Assistant {
  const own = [...new Set(topicsOf(settings))].flatMap((id) => topics.get(id) ?? []);
  if (settings.kind === "topics") return topicsAssistant(own, settings);
  const remote = connected(remoteOf(settings, own).connectors, settings);
  return own.length === 0 ? remote : detouring(remote, topicsAssistant(own, { isGuest: true }));
}

/** @returns the ids of the topics that an assistant has, or may begin; its field `topics` lists them */
export function topicsOf(settings: AssistantSettings): readonly string[] {
  return "topics" in settings ? settings.topics : [];
}

/**
 * The connectors: a new kind is one case here, and a folder.
 * @param topics those that the assistant may begin
 */
export function remoteOf(
  settings: Exclude<AssistantSettings, { kind: "topics" }>,
  topics: readonly NamedTopic[] = [],
): Remote {
  switch (settings.kind) {
    case "openai": {
      const places = locationsOf(settings, settings.second);
      return {
        connectors: places.map((place) => openaiConnector(place, topics)),
        probes: () =>
          places.map((place, index) => ({
            pointer: index === 0 ? "/url" : "/second/url",
            probe: openaiProbe(place, topics),
          })),
        signature: null,
      };
    }
    case "webhook": {
      const places = locationsOf(settings, settings.second);
      return {
        connectors: places.map(webhookConnector),
        probes: (now) =>
          places.map((place, index) => ({
            pointer: index === 0 ? "/url" : "/second/url",
            probe: webhookProbe(place, now),
          })),
        signature: settings.signature,
      };
    }
  }
}

/** @returns the name of the secret that an assistant's later answers are signed with; null: it brings none */
export function signatureOf(settings: AssistantSettings): string | null {
  return settings.kind === "topics" ? null : remoteOf(settings).signature;
}
