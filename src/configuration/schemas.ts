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
  .check(z.regex(/^[\x21-\x7e]{1,200}$/u, "must be an auth token, as Twilio's console shows it"));

/**
 * Only characters that are unreserved in a URL: others have a meaning there (`:` and `@` above all), or some programs
 * escape them and others do not.
 */
const urlWord = z
  .string()
  .check(z.regex(/^[\w.~-]{1,100}$/u, "must be 1 to 100 letters, digits and . _ ~ -, so that a URL can carry it"));

const name = z.string().check(z.minLength(1), z.maxLength(100));

export const accountSchema = z.strictObject({
  name,
  authToken: authToken.check(z.describe("Never comes back; saved sealed")),
  nextAuthToken: z.optional(authToken.check(z.describe("The secondary token, while tokens are rotated"))),
  webhookCredentials: z.optional(
    z
      .strictObject({ username: urlWord, password: urlWord.check(z.describe("Never comes back; saved sealed")) })
      .check(z.describe("What Twilio must send beside its signature: user name and password of the webhooks' URLs")),
  ),
  baseUrl: z._default(
    z
      .string()
      .check(
        z.refine(
          isBaseUrl,
          "must be an https origin as https://api.twilio.com (http only for this machine), without a path",
        ),
        z.describe("Where REST calls go"),
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
          "Who answers STOP, START and HELP: Twilio, as it does by default on long codes and toll-free numbers, or Parley, as on short codes and where Twilio's opt-out handling is switched off. Left out: as is usual for the type",
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
          "What Twilio carries of it; broadcasts keep below. Left out: 1 on long codes, 3 toll-free, 100 on short codes",
        ),
      ),
  ),
  description: z._default(z.string().check(z.maxLength(200)), ""),
  rateLimit: z.optional(rateLimitSchema),
  loopGuard: z.optional(
    z.boolean().check(z.describe("Whether what looks like a robot is no longer answered; left out: it is not")),
  ),
  caps: z.optional(capsSchema),
});

export type NumberBody = z.infer<typeof numberSchema>;

export const secretName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,63}$/u, "must be small letters, digits and hyphens, beginning with a letter"));

const host = z
  .string()
  .check(
    z.refine(isHostName, "must be a host as crm.example.com, with its port where that is another than the usual one"),
  );

export const secretSchema = z.strictObject({
  value: z
    .string()
    .check(
      z.regex(/^[\x20-\x7e]{1,4000}$/u, "must be 1 to 4000 printable ASCII characters, so that a header can carry it"),
      z.describe("Never comes back; saved sealed"),
    ),
  hosts: z.array(host).check(z.minLength(1), z.maxLength(20), z.describe("Where it may be sent, and nowhere else")),
});

/** @returns what is wrong with a number of this type, or null */
export function checkNumberType(number: string, type: NumberBody["type"]): string | null {
  if (isShortCode(number))
    return type === "short-code" ? null : `${number} has ${number.length} digits: its type is "short-code".`;
  return type === "short-code" ? `${number} is no short code: those have 5 or 6 digits.` : null;
}

const languageTag = z
  .string()
  .check(
    z.refine(
      (tag) => isLanguageTag(tag) && findLanguage(tag) !== null,
      `must be a language that Parley knows: ${Object.keys(LANGUAGES).join(", ")} (or with a region, as pt-BR)`,
    ),
  );

const message = z.union([z.boolean(), liquidTemplate, z.record(languageTag, liquidTemplate)]);

const word = z.string().check(
  z.minLength(1),
  z.maxLength(40),
  z.refine((text) => !isCarrierKeyword(text), "belongs to the carrier: on most numbers Twilio answers it itself"),
);

const topicsAssistantSchema = z.strictObject({
  kind: z.literal("topics"),
  topics: z
    .array(slug)
    .check(
      z.minLength(1),
      z.maxLength(TOPICS_PER_APPLICATION),
      z.describe("Where two fit a text equally well, the person is asked which they mean"),
    ),
  menu: z.optional(slug.check(z.describe("The topic that MENU starts"))),
  agent: z.optional(slug.check(z.describe("The topic that AGENT starts"))),
  words: z._default(
    z
      .partialRecord(
        z.enum(COMMAND_NAMES),
        z.union([z.literal(false), z.array(word).check(z.minLength(1), z.maxLength(20))]),
      )
      .check(
        z.describe("Other words for menu, help, agent, back, exit, login and logout; false: the word is switched off"),
      ),
    {},
  ),
});

const linkingSchema = z.strictObject({
  by: z._default(
    z
      .enum(["text", "page"])
      .check(z.describe("Where people give their PIN and code: carriers may withhold texts that look like codes")),
    "text",
  ),
  codeByText: z._default(
    z.boolean().check(z.describe("Whether who has no authenticator app may get a code by text")),
    true,
  ),
  keepDays: z._default(
    z
      .int()
      .check(
        z.gte(0),
        z.lte(PERSON_LINK_DAYS_MAXIMUM),
        z.describe("How long it holds that somebody has shown who they are; 0: until the conversation ends"),
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
      .check(z.describe("Who has waited so long hears that the answer takes a moment; null: never")),
    null,
  ),
  whenBusy: z._default(
    z
      .enum(["one-by-one", "join"])
      .check(z.describe("Texts that come while the assistant is busy: each gets its own answer, or all get one")),
    "one-by-one",
  ),
  allowedHosts: z._default(
    z
      .array(host)
      .check(
        z.maxLength(20),
        z.describe(
          "Hosts that requests may reach although they are private, or speak http only: your test system, say",
        ),
      ),
    [],
  ),
  inboundOpens: z._default(
    z
      .boolean()
      .check(
        z.describe(
          "Whether a person's text opens a conversation; false: only texts within one that is open are answered, others are kept in the transcript",
        ),
      ),
    true,
  ),
  idleSeconds: z._default(
    z
      .int()
      .check(z.gte(1), z.lte(IDLE_SECONDS_MAXIMUM), z.describe("After so long without a text a conversation ends")),
    IDLE_SECONDS_DEFAULT,
  ),
  whenUnknown: z._default(
    z
      .enum(["hold", "drop"])
      .check(
        z.describe(
          "What becomes of a message when even Twilio's list cannot tell whether it was taken: held for you, or dropped",
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
          "Replace typographic quotes, dashes, spaces and the like in answers where that makes a message plain GSM-7 and so takes fewer segments; links stay as they are, and `encoding` of each message says what was replaced",
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
        z.refine(isTimeZone, "must be a time zone of the IANA list, as America/New_York"),
        z.describe("Where dates and times in texts are meant"),
      ),
    "UTC",
  ),
  hours: z.optional(
    hoursSchema.check(z.describe("When conversations may begin; one that has begun goes on. Left out: always")),
  ),
  messages: z._default(
    z.partialRecord(z.enum(MESSAGE_NAMES), message).check(
      z.refine(({ failure }) => failure !== false, {
        path: ["failure"],
        message: "cannot be switched off: the person would wait for an answer",
      }),
      z.describe("Automated messages: your own text, perhaps by language; true for the default, false for none"),
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
