import * as z from "zod/mini";
import {
  IDLE_SECONDS_DEFAULT,
  IDLE_SECONDS_MAXIMUM,
  PART_TEXT_CHARACTERS,
  TOPICS_PER_APPLICATION,
} from "../core/limits.ts";
import { isShortCode, parsePhone } from "../core/phone.ts";
import { template } from "../topics/steps/kind.ts";
import { templateProblem } from "../topics/template.ts";

/** One schema per noun: validation, types and the OpenAPI document come from here. */

export const TWILIO_BASE_URL = "https://api.twilio.com";

export const accountSid = z
  .string()
  .check(z.regex(/^AC[0-9a-f]{32}$/u, "must be AC and 32 hexadecimal digits"), z.describe("A Twilio account SID"));

export const slug = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, "must be small letters, digits and hyphens, at most 64"),
    z.describe("An id that you choose"),
  );

const authToken = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,200}$/u, "must be an auth token, as Twilio's console shows it"));

/** Unreserved in a URL: whatever else has a meaning there, `:` and `@` above all, or is escaped by one and not by the other. */
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
});

export type Account = z.infer<typeof accountSchema>;

export const numberSchema = z.strictObject({
  account: accountSid,
  application: slug,
  type: z.enum(["long-code", "short-code", "toll-free"]),
  description: z._default(z.string().check(z.maxLength(200)), ""),
});

export type NumberBody = z.infer<typeof numberSchema>;

/** A number as a person may write it; `14252306549` and `+14252306549` are the same. */
export const phoneNumber = z.pipe(
  z.string().check(
    z.refine(
      (written) => parsePhone(written) !== null,
      "must be a phone number as +14255550100, or a short code of 5 or 6 digits",
    ),
    z.describe("E.164, with or without its plus, or a short code of 5 or 6 digits"),
  ),
  z.transform((written) => parsePhone(written) ?? written),
);

/** @returns what is wrong with a number of this type, or null */
export function numberTypeProblem(number: string, type: NumberBody["type"]): string | null {
  if (isShortCode(number))
    return type === "short-code" ? null : `${number} has ${number.length} digits: its type is "short-code".`;
  return type === "short-code" ? `${number} is no short code: those have 5 or 6 digits.` : null;
}

const message = template.check(z.refine((text) => templateProblem(text) === null, "is not a valid Liquid text"));

const topicsAssistantSchema = z.strictObject({
  kind: z.literal("topics"),
  topics: z
    .array(slug)
    .check(
      z.minLength(1),
      z.maxLength(TOPICS_PER_APPLICATION),
      z.describe("Where two fit a text equally well, the first answers"),
    ),
});

export const applicationSchema = z.strictObject({
  name,
  assistant: z.discriminatedUnion("kind", [topicsAssistantSchema]),
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
   * Off, as Twilio leaves a message alone unless asked: an operator's words go out as they were written, and saving this one is a choice that
   * cannot surprise. Whoever looks at the bill finds it here, and each message that was changed says so.
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
  messages: z._default(
    z.strictObject({
      failure: z.optional(
        z
          .string()
          .check(
            z.minLength(1),
            z.maxLength(PART_TEXT_CHARACTERS),
            z.describe("Said when the assistant fails; as it stands, no Liquid"),
          ),
      ),
      notUnderstood: z.optional(message.check(z.describe("Said when a text starts no topic"))),
    }),
    {},
  ),
});

export type Application = z.infer<typeof applicationSchema>;

/** What is said where an application does not say otherwise. */
export const DEFAULT_MESSAGES = {
  failure: "We're sorry, but we can't respond to your message.",
  notUnderstood: "Sorry, I did not understand that.",
} as const;

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, origin } = new URL(text);
  const here = hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/u.test(hostname);
  return origin === text && (protocol === "https:" || (protocol === "http:" && here));
}
