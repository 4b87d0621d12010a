import * as z from "zod/mini";
import { applicationSchema } from "../../configuration/schemas.ts";
import { DRY_RUN_TEXTS } from "../../core/limits/admin.ts";
import { MEDIA_PER_MESSAGE, PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { phoneNumber, slug } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { times, warnings } from "../http/schema.ts";
import { published } from "../publications/schema.ts";

export const applicationBody = named("ApplicationBody", applicationSchema);

export const APPLICATION_EXAMPLE = { name: "Pizza", assistant: { kind: "topics", topics: ["pizza"] } };

export const applicationResource = named("Application", z.extend(applicationSchema, { id: slug, published, ...times }));

/** What saving an application answers. */
export const savedApplication = named("SavedApplication", z.extend(applicationResource, { warnings }));

const inboundText = z.string().check(z.maxLength(PART_TEXT_CHARACTERS));

const FICTITIOUS = { phone: "+12025550199", number: "+12025550100" };

/** A conversation to try. */
export const dryRunBody = named(
  "DryRunBody",
  z.strictObject({
    texts: z
      .array(
        z.union([
          inboundText,
          z.strictObject({
            text: z._default(inboundText, ""),
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
        z.describe("The contact's texts in order; together they are one new conversation"),
      ),
    phone: z._default(
      phoneNumber.check(
        z.describe("The contact's phone, as the assistant sees it; a tester's phone gets the drafts of topics"),
      ),
      FICTITIOUS.phone,
    ),
    number: z._default(
      phoneNumber.check(z.describe("The number that the contact texts, as the assistant sees it")),
      FICTITIOUS.number,
    ),
  }),
);

export const DRY_RUN_EXAMPLE = { texts: ["pizza", "2"] };

/** What the contact would get. */
export const dryRunResource = named(
  "DryRun",
  z.strictObject({
    turns: z.array(
      z.strictObject({
        text: z.string().check(z.describe("The contact's text")),
        messages: z.array(
          z.strictObject({
            text: z.string(),
            media: z.array(z.string()),
            segments: z
              .nullable(z.strictObject({ encoding: z.enum(["GSM-7", "UCS-2"]), segments: z.int(), units: z.int() }))
              .check(z.describe("Segments that Twilio bills; null: an MMS, billed as one message")),
          }),
        ),
        notes: z.array(z.string()).check(z.describe("Notes as the transcript would show them")),
        awaits: z
          .discriminatedUnion("kind", [
            z.strictObject({ kind: z.literal("text"), silentAfterSeconds: z.nullable(z.int()) }),
            z.strictObject({ kind: z.literal("answers"), seconds: z.int() }),
            z.strictObject({ kind: z.literal("nothing") }),
            z.strictObject({ kind: z.literal("time") }),
          ])
          .check(
            z.describe(
              "`text`: waits for the next text; `answers`: the assistant has promised answers for later, and a dry run does not wait for them; `nothing`: the conversation is over; `time`: the dry run ran out of time",
            ),
          ),
      }),
    ),
  }),
);
