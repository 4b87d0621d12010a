import * as z from "zod/mini";
import { NOTICE_SECONDS_MAXIMUM } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { type QuietHours, quietSchema } from "../hours/quiet-hours.ts";
import type { Notice } from "../notify/notice.ts";
import { noticeContentFields, toNoticeContent } from "../notify/notification.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import type { BroadcastStatus } from "./lifecycle.ts";
import type { BroadcastTally } from "./tally.ts";

/** Telemarketing calls are illegal in these hours in the United States. */
const DEFAULT_QUIET_HOURS: QuietHours = { from: "21:00", to: "08:00" };

/** The body of a broadcast: one text to all subscribers of a list. */
export const broadcastSchema = z.strictObject({
  list: letterFirstSlug.check(
    z.describe(
      "The list whose subscribers are texted, from the list's number; a contact must still be subscribed when their turn comes",
    ),
  ),
  ...noticeContentFields,
  quiet: z._default(
    z
      .nullable(quietSchema)
      .check(z.describe("Quiet hours in the recipient's time zone; their text is sent afterwards. Null: none")),
    DEFAULT_QUIET_HOURS,
  ),
  deadline: z.optional(
    z.iso
      .datetime({ offset: true, error: "must be a time such as 2026-11-27T18:00:00Z" })
      .check(z.describe("Recipients not texted by then are skipped as `expired`. Default: none")),
  ),
  description: z._default(z.string().check(z.maxLength(200)), ""),
});

export type BroadcastBody = z.infer<typeof broadcastSchema>;

/** A broadcast and its progress. */
export interface Broadcast {
  /** The id that the operator chose. */
  readonly id: string;
  /** The id of its notices: a contact gets only one notice with the same id. */
  readonly notice: string;
  readonly body: BroadcastBody;
  readonly life: BroadcastStatus;
  /** The public origin of this Worker. */
  readonly origin: string;
  /** The last phone of the audience that has been read; null: the whole audience has been read. */
  readonly cursor: string | null;
  /** The number of batches made so far. */
  readonly lots: number;
  /** The mean segments of one recipient's text as known so far. */
  readonly segments: number;
  readonly tally: BroadcastTally;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** @returns the deadline in milliseconds since 1970, or null */
export function parseDeadline({ body }: Pick<Broadcast, "body">): number | null {
  return body.deadline === undefined ? null : Date.parse(body.deadline);
}

/** @returns whether the broadcast still needs work */
export function isLive({ life, cursor }: Broadcast): boolean {
  return (
    life.status === "scheduled" ||
    life.status === "running" ||
    life.status === "paused" ||
    (life.status === "cancelled" && cursor !== null)
  );
}

/** Creates the notice that each recipient's Sender gets. Only its expiry depends on `now`. */
export function createBroadcastNotice(broadcast: Broadcast, number: PhoneNumber, now: number): Notice {
  const { body, notice: id } = broadcast;
  return {
    id,
    number,
    list: body.list,
    audience: "anyone",
    ...toNoticeContent(body),
    quiet: body.quiet,
    expiresAt: Math.min(parseDeadline(broadcast) ?? Number.POSITIVE_INFINITY, now + NOTICE_SECONDS_MAXIMUM * 1_000),
  };
}
