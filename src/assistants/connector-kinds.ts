import { directline } from "./directline/kind.ts";
import { openai } from "./openai/kind.ts";
import { watson } from "./watson/kind.ts";
import { webhook } from "./webhook/kind.ts";

/** The kinds of assistants that are somewhere else: a new one is a folder, and a line here. */
export const CONNECTOR_KINDS = {
  directline,
  openai,
  watson,
  webhook,
};

type ConnectorKinds = typeof CONNECTOR_KINDS;

/** What an application says of each of them. */
export const connectorSettingsSchemas: readonly ConnectorKinds[keyof ConnectorKinds]["settings"][] = Object.values(
  CONNECTOR_KINDS,
).map(({ settings }) => settings);
