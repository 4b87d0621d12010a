import * as z from "zod/mini";
import { NOTICE_SECONDS_MAXIMUM } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { type QuietHours, quietSchema } from "../hours/quiet-hours.ts";
import type { Notice } from "../notify/notice.ts";
import { noticeContentFields, toNoticeContent } from "../notify/notification.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import type { BroadcastStatus } from "./lifecycle.ts";
import type { BroadcastTally } from "./tally.ts";

/** Nobody likes to be woken; in the United States a call at these hours is against the law. */
const DEFAULT_QUIET_HOURS: QuietHours = { from: "21:00", to: "08:00" };

/** A text for everybody who has a list on. */
export const broadcastSchema = z.strictObject({
  list: letterFirstSlug.check(
    z.describe("Who gets it: everybody who has this list on when their turn comes; from the list's number"),
  ),
  ...noticeContentFields,
  quiet: z._default(
    z
      .nullable(quietSchema)
      .check(
        z.describe(
          "When nobody is texted, by the recipient's own clock: they get it when these hours are over; null: no such hours",
        ),
      ),
    DEFAULT_QUIET_HOURS,
  ),
  deadline: z.optional(
    z.iso
      .datetime({ offset: true, error: "must be a moment as 2026-11-27T18:00:00Z" })
      .check(z.describe("Who has not been texted by then is not texted any more, and counted as `expired`")),
  ),
  description: z._default(z.string().check(z.maxLength(200)), ""),
});

export type BroadcastBody = z.infer<typeof broadcastSchema>;

/** A broadcast, and how far it has come. */
export interface Broadcast {
  /** That the operator has chosen. */
  readonly id: string;
  /** Of its notices: a sender never gets two of the same one. */
  readonly notice: string;
  readonly body: BroadcastBody;
  readonly life: BroadcastStatus;
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  /** The audience is read up to this phone; null: all of it is. */
  readonly cursor: string | null;
  /** Lots made so far. */
  readonly lots: number;
  /** Of one recipient's text, by what is known so far. */
  readonly segments: number;
  readonly tally: BroadcastTally;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** @returns when it must be over, or null; milliseconds since 1970 */
export function parseDeadline({ body }: Pick<Broadcast, "body">): number | null {
  return body.deadline === undefined ? null : Date.parse(body.deadline);
}

/** Something of it is still to be done, by time or by us. */
export function isLive({ life, cursor }: Broadcast): boolean {
  return (
    life.status === "scheduled" ||
    life.status === "running" ||
    life.status === "paused" ||
    (life.status === "cancelled" && cursor !== null)
  );
}

/** @returns what each recipient's Sender is handed; the same one however often, but for when it expires */
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
