import { defineConnectorKind } from "../connector-kind.ts";
import { directlineConnector, directlineProbe } from "./connector.ts";
import { directlineSettings, listLocations } from "./settings.ts";

export const directline = defineConnectorKind({
  settings: directlineSettings,
  places: listLocations,
  pointers: ["/access", "/second"],
  connector: directlineConnector,
  probe: directlineProbe,
});
