import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { webhookConnector, webhookProbe } from "./connector.ts";
import { webhookSettings } from "./settings.ts";

export const webhook = defineConnectorKind({
  settings: webhookSettings,
  places: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: webhookConnector,
  probe: webhookProbe,
  signature: ({ signature }) => signature,
});
