import type * as z from "zod/mini";
import type { NamedTopic } from "../topics/definition.ts";
import type { Connector, ConnectorProbe } from "./connector.ts";

/** An assistant that is somewhere else. */
export interface ConnectorSet {
  /** At each location, the usual one first. */
  readonly connectors: readonly Connector[];
  /** How each location is tried before the settings are saved, with a pointer to where they name it. */
  readonly probes: (now: number) => readonly { readonly pointer: string; readonly probe: ConnectorProbe }[];
  /** The name of the secret that later answers are signed with; null: it brings none. */
  readonly signature: string | null;
}

/** A kind of assistant that is somewhere else. */
export interface ConnectorKind<Schema extends z.ZodMiniObject> {
  /** What an application says of it; its `kind` tells it from the others. */
  readonly settings: Schema;
  /** @param topics those that the assistant may begin */
  readonly createConnectorSet: (settings: z.infer<Schema>, topics: readonly NamedTopic[]) => ConnectorSet;
}

/** What a kind is made of. A place is what is to be known of one location. */
interface ConnectorRecipe<Schema extends z.ZodMiniObject, Place> {
  readonly settings: Schema;
  /** The usual one first. */
  readonly places: (settings: z.infer<Schema>) => readonly Place[];
  /** Where the settings name the first place, and the second. */
  readonly pointers: readonly [first: string, second: string];
  readonly connector: (place: Place, topics: readonly NamedTopic[]) => Connector;
  readonly probe: (place: Place, now: number, topics: readonly NamedTopic[]) => ConnectorProbe;
  /** Left out: it answers at once. */
  readonly signature?: (settings: z.infer<Schema>) => string;
}

export function defineConnectorKind<Schema extends z.ZodMiniObject, Place>(
  recipe: ConnectorRecipe<Schema, Place>,
): ConnectorKind<Schema> {
  const { settings: schema, places, pointers, connector, probe, signature } = recipe;
  return {
    settings: schema,
    createConnectorSet: (settings, topics) => ({
      connectors: places(settings).map((place) => connector(place, topics)),
      probes: (now) =>
        places(settings).map((place, index) => ({
          pointer: pointers[index] ?? pointers[1],
          probe: probe(place, now, topics),
        })),
      signature: signature?.(settings) ?? null,
    }),
  };
}
