import type { TimeSpan } from "./schema.ts";

export const MINUTES_PER_DAY = 1_440;

/** Minutes after the midnight at which the span's day begins; values above 1,440 are on the next day. */
export interface MinuteSpan {
  readonly from: number;
  readonly to: number;
}

/** @returns the span in minutes; a span that ends before it begins ends on the next day */
export function toMinuteSpan({ from, to }: TimeSpan): MinuteSpan {
  const begin = parseMinute(from);
  const end = parseMinute(to);
  return { from: begin, to: end > begin ? end : end + MINUTES_PER_DAY };
}

function parseMinute(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
