import * as z from "zod/mini";
import { broadcastSchema } from "../../broadcasts/broadcast.ts";
import { NOTICE_REFUSALS, type NoticeRefusal } from "../../notify/notice.ts";
import { letterFirstSlug } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { nextCursor, times } from "../http/schema.ts";

export const broadcastBody = named("BroadcastBody", broadcastSchema);

export const BROADCAST_EXAMPLE = { list: "offers", text: "Two pizzas for the price of one, today until 9 pm." };

const recipients = (description: string) => z.int().check(z.describe(description));

const progressResource = named(
  "BroadcastProgress",
  z
    .strictObject({
      isRead: z
        .boolean()
        .check(z.describe("Whether the whole audience has been read, so that `waiting` only goes down from now on")),
      waiting: recipients("Recipients that have been read and wait for their turn"),
      nextAt: z
        .nullable(z.iso.datetime())
        .check(z.describe("When the first of them can be texted, if all are in their quiet hours; else null")),
      queued: recipients("Recipients whose open conversation or quiet hours must end first"),
      sent: recipients("Texts sent or being sent; includes `delivered`, `failed` and `unknown`"),
      delivered: recipients("Texts delivered"),
      failed: recipients("Texts that Twilio or the carrier refused"),
      unknown: recipients("Texts that Twilio may or may not have taken, or that were in flight at a STOP"),
      dead: recipients("Recipients not texted because of a failure in Parley; see the dead letters"),
      skipped: z
        .partialRecord(z.enum(Object.keys(NOTICE_REFUSALS) as [NoticeRefusal, ...NoticeRefusal[]]), z.int())
        .check(z.describe("Recipients not texted, by reason")),
      segments: z.int().check(z.describe("Segments of all texts sent")),
      queueMessages: z
        .int()
        .check(z.describe("Cloudflare queue messages; each is billed as three operations: write, read, delete")),
    })
    .check(z.describe("Numbers of recipients, unless the field says otherwise")),
);

export const broadcastResource = named(
  "Broadcast",
  z.extend(broadcastSchema, {
    id: letterFirstSlug,
    number: z.string(),
    status: z.enum(["draft", "scheduled", "running", "paused", "cancelled", "done"]),
    statusSince: z.nullable(z.iso.datetime()),
    startsAt: z.nullable(z.iso.datetime()).check(z.describe("When a scheduled broadcast starts; else null")),
    progress: progressResource,
    ...times,
  }),
);

/** When a broadcast starts. */
export const startBody = named(
  "BroadcastStart",
  z.strictObject({
    at: z.optional(
      z.iso
        .datetime({ offset: true, error: "must be a time such as 2026-11-27T18:00:00Z" })
        .check(z.describe("Start time. Default: now")),
    ),
  }),
);

export const estimateResource = named(
  "BroadcastEstimate",
  z.strictObject({
    people: z.int().check(z.describe("Subscribers that would be texted")),
    elsewhere: z
      .int()
      .check(z.describe("Subscribers in countries that the account does not text; skipped as `country`")),
    segmentsEach: z
      .int()
      .check(z.describe("Segments of one text, in the application's language and without data of a contact")),
    segments: z.int().check(z.describe("Segments of all texts")),
    price: z
      .nullable(z.strictObject({ amount: z.number(), currency: z.string() }))
      .check(z.describe("Cost by the account's `prices`; null: the account has no prices")),
    segmentsPerSecond: z.number().check(z.describe("Rate of the number for broadcasts")),
    seconds: z.int().check(z.describe("Minimum duration in seconds, without quiet hours")),
  }),
);

export const deadLettersResource = named(
  "DeadLetterPage",
  z.strictObject({
    items: z.array(z.strictObject({ phones: z.array(z.string()), reason: z.string(), at: z.iso.datetime() })),
    next: nextCursor,
  }),
);
