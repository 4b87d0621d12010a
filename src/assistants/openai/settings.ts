import * as z from "zod/mini";
import { HISTORY_TOKENS_MAXIMUM, INSTRUCTIONS_CHARACTERS, TOPICS_PER_MODEL } from "../../core/limits/assistants.ts";
import { ATTRIBUTES_PER_PERSON } from "../../core/limits/identity.ts";
import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { attributeName } from "../../identity/person-schema.ts";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

const base = assistantUrlSchema.check(
  z.describe("The base URL of the API, such as https://api.openai.com/v1; Parley adds /chat/completions"),
);

const apikey = z.optional(
  secretNameSchema.check(
    z.describe("The name of the secret that is sent as a bearer token; absent for a server that requires none"),
  ),
);

const model = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(200),
    z.describe("The server's name of the model, such as gpt-4.1-mini or llama3.1:8b"),
  );

const topicId = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, "must be lower-case letters, digits and hyphens, at most 64"));

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
        z.describe("Names of a linked person's attributes that may go to the model; absent for all"),
      ),
  ),
  historyTokens: z._default(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(HISTORY_TOKENS_MAXIMUM),
        z.describe("Estimated tokens of earlier texts sent with each text; the oldest are dropped first"),
      ),
    3_000,
  ),
  maxOutputTokens: z._default(
    z
      .int()
      .check(
        z.gte(16),
        z.lte(32_000),
        z.describe("The token limit of one answer; reasoning models need several thousand"),
      ),
    1_000,
  ),
  temperature: z.optional(z.number().check(z.gte(0), z.lte(2), z.describe("Absent for the model's default"))),
  answerCharacters: z._default(
    z
      .int()
      .check(
        z.gte(160),
        z.lte(PARTS_PER_TURN * PART_TEXT_CHARACTERS),
        z.describe("The maximum length of an answer; a longer one is cut after its last whole sentence"),
      ),
    PART_TEXT_CHARACTERS,
  ),
  seesPictures: z._default(
    z
      .boolean()
      .check(z.describe("Whether the model accepts pictures. If so, it gets the URLs of those that contacts send")),
    false,
  ),
  tools: z._default(
    z.strictObject({
      choices: defineToolSwitch("Whether it may offer numbered choices", true),
      pictures: defineToolSwitch("Whether it may send pictures, whose URLs your instructions must contain", false),
      handover: defineToolSwitch("Whether it may ask an agent to take over", false),
      end: defineToolSwitch("Whether it may end the conversation", false),
    }),
    { choices: true, pictures: false, handover: false, end: false },
  ),
  topics: z._default(
    z
      .array(topicId)
      .check(
        z.maxLength(TOPICS_PER_MODEL),
        z.describe("Topics that the model may begin; the model continues afterwards"),
      ),
    [],
  ),
  second: z.optional(
    z
      .strictObject({ url: base, apikey, model: z.optional(model) })
      .check(z.describe("Asked while the first location fails; continues the same conversation")),
  ),
  ...commonSettings,
});

export type OpenaiSettings = z.infer<typeof openaiSettings>;
