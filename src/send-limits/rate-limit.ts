import { RATE_LIMIT_REPLY_MILLISECONDS } from "../core/limits/send-limits.ts";
import type { RateLimit } from "./schema.ts";

/**
 * How fast a person's texts have come, over all of our numbers: two buckets that every answered text fills by one, and that run out evenly within their
 * period. Times are milliseconds since 1970.
 */
export interface RateLimitMemory {
  readonly at: number;
  readonly minute: number;
  readonly hour: number;
  /** A bucket was full: nothing is answered before. Left out: none was. */
  readonly until?: number;
  /** When the person was last told so; left out: never. */
  readonly toldAt?: number;
}

/** A text comes too fast; `isToldNow`: the person is to hear of it. */
export interface RateLimitCheck {
  readonly pacing: RateLimitMemory;
  readonly isOverLimit: boolean;
  readonly isReplyDue: boolean;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Who has filled a bucket waits until a quarter of it has run out: answers that come one by one, now and then, help nobody. */
const WAIT_DIVISOR = 4;

/** A text has come in that would be answered. @param before undefined: it is the first */
export function countAnswer(
  before: RateLimitMemory | undefined,
  { perMinute, perHour }: RateLimit,
  now: number,
): RateLimitCheck {
  const { at, toldAt, until = 0, ...level } = before ?? { at: now, minute: 0, hour: 0 };
  const passed = Math.max(0, now - at);
  const minute = Math.max(0, level.minute - (passed / MINUTE) * perMinute);
  const hour = Math.max(0, level.hour - (passed / HOUR) * perHour);
  const told = toldAt === undefined ? {} : { toldAt };
  const drained = { at: now, minute, hour, ...told };
  if (until > now) return { pacing: { ...drained, until }, isOverLimit: true, isReplyDue: false };
  // What runs out evenly is never quite a whole number.
  const isHourFull = hour + 1 > perHour + 1e-6;
  if (!isHourFull && minute + 1 <= perMinute + 1e-6)
    return { pacing: { ...drained, minute: minute + 1, hour: hour + 1 }, isOverLimit: false, isReplyDue: false };
  const isToldNow = toldAt === undefined || now - toldAt >= RATE_LIMIT_REPLY_MILLISECONDS;
  const held = { ...drained, until: now + (isHourFull ? HOUR : MINUTE) / WAIT_DIVISOR };
  return { pacing: isToldNow ? { ...held, toldAt: now } : held, isOverLimit: true, isReplyDue: isToldNow };
}
