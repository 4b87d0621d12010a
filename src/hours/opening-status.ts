import { OPENING_SEARCH_DAYS } from "../core/limits/hours.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";
import { MINUTES_PER_DAY, type MinuteSpan, toMinuteSpan } from "./minute-spans.ts";
import { type HolidayHours, type OpeningHours, type TimeSpan, WEEKDAYS } from "./schema.ts";
import { findFirstInstant, toLocalTime } from "./time-zone.ts";

/** Whether it is open. Times are milliseconds since 1970, or null if nothing changes within 400 days. */
export type OpeningStatus =
  | { readonly status: "open"; readonly until: number | null }
  | { readonly status: "closed"; readonly reason: "hours"; readonly opens: number | null }
  | { readonly status: "closed"; readonly reason: "holiday"; readonly name: string; readonly opens: number | null };

/**
 * Finds out whether it is open. A span belongs to the day on which it begins, so a span that begins before a holiday
 * continues into it. A local time that a clock change skips counts as the moment of the change; one that occurs twice
 * counts at its first occurrence.
 * @param now milliseconds since 1970
 */
export function findOpeningStatus(hours: OpeningHours, now: number): OpeningStatus {
  const calendar = createCalendar(hours);
  const today = Math.floor(toLocalTime(hours.zone, now) / DAY_MILLISECONDS);
  const open = findNextPeriod(hours.zone, calendar, today, now);
  if (open !== null && open.from <= now) return { status: "open", until: open.to };
  const opens = open?.from ?? null;
  const holiday = findHoliday(calendar, today);
  return holiday === undefined
    ? { status: "closed", reason: "hours", opens }
    : { status: "closed", reason: "holiday", name: holiday.name, opens };
}

/** The weekdays, Monday first, and the holidays by date. */
interface HoursCalendar {
  readonly week: readonly (readonly MinuteSpan[])[];
  readonly holidays: ReadonlyMap<string, HolidayHours>;
}

function createCalendar({ week, holidays }: OpeningHours): HoursCalendar {
  return {
    week: WEEKDAYS.map((day) => sortSpans(week[day])),
    holidays: new Map(holidays.map((each) => [each.date, each])),
  };
}

/** Milliseconds since 1970. */
interface OpenPeriod {
  readonly from: number;
  readonly to: number;
}

/** @returns the first open period that ends after now; its end is null if it lies beyond the search horizon */
function findNextPeriod(
  zone: string,
  calendar: HoursCalendar,
  today: number,
  now: number,
): { readonly from: number; readonly to: number | null } | null {
  const horizon = (today + OPENING_SEARCH_DAYS) * MINUTES_PER_DAY;
  let found = null as OpenPeriod | null;
  for (const period of iteratePeriods(calendar, today - 1, today + OPENING_SEARCH_DAYS)) {
    const from = findFirstInstant(zone, period.from * 60_000);
    if (found !== null && from > found.to) return found;
    if (period.to >= horizon) return { from: found?.from ?? from, to: null };
    const to = findFirstInstant(zone, period.to * 60_000);
    // A span inside the hour that a clock change skips is empty: its ends coincide.
    if (to > now && to > from) found = { from: found?.from ?? from, to };
  }
  return found;
}

/**
 * Yields open periods in order, with adjacent ones merged, in minutes of local time since the first day of 1970.
 * Merging before the conversion to instants is correct because the conversion is monotonic, and it makes a year of
 * open days cheap.
 */
function* iteratePeriods(calendar: HoursCalendar, firstDay: number, lastDay: number): Generator<MinuteSpan> {
  let current: MinuteSpan | null = null;
  for (let day = firstDay; day < lastDay; day += 1) {
    for (const span of listDaySpans(calendar, day)) {
      const from = day * MINUTES_PER_DAY + span.from;
      const to = day * MINUTES_PER_DAY + span.to;
      if (current !== null && from <= current.to) current = { from: current.from, to: Math.max(current.to, to) };
      else {
        if (current !== null) yield current;
        current = { from, to };
      }
    }
  }
  if (current !== null) yield current;
}

function listDaySpans(calendar: HoursCalendar, day: number): readonly MinuteSpan[] {
  const holiday = findHoliday(calendar, day);
  // The first day of 1970 was a Thursday.
  return holiday === undefined ? (calendar.week[(((day + 3) % 7) + 7) % 7] ?? []) : sortSpans(holiday.hours);
}

function findHoliday({ holidays }: HoursCalendar, day: number): HolidayHours | undefined {
  if (holidays.size === 0) return undefined;
  const date = new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
  return holidays.get(date) ?? holidays.get(date.slice(5));
}

function sortSpans(spans: readonly TimeSpan[]): readonly MinuteSpan[] {
  return spans.map(toMinuteSpan).toSorted((a, b) => a.from - b.from);
}
