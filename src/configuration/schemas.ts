import * as z from "zod/mini";
import { connectorSettingsSchemas } from "../assistants/connector-kinds.ts";
import { isCarrierKeyword } from "../consent/carrier-keywords.ts";
import { IDLE_SECONDS_DEFAULT, IDLE_SECONDS_MAXIMUM, TOPICS_PER_APPLICATION } from "../core/limits/configuration.ts";
import { PERSON_LINK_DAYS_DEFAULT, PERSON_LINK_DAYS_MAXIMUM } from "../core/limits/identity.ts";
import { SEGMENTS_PER_SECOND_MAXIMUM } from "../core/limits/twilio.ts";
import { isShortCode } from "../core/phone.ts";
import { hoursSchema } from "../hours/schema.ts";
import { isTimeZone } from "../hours/time-zone.ts";
import { findLanguage, isLanguageTag, LANGUAGES } from "../languages/catalog.ts";
import { COMMAND_NAMES, MESSAGE_NAMES } from "../languages/language.ts";
import { accountSid, slug } from "../schema/ids.ts";
import { capsSchema, countriesSchema, pricesSchema, rateLimitSchema } from "../send-limits/schema.ts";
import { liquidTemplate } from "../templates/liquid-schema.ts";

/** One schema per resource: validation, types and the OpenAPI document derive from it. */

export const TWILIO_BASE_URL = "https://api.twilio.com";

const authToken = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,200}$/u, "must be an auth token as Twilio's console shows it"));

/**
 * Only characters that are unreserved in a URL: others have a meaning there (`:` and `@` above all), or some programs
 * escape them and others do not.
 */
const urlWord = z
  .string()
  .check(z.regex(/^[\w.~-]{1,100}$/u, "must be 1 to 100 letters, digits and . _ ~ -, which a URL can contain"));

const name = z.string().check(z.minLength(1), z.maxLength(100));

export const accountSchema = z.strictObject({
  name,
  authToken: authToken.check(z.describe("Stored encrypted and never shown")),
  nextAuthToken: z.optional(authToken.check(z.describe("The secondary token, needed while you rotate tokens"))),
  webhookCredentials: z.optional(
    z
      .strictObject({ username: urlWord, password: urlWord.check(z.describe("Stored encrypted and never shown")) })
      .check(z.describe("User name and password that Twilio must send in addition to its signature. Default: none")),
  ),
  baseUrl: z._default(
    z
      .string()
      .check(
        z.refine(
          isBaseUrl,
          "must be an https origin such as https://api.twilio.com, without a path; http is allowed only for this machine",
        ),
        z.describe("Origin of Twilio's REST API. Default: https://api.twilio.com"),
      ),
    TWILIO_BASE_URL,
  ),
  countries: z.optional(countriesSchema),
  prices: z.optional(pricesSchema),
  caps: z.optional(capsSchema),
});

export type Account = z.infer<typeof accountSchema>;

export const numberSchema = z.strictObject({
  account: accountSid,
  application: slug,
  type: z.enum(["long-code", "short-code", "toll-free"]),
  optOut: z.optional(
    z
      .enum(["twilio", "parley"])
      .check(
        z.describe(
          "Who answers STOP, START and HELP. Use `parley` if Twilio's opt-out handling is disabled. Default: `parley` for short codes, otherwise `twilio`",
        ),
      ),
  ),
  segmentsPerSecond: z.optional(
    z
      .number()
      .check(
        z.gte(0.1),
        z.lte(SEGMENTS_PER_SECOND_MAXIMUM),
        z.describe(
          "Segments a second that Twilio sends from the number; broadcasts stay below. Default: 1 for long codes, 3 for toll-free numbers, 100 for short codes",
        ),
      ),
  ),
  description: z._default(z.string().check(z.maxLength(200)), ""),
  rateLimit: z.optional(rateLimitSchema),
  loopGuard: z.optional(
    z.boolean().check(z.describe("Whether texts that look automated are not answered. Default: true")),
  ),
  caps: z.optional(capsSchema),
});

export type NumberBody = z.infer<typeof numberSchema>;

export const secretName = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-z0-9-]{0,63}$/u,
      "must be lowercase letters, digits and hyphens, beginning with a letter, at most 64 characters",
    ),
  );

const host = z
  .string()
  .check(z.refine(isHostName, "must be a host such as crm.example.com, with its port unless it is the default one"));

export const secretSchema = z.strictObject({
  value: z
    .string()
    .check(
      z.regex(/^[\x20-\x7e]{1,4000}$/u, "must be 1 to 4000 printable ASCII characters, which a header can contain"),
      z.describe("Stored encrypted and never shown"),
    ),
  hosts: z
    .array(host)
    .check(z.minLength(1), z.maxLength(20), z.describe("The only hosts that the secret may be sent to")),
});

/** @returns what is wrong with a number of this type, or null */
export function checkNumberType(number: string, type: NumberBody["type"]): string | null {
  if (isShortCode(number))
    return type === "short-code" ? null : `${number} is a short code. Use the type "short-code".`;
  return type === "short-code" ? `${number} is not a short code, which has 5 or 6 digits. Use another type.` : null;
}

const languageTag = z
  .string()
  .check(
    z.refine(
      (tag) => isLanguageTag(tag) && findLanguage(tag) !== null,
      `must be a language that Parley knows: ${Object.keys(LANGUAGES).join(", ")} (or with a region, such as pt-BR)`,
    ),
  );

const message = z.union([z.boolean(), liquidTemplate, z.record(languageTag, liquidTemplate)]);

const word = z.string().check(
  z.minLength(1),
  z.maxLength(40),
  z.refine((text) => !isCarrierKeyword(text), "is reserved: on most numbers Twilio answers it itself"),
);

const topicsAssistantSchema = z.strictObject({
  kind: z.literal("topics"),
  topics: z
    .array(slug)
    .check(
      z.minLength(1),
      z.maxLength(TOPICS_PER_APPLICATION),
      z.describe("The topics' ids. If two topics fit a text equally well, the contact chooses"),
    ),
  menu: z.optional(slug.check(z.describe("The topic that MENU starts. Default: none"))),
  agent: z.optional(slug.check(z.describe("The topic that AGENT starts. Default: none"))),
  words: z._default(
    z
      .partialRecord(
        z.enum(COMMAND_NAMES),
        z.union([z.literal(false), z.array(word).check(z.minLength(1), z.maxLength(20))]),
      )
      .check(
        z.describe(
          "Your own words for menu, help, agent, back, exit, login and logout; false: no word does it. Default: the words of the language",
        ),
      ),
    {},
  ),
});

const linkingSchema = z.strictObject({
  by: z._default(
    z
      .enum(["text", "page"])
      .check(z.describe("How contacts enter PIN and code: `text`, which carriers may block, or `page`, a web page")),
    "text",
  ),
  codeByText: z._default(
    z.boolean().check(z.describe("Whether a contact without an authenticator app may get a code by text")),
    true,
  ),
  keepDays: z._default(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(PERSON_LINK_DAYS_MAXIMUM),
        z.describe("Days that a contact stays linked after an identity check; 0: until the conversation ends"),
      ),
    PERSON_LINK_DAYS_DEFAULT,
  ),
});

export const applicationSchema = z.strictObject({
  name,
  assistant: z.discriminatedUnion("kind", [topicsAssistantSchema, ...connectorSettingsSchemas]),
  momentSeconds: z._default(
    z
      .nullable(z.int().check(z.gte(1), z.lte(60)))
      .check(
        z.describe("Seconds without an answer after which the contact is told that it takes a moment; null: never"),
      ),
    null,
  ),
  whenBusy: z._default(
    z
      .enum(["one-by-one", "join"])
      .check(
        z.describe(
          "Texts that arrive while the assistant works: `one-by-one`: each gets its own answer; `join`: they get one answer together",
        ),
      ),
    "one-by-one",
  ),
  allowedHosts: z._default(
    z
      .array(host)
      .check(
        z.maxLength(20),
        z.describe("Hosts that requests may reach although they are private or speak http only, such as a test system"),
      ),
    [],
  ),
  inboundOpens: z._default(
    z
      .boolean()
      .check(
        z.describe(
          "Whether a contact's text opens a conversation; false: only texts in an open conversation are answered, others are only stored",
        ),
      ),
    true,
  ),
  idleSeconds: z._default(
    z
      .int()
      .check(
        z.gte(1),
        z.lte(IDLE_SECONDS_MAXIMUM),
        z.describe("Seconds without a text after which a conversation ends"),
      ),
    IDLE_SECONDS_DEFAULT,
  ),
  whenUnknown: z._default(
    z
      .enum(["hold", "drop"])
      .check(
        z.describe(
          "What to do with a message if even Twilio's list does not show whether Twilio took it: `hold`: wait for your decision; `drop`: give it up",
        ),
      ),
    "hold",
  ),
  /**
   * Off by default, as Twilio changes a message only on request: texts go out as the operator wrote them. Operators
   * who want to save on segments find the setting here, and each changed message lists its replacements.
   */
  smartEncoding: z._default(
    z
      .boolean()
      .check(
        z.describe(
          "Whether typographic quotes, dashes and spaces are replaced if the message then fits GSM-7 and needs fewer segments. Links are not changed; `encoding` of a message lists the replacements",
        ),
      ),
    false,
  ),
  linking: z._default(linkingSchema, { by: "text", codeByText: true, keepDays: PERSON_LINK_DAYS_DEFAULT }),
  language: z._default(languageTag, "en"),
  zone: z._default(
    z
      .string()
      .check(
        z.refine(isTimeZone, "must be an IANA time zone such as America/New_York"),
        z.describe("Time zone of dates and times in texts"),
      ),
    "UTC",
  ),
  hours: z.optional(
    hoursSchema.check(
      z.describe("When conversations may begin; a conversation that has begun continues. Default: always"),
    ),
  ),
  messages: z._default(
    z.partialRecord(z.enum(MESSAGE_NAMES), message).check(
      z.refine(({ failure }) => failure !== false, {
        path: ["failure"],
        message: "cannot be false: the contact would wait for an answer",
      }),
      z.describe(
        "Automated messages: your own text, for all languages or by language; true: the default text; false: no message",
      ),
    ),
    {},
  ),
});

export type Application = z.infer<typeof applicationSchema>;

function isHostName(text: string): boolean {
  const url = `https://${text}/`;
  return URL.canParse(url) && new URL(url).host === text && text !== "";
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  const here = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
  return origin === text && (protocol === "https:" || (protocol === "http:" && here));
}
