import type * as z from "zod/mini";
import type { Assistant } from "../contract/assistant.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { topicsAssistant } from "../topics/engine.ts";
import type { Options } from "../topics/library.ts";
import { connected } from "./connected.ts";
import { detouring } from "./detour.ts";
import type { Remote } from "./kind.ts";
import { KINDS } from "./kinds.ts";

/** What an application says of its assistant. */
export type AssistantSettings =
  | ({ readonly kind: "topics"; readonly topics: readonly string[] } & Options)
  | RemoteSettings;

type RemoteSettings = z.infer<(typeof KINDS)[keyof typeof KINDS]["settings"]>;

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

/** @param topics those that the assistant may begin */
export function remoteOf(settings: RemoteSettings, topics: readonly NamedTopic[] = []): Remote {
  // Settings of a kind fit their own kind alone, which the compiler cannot follow.
  return KINDS[settings.kind].remote(settings as never, topics);
}

/** @returns the name of the secret that an assistant's later answers are signed with; null: it brings none */
export function signatureOf(settings: AssistantSettings): string | null {
  return settings.kind === "topics" ? null : remoteOf(settings).signature;
}
