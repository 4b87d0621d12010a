import { directline } from "./directline/kind.ts";
import { openai } from "./openai/kind.ts";
import { watson } from "./watson/kind.ts";
import { webhook } from "./webhook/kind.ts";

/** All kinds of remote assistants. To add one, add a folder and a line here. */
export const CONNECTOR_KINDS = {
  directline,
  openai,
  watson,
  webhook,
};

type ConnectorKinds = typeof CONNECTOR_KINDS;

/** The schemas of the settings of all kinds. */
export const connectorSettingsSchemas: readonly ConnectorKinds[keyof ConnectorKinds]["settings"][] = Object.values(
  CONNECTOR_KINDS,
).map(({ settings }) => settings);
