import * as z from "zod/mini";
import { CALLBACK_SECONDS_MAXIMUM } from "../../core/limits/assistants.ts";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

/** The settings of an operator's own bot, which gets a signed POST for each text. */
export const webhookSettings = z.strictObject({
  kind: z.literal("webhook"),
  url: assistantUrlSchema,
  signature: secretNameSchema.check(
    z.describe("Name of the secret that signs requests as Standard Webhooks defines it"),
  ),
  second: z.optional(
    z
      .strictObject({ url: assistantUrlSchema })
      .check(z.describe("Location that is used while the first one fails. Default: none")),
  ),
  laterSeconds: z._default(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(CALLBACK_SECONDS_MAXIMUM),
        z.describe("Seconds within which answers promised with 202 must arrive by POST /v1/turns/{id}/answers"),
      ),
    120,
  ),
  ...commonSettings,
});

export type WebhookSettings = z.infer<typeof webhookSettings>;
