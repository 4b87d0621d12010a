import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { watsonConnector, watsonProbe } from "./connector.ts";
import { watsonSettings } from "./settings.ts";

export const watson = defineConnectorKind({
  settings: watsonSettings,
  places: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: watsonConnector,
  probe: watsonProbe,
});
