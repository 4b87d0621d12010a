import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { createOpenaiConnector, createOpenaiProbe } from "./connector.ts";
import { openaiSettings } from "./settings.ts";

export const openai = defineConnectorKind({
  settings: openaiSettings,
  listLocations: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  createConnector: createOpenaiConnector,
  createProbe: (location, _, topics) => createOpenaiProbe(location, topics),
});
