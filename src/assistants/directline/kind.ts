import { defineConnectorKind } from "../connector-kind.ts";
import { createDirectlineConnector, createDirectlineProbe } from "./connector.ts";
import { directlineSettings, listLocations } from "./settings.ts";

export const directline = defineConnectorKind({
  settings: directlineSettings,
  listLocations,
  pointers: ["/access", "/second"],
  createConnector: createDirectlineConnector,
  createProbe: createDirectlineProbe,
});
