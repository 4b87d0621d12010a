import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { createWatsonConnector, createWatsonProbe } from "./connector.ts";
import { watsonSettings } from "./settings.ts";

export const watson = defineConnectorKind({
  settings: watsonSettings,
  listLocations: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  createConnector: createWatsonConnector,
  createProbe: createWatsonProbe,
});
