import { kindOf } from "../kind.ts";
import { directlineConnector, directlineProbe } from "./connector.ts";
import { directlineSettings, placesOf } from "./settings.ts";

export const directline = kindOf({
  settings: directlineSettings,
  places: placesOf,
  pointers: ["/access", "/second"],
  connector: directlineConnector,
  probe: directlineProbe,
});
