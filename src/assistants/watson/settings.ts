import * as z from "zod/mini";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

const id = z
  .string()
  .check(z.regex(/^[\w-]{1,100}$/u, "must be an id as shown by Watson: letters, digits, hyphens and underscores"));

const assistant = id.check(z.describe("The assistant's id; without `environment`, an environment's id also works"));
const environment = z.optional(id.check(z.describe("The environment's id, if the assistant has environments")));

/** The settings of Watson Assistant, API version 2. */
export const watsonSettings = z.strictObject({
  kind: z.literal("watson"),
  url: assistantUrlSchema.check(
    z.describe("The service's URL, for example https://api.us-south.assistant.watson.cloud.ibm.com/instances/…"),
  ),
  assistant,
  environment,
  apikey: secretNameSchema,
  version: z._default(
    z
      .string()
      .check(
        z.regex(/^\d{4}-\d{2}-\d{2}$/u, "must be a date such as 2024-08-25"),
        z.describe("The version of Watson's API"),
      ),
    "2024-08-25",
  ),
  mode: z._default(
    z
      .enum(["stateful", "stateless"])
      .check(
        z.describe(
          "`stateful`: Watson keeps the session and its context; `stateless`: Parley sends the context with each text",
        ),
      ),
    "stateful",
  ),
  second: z.optional(
    z
      .strictObject({
        url: assistantUrlSchema,
        assistant: z.optional(assistant),
        environment,
        apikey: z.optional(secretNameSchema),
      })
      .check(
        z.describe("Location that is used while the first one fails; absent fields are as in the first. Default: none"),
      ),
  ),
  ...commonSettings,
});

export type WatsonSettings = z.infer<typeof watsonSettings>;
