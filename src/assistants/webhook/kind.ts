import { kindOf } from "../kind.ts";
import { locationsOf } from "../settings.ts";
import { webhookConnector, webhookProbe } from "./connector.ts";
import { webhookSettings } from "./settings.ts";

export const webhook = kindOf({
  settings: webhookSettings,
  places: (settings) => locationsOf(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: webhookConnector,
  probe: webhookProbe,
  signature: ({ signature }) => signature,
});
