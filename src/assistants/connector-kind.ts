import type * as z from "zod/mini";
import type { NamedTopic } from "../topics/definition.ts";
import type { Connector, ConnectorProbe } from "./connector.ts";

/** A remote assistant with all of its locations. */
export interface ConnectorSet {
  /** One connector for each location, the primary one first. */
  readonly connectors: readonly Connector[];
  /** The probe of each location, made before settings are saved, with a JSON pointer to the location's settings. */
  readonly probes: (now: number) => readonly { readonly pointer: string; readonly probe: ConnectorProbe }[];
  /** The name of the secret that signs answers posted to a turn; null if the assistant posts none. */
  readonly signature: string | null;
}

/** A kind of remote assistant. */
export interface ConnectorKind<Schema extends z.ZodMiniObject> {
  /** The schema of its settings; the field `kind` identifies it. */
  readonly settings: Schema;
  /** @param topics the topics that the assistant may begin */
  readonly createConnectorSet: (settings: z.infer<Schema>, topics: readonly NamedTopic[]) => ConnectorSet;
}

/** The parts that define a kind. A `Location` holds the settings of one location. */
interface ConnectorRecipe<Schema extends z.ZodMiniObject, Location> {
  readonly settings: Schema;
  /** Lists the locations, the primary one first. */
  readonly listLocations: (settings: z.infer<Schema>) => readonly Location[];
  /** JSON pointers to the settings of the first and of the second location. */
  readonly pointers: readonly [first: string, second: string];
  readonly createConnector: (location: Location, topics: readonly NamedTopic[]) => Connector;
  readonly createProbe: (location: Location, now: number, topics: readonly NamedTopic[]) => ConnectorProbe;
  /** Absent if the assistant always answers at once. */
  readonly getSignature?: (settings: z.infer<Schema>) => string;
}

export function defineConnectorKind<Schema extends z.ZodMiniObject, Location>(
  recipe: ConnectorRecipe<Schema, Location>,
): ConnectorKind<Schema> {
  const { settings: schema, listLocations, pointers, createConnector, createProbe, getSignature } = recipe;
  return {
    settings: schema,
    createConnectorSet: (settings, topics) => ({
      connectors: listLocations(settings).map((location) => createConnector(location, topics)),
      probes: (now) =>
        listLocations(settings).map((location, index) => ({
          pointer: pointers[index] ?? pointers[1],
          probe: createProbe(location, now, topics),
        })),
      signature: getSignature?.(settings) ?? null,
    }),
  };
}
