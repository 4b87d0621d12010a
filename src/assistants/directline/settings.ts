import * as z from "zod/mini";
import { QUIET_SECONDS_MAXIMUM } from "../../core/limits/assistants.ts";
import { assistantUrlSchema, commonSettings, mergeLocations, secretNameSchema } from "../common-settings.ts";

/** Azure Bot Service's URL for bots without a region. */
const GLOBAL_URL = "https://directline.botframework.com";

const url = assistantUrlSchema.check(
  z.describe(
    "URL of the service, with or without /v3/directline: a regional one such as https://europe.directline.botframework.com, or the one that Copilot Studio shows",
  ),
);

/** How requests are authorized. */
const access = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("secret"),
      secret: secretNameSchema.check(
        z.describe("Name of the secret that holds a key of the bot's Direct Line channel"),
      ),
    })
    .check(
      z.describe(
        "Sends the channel's key with every request: the simplest way, and the one with the longest conversations",
      ),
    ),
  z
    .strictObject({
      kind: z.literal("generated-token"),
      secret: secretNameSchema.check(
        z.describe("Name of the secret that holds a key of the bot's Direct Line channel"),
      ),
    })
    .check(z.describe("Creates a token for each conversation with the key, for bots with enhanced authentication")),
  z
    .strictObject({
      kind: z.literal("token-endpoint"),
      url: assistantUrlSchema.check(
        z.describe("URL that answers GET with a token; Copilot Studio shows it as the token endpoint"),
      ),
      secret: z.optional(
        secretNameSchema.check(
          z.describe("Name of the secret that is sent to the endpoint as a bearer token. Default: none"),
        ),
      ),
    })
    .check(
      z.describe(
        "Fetches a token for each conversation from a URL. If the contact is silent for longer than the token is valid, the bot starts again",
      ),
    ),
]);

/** The settings of a bot of Copilot Studio or Azure Bot Service, by Bot Framework's Direct Line 3.0. */
export const directlineSettings = z.strictObject({
  kind: z.literal("directline"),
  url: z._default(url, GLOBAL_URL),
  access,
  second: z.optional(
    z
      .strictObject({ url: z.exactOptional(url), access: z.exactOptional(access) })
      .check(
        z.describe("Location that is used while the first one fails; absent fields are as in the first. Default: none"),
      ),
  ),
  quietSeconds: z._default(
    z
      .number()
      .check(
        z.gte(0),
        z.lte(QUIET_SECONDS_MAXIMUM),
        z.describe(
          "Seconds without a message after which the bot's answer is complete, if the bot does not say so earlier",
        ),
      ),
    2,
  ),
  ...commonSettings,
});

export type DirectlineSettings = z.infer<typeof directlineSettings>;

/** The settings of one location. */
export type DirectlineLocation = Omit<DirectlineSettings, "second">;

/** @returns the settings of each location, the primary one first */
export function listLocations({ second, ...first }: DirectlineSettings): readonly DirectlineLocation[] {
  return mergeLocations<DirectlineLocation>(first, second);
}
