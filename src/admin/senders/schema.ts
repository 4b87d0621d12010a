import * as z from "zod/mini";
import { named } from "../../schema/named.ts";
import { nextCursor } from "../http/schema.ts";
import { subscriptionSource, subscriptionStatus } from "../lists/schema.ts";

const mediaResource = named(
  "MessageMedia",
  z.strictObject({
    status: z
      .enum(["waiting", "kept", "refused", "lost", "at-twilio", "linked"])
      .check(
        z.describe(
          "`waiting`: being copied; `kept`: Parley has a copy; `refused`: too large, or of a type that Parley does not keep; `lost`: could not be fetched; `at-twilio`: Parley has no bucket; `linked`: sent by its URL",
        ),
      ),
    url: z
      .string()
      .check(
        z.describe(
          "If `kept`: a signed URL of Parley's copy, which works for one hour without a key. Otherwise Twilio's URL, which needs the account's credentials, or the URL that was sent",
        ),
      ),
    contentType: z.nullable(z.string()),
    size: z.nullable(z.int()).check(z.describe("Size of Parley's copy in bytes; null: no copy")),
    reason: z.nullable(z.string()).check(z.describe("Why there is no copy, or not yet; else null")),
  }),
);

export const messageResource = named(
  "Message",
  z.strictObject({
    id: z.string(),
    conversation: z.string().check(z.describe("The conversation's id")),
    direction: z.enum(["in", "out"]),
    text: z.string(),
    media: z.array(mediaResource),
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
    sid: z.nullable(z.string()).check(z.describe("Twilio's SID; null: not yet known")),
    error: z
      .nullable(z.strictObject({ code: z.nullable(z.int()).check(z.describe("Twilio's code")), message: z.string() }))
      .check(z.describe("Why the message was not delivered; else null")),
    notes: z.array(z.string()).check(z.describe("Parley's remarks on how the message was handled")),
    encoding: z.optional(
      z
        .strictObject({ replaced: z.array(z.strictObject({ from: z.string(), to: z.string(), count: z.int() })) })
        .check(z.describe("Characters that smart encoding replaced; absent: none")),
    ),
    at: z.iso.datetime(),
  }),
);

/** The operator's decision about a message whose status is `unknown`. */
export const resolutionBody = named(
  "ResolutionBody",
  z.strictObject({
    as: z
      .enum(["sent", "resend", "drop"])
      .check(
        z.describe(
          "`sent`: Twilio took the message; `resend`: send it again (it may arrive twice); `drop`: give it up",
        ),
      ),
  }),
);

export const subscriptionsResource = named(
  "SubscriptionHistory",
  z.strictObject({
    subscriptions: z
      .array(
        z.strictObject({
          list: z.string(),
          number: z.string(),
          status: subscriptionStatus,
          since: z.iso.datetime(),
          by: subscriptionSource,
        }),
      )
      .check(z.describe("Current subscriptions")),
    items: z
      .array(
        z.strictObject({
          number: z.string(),
          list: z.string(),
          status: subscriptionStatus,
          at: z.iso.datetime(),
          by: subscriptionSource,
          proof: z.string(),
        }),
      )
      .check(z.describe("All changes, newest first")),
    next: nextCursor,
  }),
);
