import * as z from "zod/mini";
import { CALLBACK_SECONDS_MAXIMUM } from "../../core/limits/assistants.ts";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

/** The settings of an operator's own bot, which gets a signed POST for each text. */
export const webhookSettings = z.strictObject({
  kind: z.literal("webhook"),
  url: assistantUrlSchema,
  signature: secretNameSchema.check(z.describe("The name of the secret that signs requests by Standard Webhooks")),
  second: z.optional(
    z.strictObject({ url: assistantUrlSchema }).check(z.describe("Asked while the first location fails")),
  ),
  laterSeconds: z._default(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(CALLBACK_SECONDS_MAXIMUM),
        z.describe("How many seconds answers by POST /v1/turns/{id}/answers may take after HTTP 202"),
      ),
    120,
  ),
  ...commonSettings,
});

export type WebhookSettings = z.infer<typeof webhookSettings>;
