import * as z from "zod/mini";
import { HISTORY_TOKENS_MAXIMUM, INSTRUCTIONS_CHARACTERS, TOPICS_PER_MODEL } from "../../core/limits/assistants.ts";
import { ATTRIBUTES_PER_PERSON } from "../../core/limits/identity.ts";
import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { attributeName } from "../../identity/person-schema.ts";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

const base = assistantUrlSchema.check(
  z.describe("Base URL of the API, for example https://api.openai.com/v1; Parley adds /chat/completions"),
);

const apikey = z.optional(
  secretNameSchema.check(
    z.describe("Name of the secret that is sent as a bearer token. Default: none, for a server of your own"),
  ),
);

const model = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(200),
    z.describe("The model's name at the server, for example gpt-4.1-mini or llama3.1:8b"),
  );

const topicId = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, "must be lowercase letters, digits and hyphens, at most 64 characters"));

function defineToolSwitch(description: string, isOn: boolean) {
  return z._default(z.boolean().check(z.describe(description)), isOn);
}

/** The settings of a language model behind OpenAI's chat completions API. */
export const openaiSettings = z.strictObject({
  kind: z.literal("openai"),
  url: base,
  apikey,
  model,
  instructions: z._default(
    z
      .string()
      .check(
        z.maxLength(INSTRUCTIONS_CHARACTERS),
        z.describe(
          "What the model is for and what it must know. Parley adds how to write texts, the date and the language",
        ),
      ),
    "",
  ),
  personAttributes: z.optional(
    z
      .array(attributeName)
      .check(
        z.maxLength(ATTRIBUTES_PER_PERSON),
        z.describe("Attributes of a linked person that are sent to the model. Default: all"),
      ),
  ),
  historyTokens: z._default(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(HISTORY_TOKENS_MAXIMUM),
        z.describe(
          "Maximum size of the history sent with each text, in estimated tokens; the oldest messages are dropped first",
        ),
      ),
    3_000,
  ),
  maxOutputTokens: z._default(
    z
      .int()
      .check(
        z.gte(16),
        z.lte(32_000),
        z.describe("Maximum size of one answer in tokens; a reasoning model needs some thousands"),
      ),
    1_000,
  ),
  temperature: z.optional(
    z.number().check(z.gte(0), z.lte(2), z.describe("Sampling temperature. Default: the model's own")),
  ),
  answerCharacters: z._default(
    z
      .int()
      .check(
        z.gte(160),
        z.lte(PARTS_PER_TURN * PART_TEXT_CHARACTERS),
        z.describe("Maximum length of one answer in characters; a longer one is cut after its last whole sentence"),
      ),
    PART_TEXT_CHARACTERS,
  ),
  seesPictures: z._default(
    z
      .boolean()
      .check(z.describe("Whether the model accepts pictures; if so, the URLs of contacts' pictures are sent to it")),
    false,
  ),
  tools: z._default(
    z.strictObject({
      choices: defineToolSwitch("Whether the model may offer numbered choices", true),
      pictures: defineToolSwitch("Whether the model may send pictures, by URLs that your instructions contain", false),
      handover: defineToolSwitch("Whether the model may hand the contact over to an agent", false),
      end: defineToolSwitch("Whether the model may end the conversation", false),
    }),
    { choices: true, pictures: false, handover: false, end: false },
  ),
  topics: z._default(
    z
      .array(topicId)
      .check(
        z.maxLength(TOPICS_PER_MODEL),
        z.describe("Topics that the model may start; when one is over, the model continues"),
      ),
    [],
  ),
  second: z.optional(
    z
      .strictObject({ url: base, apikey, model: z.optional(model) })
      .check(z.describe("Location that continues the conversation while the first one fails. Default: none")),
  ),
  ...commonSettings,
});

export type OpenaiSettings = z.infer<typeof openaiSettings>;
