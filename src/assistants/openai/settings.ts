import * as z from "zod/mini";
import { HISTORY_TOKENS_MAXIMUM, INSTRUCTIONS_CHARACTERS, TOPICS_PER_MODEL } from "../../core/limits/assistants.ts";
import { ATTRIBUTES_PER_PERSON } from "../../core/limits/identity.ts";
import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { attributeName } from "../../identity/person-schema.ts";
import { assistantUrlSchema, commonSettings, secretNameSchema } from "../common-settings.ts";

const base = assistantUrlSchema.check(
  z.describe("The base of the API, as https://api.openai.com/v1; Parley adds /chat/completions"),
);

const apikey = z.optional(
  secretNameSchema.check(
    z.describe(
      "The name of the secret that is sent as a bearer token; left out: none, as a server of your own may have it",
    ),
  ),
);

const model = z
  .string()
  .check(z.minLength(1), z.maxLength(200), z.describe("As the server names it: gpt-4.1-mini, llama3.1:8b"));

const topicId = z
  .string()
  .check(z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, "must be small letters, digits and hyphens, at most 64"));

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
          "What the model is for and what it must know; how to write texts, the date and the language are added",
        ),
      ),
    "",
  ),
  personAttributes: z.optional(
    z
      .array(attributeName)
      .check(
        z.maxLength(ATTRIBUTES_PER_PERSON),
        z.describe("Names of the attributes of a linked person that may go to the model; left out: all"),
      ),
  ),
  historyTokens: z._default(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(HISTORY_TOKENS_MAXIMUM),
        z.describe(
          "What of the conversation so far goes with each text, by a careful estimate; the oldest is dropped first",
        ),
      ),
    3_000,
  ),
  maxOutputTokens: z._default(
    z
      .int()
      .check(z.gte(16), z.lte(32_000), z.describe("Of one answer; a model that reasons first needs some thousands")),
    1_000,
  ),
  temperature: z.optional(z.number().check(z.gte(0), z.lte(2), z.describe("Left out: the model's own"))),
  answerCharacters: z._default(
    z
      .int()
      .check(
        z.gte(160),
        z.lte(PARTS_PER_TURN * PART_TEXT_CHARACTERS),
        z.describe("Of one answer; a longer one is cut after its last whole sentence"),
      ),
    PART_TEXT_CHARACTERS,
  ),
  seesPictures: z._default(
    z.boolean().check(z.describe("Does the model take pictures? Then it gets the URLs of those that people send")),
    false,
  ),
  tools: z._default(
    z.strictObject({
      choices: defineToolSwitch("May it offer numbered choices?", true),
      pictures: defineToolSwitch("May it send pictures? Only with addresses that your instructions give it", false),
      handover: defineToolSwitch("May it hand the person over to somebody?", false),
      end: defineToolSwitch("May it end the conversation?", false),
    }),
    { choices: true, pictures: false, handover: false, end: false },
  ),
  topics: z._default(
    z
      .array(topicId)
      .check(
        z.maxLength(TOPICS_PER_MODEL),
        z.describe("Topics that the model may begin; when one is over, it goes on"),
      ),
    [],
  ),
  second: z.optional(
    z
      .strictObject({ url: base, apikey, model: z.optional(model) })
      .check(z.describe("Asked while the first location is out; it goes on with the same conversation")),
  ),
  ...commonSettings,
});

export type OpenaiSettings = z.infer<typeof openaiSettings>;
