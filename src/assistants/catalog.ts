import type { NamedTopic } from "../topics/definition.ts";
import { topicsAssistant } from "../topics/engine.ts";
import type { Options } from "../topics/library.ts";
import { connected } from "./connected.ts";
import type { Connector, Probe } from "./connector.ts";
import type { Assistant } from "./contract.ts";
import { directlineConnector, directlineProbe } from "./directline/connector.ts";
import { type DirectlineSettings, placesOf } from "./directline/settings.ts";
import { locationsOf } from "./settings.ts";
import { webhookConnector, webhookProbe } from "./webhook/connector.ts";
import type { WebhookSettings } from "./webhook/settings.ts";

/** What an application says of its assistant. */
export type AssistantSettings =
  | ({ readonly kind: "topics"; readonly topics: readonly string[] } & Options)
  | WebhookSettings
  | DirectlineSettings;

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
  if (settings.kind !== "topics") return connected(remoteOf(settings).connectors, settings);
  const own = topicsOf(settings).flatMap((id) => topics.get(id) ?? []);
  return topicsAssistant(own, settings);
}

/** @returns the ids of the topics that an assistant has */
export function topicsOf(settings: AssistantSettings): readonly string[] {
  return settings.kind === "topics" ? settings.topics : [];
}

/** The connectors: a new kind is one case here, and a folder. */
export function remoteOf(settings: Exclude<AssistantSettings, { kind: "topics" }>): Remote {
  switch (settings.kind) {
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
    case "directline": {
      const places = placesOf(settings);
      return {
        connectors: places.map(directlineConnector),
        probes: () =>
          places.map((place, index) => ({
            pointer: index === 0 ? "/access" : "/second",
            probe: directlineProbe(place),
          })),
        signature: null,
      };
    }
  }
}

/** @returns the name of the secret that an assistant's later answers are signed with; null: it brings none */
export function signatureOf(settings: AssistantSettings): string | null {
  return settings.kind === "topics" ? null : remoteOf(settings).signature;
}
