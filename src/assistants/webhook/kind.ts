import { mergeLocations } from "../common-settings.ts";
import { defineConnectorKind } from "../connector-kind.ts";
import { createWebhookConnector, createWebhookProbe } from "./connector.ts";
import { webhookSettings } from "./settings.ts";

export const webhook = defineConnectorKind({
  settings: webhookSettings,
  listLocations: (settings) => mergeLocations(settings, settings.second),
  pointers: ["/url", "/second/url"],
  createConnector: createWebhookConnector,
  createProbe: createWebhookProbe,
  getSignature: ({ signature }) => signature,
});
