import * as z from "zod/mini";
import { accountSchema, applicationSchema, numberSchema, secretName, secretSchema } from "../configuration/schemas.ts";
import { DRY_RUN_TEXTS } from "../core/limits/admin.ts";
import { PROOF_CHARACTERS } from "../core/limits/consent.ts";
import { MEDIA_PER_MESSAGE, PART_TEXT_CHARACTERS } from "../core/limits/twilio.ts";
import { personId, personSchema } from "../identity/person-schema.ts";
import { accountSid, phoneNumber, slug } from "../schema/ids.ts";
import { capsSchema, countriesSchema, pricesSchema } from "../send-limits/schema.ts";
import { topicSchema } from "../topics/definition.ts";

/** What the API answers: what was saved, with what Parley adds. */

const times = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() };

export const accountResource = z.extend(z.pick(accountSchema, { name: true, baseUrl: true }), {
  sid: accountSid,
  hasNextAuthToken: z.boolean(),
  hasWebhookCredentials: z.boolean(),
  webhookUsername: z.nullable(z.string()),
  countries: z.nullable(countriesSchema).check(z.describe("Where it may text; null: the countries of its numbers")),
  prices: z.nullable(pricesSchema),
  caps: z.nullable(capsSchema),
  ...times,
});

export const numberResource = z.extend(numberSchema, {
  number: z.string(),
  caps: z.nullable(capsSchema),
  webhooks: z
    .strictObject({ requestUrl: z.url(), fallbackUrl: z.url() })
    .check(z.describe("To be pasted into Twilio; with your own password where it says PASSWORD")),
  ...times,
});

const publication = {
  version: z.int().check(z.gte(1), z.describe("Counts from 1, also when it was deleted and saved again")),
  at: z.iso.datetime(),
  by: z.string(),
};

const published = z.nullable(z.strictObject(publication)).check(z.describe("The last publication"));

export const applicationResource = z.extend(applicationSchema, { id: slug, published, ...times });

export const topicResource = z.extend(topicSchema, {
  id: slug,
  published,
  draft: z.boolean().check(z.describe("Whether this is something else than what is published")),
  ...times,
});

export const fieldProblems = z.array(
  z.strictObject({ pointer: z.string().check(z.describe("A JSON pointer into the body")), detail: z.string() }),
);

const warnings = fieldProblems.check(z.describe("What can be saved, and may not be meant"));

/** What is answered to saving. */
export const savedApplication = z.extend(applicationResource, { warnings });

export const savedTopic = z.extend(topicResource, { warnings });

/** What is to be published. */
export const publicationSchema = z.strictObject({
  version: z.optional(
    z.int().check(z.gte(1), z.describe("An older version, to be published once more; left out: what was saved last")),
  ),
});

export const publicationItem = z.strictObject({
  ...publication,
  from: z.nullable(z.int()).check(z.describe("The version that it brought back")),
});

export const publicationResource = z.extend(publicationItem, {
  document: z.record(z.string(), z.unknown()).check(z.describe("As it was published")),
});

export const testerResource = z.strictObject({
  phone: z.string(),
  startedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});

const heardText = z.string().check(z.maxLength(PART_TEXT_CHARACTERS));

const FICTITIOUS = { phone: "+12025550199", number: "+12025550100" };

/** What is to be tried of an application. */
export const dryRunSchema = z.strictObject({
  texts: z
    .array(
      z.union([
        heardText,
        z.strictObject({
          text: z._default(heardText, ""),
          media: z
            .array(
              z.strictObject({
                url: z.url(),
                contentType: z.string().check(z.regex(/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/u)),
              }),
            )
            .check(z.maxLength(MEDIA_PER_MESSAGE)),
        }),
      ]),
    )
    .check(
      z.minLength(1),
      z.maxLength(DRY_RUN_TEXTS),
      z.describe("What the person says, text by text; one conversation from its beginning"),
    ),
  phone: z._default(
    phoneNumber.check(z.describe("Of the person, as the assistant sees it; a phone that tries a topic gets its draft")),
    FICTITIOUS.phone,
  ),
  number: z._default(
    phoneNumber.check(z.describe("That the person texts, as the assistant sees it")),
    FICTITIOUS.number,
  ),
});

/** What would have come of it. */
export const dryRunResource = z.strictObject({
  turns: z.array(
    z.strictObject({
      text: z.string(),
      messages: z.array(
        z.strictObject({
          text: z.string(),
          media: z.array(z.string()),
          segments: z
            .nullable(z.strictObject({ encoding: z.enum(["GSM-7", "UCS-2"]), segments: z.int(), units: z.int() }))
            .check(z.describe("What it is billed as; null: it is an MMS, billed as one whatever its text")),
        }),
      ),
      notes: z.array(z.string()).check(z.describe("As they would stand in the journal")),
      awaits: z
        .discriminatedUnion("kind", [
          z.strictObject({ kind: z.literal("text"), silentAfterSeconds: z.nullable(z.int()) }),
          z.strictObject({ kind: z.literal("answers"), seconds: z.int() }),
          z.strictObject({ kind: z.literal("nothing") }),
          z.strictObject({ kind: z.literal("time") }),
        ])
        .check(
          z.describe(
            "`text`: the next one; `answers`: they were promised for later, and a trial does not wait for them; `nothing`: the conversation is over; `time`: the trial was over before the answer came",
          ),
        ),
    }),
  ),
});

export const secretResource = z.extend(z.pick(secretSchema, { hosts: true }), { name: secretName, ...times });

export const personResource = z.extend(z.omit(personSchema, { pin: true }), {
  id: personId,
  hasPin: z.boolean(),
  hasAuthenticator: z.boolean(),
  lockedAt: z.nullable(z.iso.datetime()).check(z.describe("Since when, after three wrong tries; null: they are not")),
  ...times,
});

export const enrolmentResource = z.strictObject({
  url: z.url().check(z.describe("Of a page with a QR code; it works until the app is set up, once")),
  expiresAt: z.iso.datetime(),
});

export const importResource = z.strictObject({
  imported: z.int(),
  errors: z.array(
    z.strictObject({
      row: z.int().check(z.describe("As a person counts: the names of the columns are row 1")),
      column: z.nullable(z.string()),
      detail: z.string(),
    }),
  ),
});

export const refusalResource = z.strictObject({
  reason: z.string().check(z.describe("What Twilio was answered")),
  hint: z.string().check(z.describe("What you can do")),
  path: z.string(),
  count: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

const mediumResource = z.strictObject({
  status: z
    .enum(["waiting", "kept", "refused", "lost", "at-twilio", "linked"])
    .check(
      z.describe(
        "`kept`: Parley has a copy; `waiting`: it is being fetched; `refused`: too large, or no type that Parley keeps; `lost`: it could not be had; `at-twilio`: Parley has no bucket; `linked`: sent by its URL",
      ),
    ),
  url: z
    .string()
    .check(
      z.describe(
        "Of our copy where it is `kept`: signed, open to whoever has it, for an hour. Else Twilio's, which wants the account's credentials; or the one that was sent",
      ),
    ),
  contentType: z.nullable(z.string()),
  size: z.nullable(z.int()).check(z.describe("Of our copy, in bytes")),
  reason: z.nullable(z.string()).check(z.describe("Why there is no copy, or not yet")),
});

export const messageResource = z.strictObject({
  id: z.string(),
  conversation: z.string(),
  direction: z.enum(["in", "out"]),
  text: z.string(),
  media: z.array(mediumResource),
  status: z.enum([
    "received",
    "pending",
    "retrying",
    "claimed",
    "uncertain",
    "queued",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "unknown",
    "dropped",
  ]),
  sid: z.nullable(z.string()).check(z.describe("Twilio's SID, once there is one")),
  error: z.nullable(z.strictObject({ code: z.nullable(z.int()), message: z.string() })),
  notes: z.array(z.string()),
  encoding: z.optional(
    z
      .strictObject({ replaced: z.array(z.strictObject({ from: z.string(), to: z.string(), count: z.int() })) })
      .check(z.describe("What smart encoding replaced, where it changed the text")),
  ),
  at: z.iso.datetime(),
});

export const resolutionSchema = z.strictObject({
  as: z
    .enum(["sent", "resend", "drop"])
    .check(z.describe("It was sent after all; send it again (it may arrive twice); or drop it")),
});

export const CONSENT_STATUSES = ["given", "withdrawn"] as const;
export const CONSENT_SOURCES = ["person", "carrier", "admin", "import"] as const;

/** What an admin says that a person wants. */
export const consentBody = z.strictObject({
  status: z.enum(CONSENT_STATUSES),
  proof: z.optional(
    z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(PROOF_CHARACTERS),
        z.describe("How and when the person has said so; needed to undo an opt-out"),
      ),
  ),
});

const consentScope = {
  number: z.string().check(z.describe("Where it was said")),
  scope: z.string().check(z.describe("What it holds for: a Messaging Service, or the number")),
};
const consentSource = z.enum(CONSENT_SOURCES).check(z.describe("`carrier`: Twilio, by OptOutType or error 21610"));

export const consentEntryResource = z.strictObject({
  id: z.int().check(z.describe("Counts from 1 for each sender")),
  ...consentScope,
  status: z.enum(CONSENT_STATUSES),
  by: consentSource,
  at: z.iso.datetime().check(z.describe("When it was said")),
  recordedAt: z.iso.datetime(),
  text: z.nullable(z.string()).check(z.describe("The person's text, Twilio's code, or the proof")),
  late: z.boolean().check(z.describe("Something said later was known already: history only")),
});

export const consentReportResource = z.strictObject({
  items: z.array(
    z.strictObject({
      ...consentScope,
      status: z.enum([...CONSENT_STATUSES, "unstated"]),
      by: z.nullable(consentSource),
      at: z.nullable(z.iso.datetime()),
    }),
  ),
  history: z.array(consentEntryResource).check(z.describe("The latest first")),
});

export const consentResource = z.strictObject({
  phone: z.string(),
  ...consentScope,
  status: z.enum(CONSENT_STATUSES),
  by: consentSource,
  at: z.iso.datetime(),
});

export const consentImportResource = z.strictObject({
  recorded: z.int(),
  known: z.int().check(z.describe("Rows that said nothing new")),
  errors: z.array(z.strictObject({ row: z.int(), detail: z.string() })),
});
