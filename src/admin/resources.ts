import * as z from "zod/mini";
import {
  accountSchema,
  accountSid,
  applicationSchema,
  numberSchema,
  secretName,
  secretSchema,
  slug,
} from "../configuration/nouns.ts";
import { topicSchema } from "../topics/definition.ts";

/** What the API answers: what was saved, with what Parley adds. */

const times = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() };

export const accountResource = z.extend(z.pick(accountSchema, { name: true, baseUrl: true }), {
  sid: accountSid,
  hasNextAuthToken: z.boolean(),
  hasWebhookCredentials: z.boolean(),
  webhookUsername: z.nullable(z.string()),
  ...times,
});

export const numberResource = z.extend(numberSchema, {
  number: z.string(),
  webhooks: z
    .strictObject({ requestUrl: z.url(), fallbackUrl: z.url() })
    .check(z.describe("To be pasted into Twilio; with your own password where it says PASSWORD")),
  ...times,
});

export const applicationResource = z.extend(applicationSchema, { id: slug, ...times });

export const topicResource = z.extend(topicSchema, { id: slug, ...times });

export const secretResource = z.extend(z.pick(secretSchema, { hosts: true }), { name: secretName, ...times });

export const refusalResource = z.strictObject({
  reason: z.string().check(z.describe("What Twilio was answered")),
  hint: z.string().check(z.describe("What you can do")),
  path: z.string(),
  count: z.int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

export const messageResource = z.strictObject({
  id: z.string(),
  conversation: z.string(),
  direction: z.enum(["in", "out"]),
  text: z.string(),
  media: z.array(z.strictObject({ url: z.string(), contentType: z.nullable(z.string()) })),
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
  at: z.iso.datetime(),
});

export const resolutionSchema = z.strictObject({
  as: z
    .enum(["sent", "resend", "drop"])
    .check(z.describe("It was sent after all; send it again (it may arrive twice); or drop it")),
});
