import { kindOf } from "../kind.ts";
import { locationsOf } from "../settings.ts";
import { watsonConnector, watsonProbe } from "./connector.ts";
import { watsonSettings } from "./settings.ts";

export const watson = kindOf({
  settings: watsonSettings,
  places: (settings) => locationsOf(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: watsonConnector,
  probe: watsonProbe,
});
