import type { NamedTopic } from "../topics/definition.ts";
import { topicsAssistant } from "../topics/engine.ts";
import type { Options } from "../topics/library.ts";
import type { Assistant } from "./contract.ts";

/** What an application says of its assistant. */
export type AssistantSettings = { readonly kind: "topics"; readonly topics: readonly string[] } & Options;

/** @param topics every topic there is, by id; an application names those that it has */
export function bindAssistant(settings: AssistantSettings, topics: ReadonlyMap<string, NamedTopic>): Assistant {
  switch (settings.kind) {
    case "topics":
      return topicsAssistant(
        settings.topics.flatMap((id) => topics.get(id) ?? []),
        settings,
      );
  }
}
