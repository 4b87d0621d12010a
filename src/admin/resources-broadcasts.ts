import * as z from "zod/mini";
import { broadcastSchema } from "../broadcasts/broadcast.ts";
import { NOTICE_REFUSALS, type NoticeRefusal } from "../notify/notice.ts";
import { letterFirstSlug } from "../schema/ids.ts";

/** What the API answers about broadcasts, and what it takes beside them. */

const people = (description: string) => z.int().check(z.describe(description));

const progressResource = z
  .strictObject({
    isRead: z.boolean().check(z.describe("The whole audience is read: nobody else will be added to `waiting`")),
    waiting: people("Who are read of the audience, and whose turn has not come"),
    nextAt: z
      .nullable(z.iso.datetime())
      .check(z.describe("When the first of them can be texted, where it is their night now")),
    queued: people("Whose own conversation, or night, must be over first"),
    sent: people("Whose text is at Twilio or on its way there; the next three are some of these"),
    delivered: people("Whose text has arrived"),
    failed: people("Whose text Twilio or the carrier has refused"),
    unknown: people("Of whose text nobody knows whether Twilio took it, or who said STOP while it was on its way"),
    dead: people("Who could not be texted for a failure of Parley's: see its dead letters"),
    skipped: z
      .partialRecord(z.enum(Object.keys(NOTICE_REFUSALS) as [NoticeRefusal, ...NoticeRefusal[]]), z.int())
      .check(z.describe("Who are not texted, by the reason")),
    segments: z.int().check(z.describe("Of all that was sent")),
    queueMessages: z.int().check(z.describe("Each costs three operations of the queue: written, read, deleted")),
  })
  .check(z.describe("People, but for what is said to be something else"));

export const broadcastResource = z.extend(broadcastSchema, {
  id: letterFirstSlug,
  number: z.string(),
  status: z.enum(["draft", "scheduled", "running", "paused", "cancelled", "done"]),
  statusSince: z.nullable(z.iso.datetime()),
  startsAt: z.nullable(z.iso.datetime()).check(z.describe("While it is scheduled")),
  progress: progressResource,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** When a broadcast is to begin. */
export const startSchema = z.strictObject({
  at: z.optional(
    z.iso
      .datetime({ offset: true, error: "must be a moment as 2026-11-27T18:00:00Z" })
      .check(z.describe("Left out: at once")),
  ),
});

export const estimateResource = z.strictObject({
  people: z.int().check(z.describe("Who have the list on now, and are where the account may text")),
  elsewhere: z.int().check(z.describe("Who have it on and are in other countries: they are skipped as `country`")),
  segmentsEach: z.int().check(z.describe("In the application's language, for somebody of whom nothing is known")),
  segments: z.int(),
  price: z
    .nullable(z.strictObject({ amount: z.number(), currency: z.string() }))
    .check(z.describe("By the account's `prices`; null: it has none")),
  segmentsPerSecond: z.number().check(z.describe("That the number carries for broadcasts")),
  seconds: z.int().check(z.describe("That it takes at least; nights come on top")),
});

export const deadLettersResource = z.strictObject({
  items: z.array(z.strictObject({ phones: z.array(z.string()), reason: z.string(), at: z.iso.datetime() })),
  next: z.nullable(z.string()),
});
