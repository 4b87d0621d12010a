import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { openaiConnector, openaiProbe } from "./connector.ts";
import { openaiSettings } from "./settings.ts";

export const openai = defineConnectorKind({
  settings: openaiSettings,
  places: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: openaiConnector,
  probe: (place, _, topics) => openaiProbe(place, topics),
});
