import { RATE_LIMIT_REPLY_MILLISECONDS } from "../core/limits/send-limits.ts";
import type { RateLimit } from "./schema.ts";

/**
 * The rate of a contact's answered texts over all numbers: two leaky buckets, for a minute and an hour. Every answered
 * text adds one, and each bucket drains evenly within its period. Times are milliseconds since 1970.
 */
export interface RateLimitMemory {
  readonly at: number;
  readonly minute: number;
  readonly hour: number;
  /** A bucket was full: texts get no answer before this time. Absent: none was full. */
  readonly until?: number;
  /** When the contact was last told about the limit; absent: never. */
  readonly toldAt?: number;
}

/** The result for one text. `isReplyDue`: the contact should be told about the limit. */
export interface RateLimitCheck {
  readonly pacing: RateLimitMemory;
  readonly isOverLimit: boolean;
  readonly isReplyDue: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Answers resume once a quarter of a full bucket has drained, rather than one by one with long gaps. */
const WAIT_DIVISOR = 4;

/** Counts a text that would be answered. @param before undefined for the contact's first text */
export function countAnswer(
  before: RateLimitMemory | undefined,
  { perMinute, perHour }: RateLimit,
  now: number,
): RateLimitCheck {
  const { at, toldAt, until = 0, ...level } = before ?? { at: now, minute: 0, hour: 0 };
  const elapsed = Math.max(0, now - at);
  const minute = Math.max(0, level.minute - (elapsed / MINUTE) * perMinute);
  const hour = Math.max(0, level.hour - (elapsed / HOUR) * perHour);
  const drained = { at: now, minute, hour, ...(toldAt === undefined ? {} : { toldAt }) };
  if (until > now) return { pacing: { ...drained, until }, isOverLimit: true, isReplyDue: false };
  // The tolerance allows for rounding errors of the even drain.
  const isHourFull = hour + 1 > perHour + 1e-6;
  if (!isHourFull && minute + 1 <= perMinute + 1e-6)
    return { pacing: { ...drained, minute: minute + 1, hour: hour + 1 }, isOverLimit: false, isReplyDue: false };
  const isReplyDue = toldAt === undefined || now - toldAt >= RATE_LIMIT_REPLY_MILLISECONDS;
  const full = { ...drained, until: now + (isHourFull ? HOUR : MINUTE) / WAIT_DIVISOR };
  return { pacing: isReplyDue ? { ...full, toldAt: now } : full, isOverLimit: true, isReplyDue };
}
