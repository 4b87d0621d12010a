import * as z from "zod/mini";
import { ASSISTANT_TIMEOUT_SECONDS, OPTION_PREFIX_CHARACTERS } from "../core/limits/assistants.ts";
import { OUTBOUND_URL_CHARACTERS } from "../core/limits/outbound.ts";

/** The name of a secret; `PUT /v1/secrets/{name}` says to which hosts it may be sent. */
export const secretNameSchema = z
  .string()
  .check(
    z.regex(/^[a-z][a-z0-9-]{0,63}$/u, "must be the name of a secret: lowercase letters, digits and hyphens"),
    z.describe("Name of the secret that holds the API key; create it with PUT /v1/secrets/{name}"),
  );

/** The URL of an assistant. Saving the application checks whether Parley may send requests there. */
export const assistantUrlSchema = z.string().check(
  z.maxLength(OUTBOUND_URL_CHARACTERS),
  z.refine(
    (url) => URL.canParse(url) && /^https?:\/\//iu.test(url),
    "must be a URL such as https://bot.example.com/parley",
  ),
  z.describe("An https URL; a private host or one that speaks http only must be in the application's `allowedHosts`"),
);

/** Settings that all connectors share. */
export const commonSettings = {
  timeoutSeconds: z._default(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(60),
        z.describe("Timeout of one try in seconds; there are two tries, then the second location"),
      ),
    ASSISTANT_TIMEOUT_SECONDS,
  ),
  optionPrefix: z._default(
    z.string().check(
      z.maxLength(OPTION_PREFIX_CHARACTERS),
      z.refine(
        (prefix) => prefix.split("%s").length === 2,
        "must contain %s exactly once, in place of the option's number",
      ),
      z.describe('Text before each option: "%s. " gives "1. Boat", "Enter %s for " gives "Enter 1 for Boat"'),
    ),
    "%s. ",
  ),
};

/** Overrides for a location, with optional fields as zod infers them. */
type LocationChanges<Location> = { readonly [Name in keyof Location]?: Location[Name] | undefined };

/** Returns the settings of each location; the second location inherits what it does not override. */
export function mergeLocations<Location extends object>(
  first: Location,
  second: LocationChanges<Location> | undefined,
): readonly Location[] {
  if (second === undefined) return [first];
  const changes = Object.entries(second).filter(([, value]) => value !== undefined);
  return [first, { ...first, ...Object.fromEntries(changes) }];
}
