import * as z from "zod/mini";
import { HOLIDAYS_PER_CALENDAR, SPANS_PER_DAY } from "../core/limits/hours.ts";
import { isTimeZone } from "./time-zone.ts";

/** A span of local time on one day, possibly past midnight. */
export const spanSchema = z
  .strictObject({
    from: z
      .string()
      .check(
        z.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, "must be a time from 00:00 to 23:59"),
        z.describe("Start, for example 09:00"),
      ),
    to: z
      .string()
      .check(
        z.regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/u, "must be a time from 00:00 to 24:00"),
        z.describe("End, for example 17:00; 24:00 is the end of the day. If not later than `from`, on the next day"),
      ),
  })
  .check(z.refine(({ from, to }) => from !== to, "begins when it ends; all day is 00:00 to 24:00"));

export type TimeSpan = z.infer<typeof spanSchema>;

const spans = z.array(spanSchema).check(z.maxLength(SPANS_PER_DAY));

const day = z._default(spans.check(z.describe("Opening hours on this weekday; empty or absent: closed")), []);

const holiday = z.strictObject({
  date: z
    .string()
    .check(
      z.refine(isHolidayDate, "must be a calendar day such as 2026-12-25, or 12-25 for every year"),
      z.describe("2026-12-25, or 12-25 for every year; an entry with a year takes precedence"),
    ),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  hours: z._default(spans.check(z.describe("Opening hours in place of the weekday's; empty: closed")), []),
});

export type HolidayHours = z.infer<typeof holiday>;

/** Opening hours: a week in a time zone, and the holidays that differ from it. */
export const hoursSchema = z.strictObject({
  zone: z
    .string()
    .check(
      z.refine(isTimeZone, "must be an IANA time zone such as America/New_York"),
      z.describe("IANA time zone of all times here"),
    ),
  week: z.strictObject({
    monday: day,
    tuesday: day,
    wednesday: day,
    thursday: day,
    friday: day,
    saturday: day,
    sunday: day,
  }),
  holidays: z._default(z.array(holiday).check(z.maxLength(HOLIDAYS_PER_CALENDAR)), []),
});

export type OpeningHours = z.infer<typeof hoursSchema>;

export type WeekdayName = keyof OpeningHours["week"];

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const satisfies readonly WeekdayName[];

function isHolidayDate(written: string): boolean {
  if (!/^(?:\d{4}-)?\d{2}-\d{2}$/u.test(written)) return false;
  // 29 February is valid without a year, so a leap year is used for the check.
  const whole = written.length === 5 ? `2024-${written}` : written;
  const time = Date.parse(`${whole}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(whole);
}
