import { kindOf } from "../kind.ts";
import { locationsOf } from "../settings.ts";
import { openaiConnector, openaiProbe } from "./connector.ts";
import { openaiSettings } from "./settings.ts";

export const openai = kindOf({
  settings: openaiSettings,
  places: (settings) => locationsOf(settings, settings.second),
  pointers: ["/url", "/second/url"],
  connector: openaiConnector,
  probe: (place, _, topics) => openaiProbe(place, topics),
});
