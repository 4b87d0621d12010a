import { HOURS_AHEAD_DAYS } from "../core/limits/hours.ts";
import { type Holiday, type Hours, type Span, WEEKDAYS } from "./schema.ts";
import { MINUTES_PER_DAY, type Minutes, minutesOf } from "./spans.ts";
import { firstInstant, localTime } from "./zone.ts";

/** Times are milliseconds since 1970; null: not within a year and a month. */
export type Opening =
  | { readonly status: "open"; readonly until: number | null }
  | { readonly status: "closed"; readonly reason: "hours"; readonly opens: number | null }
  | { readonly status: "closed"; readonly reason: "holiday"; readonly name: string; readonly opens: number | null };

/**
 * Is it open? A span belongs to the day on which it begins, so one that begins before a holiday goes on into it. A time that the clocks
 * leave out comes when they change; one that they show twice counts when it comes first.
 * @param now milliseconds since 1970
 */
export function openAt(hours: Hours, now: number): Opening {
  const calendar = calendarOf(hours);
  const today = Math.floor(localTime(hours.zone, now) / DAY_MILLISECONDS);
  const open = nextPeriod(hours.zone, calendar, today, now);
  if (open !== null && open.from <= now) return { status: "open", until: open.to };
  const opens = open?.from ?? null;
  const holiday = holidayOn(calendar, today);
  return holiday === undefined
    ? { status: "closed", reason: "hours", opens }
    : { status: "closed", reason: "holiday", name: holiday.name, opens };
}

const DAY_MILLISECONDS = MINUTES_PER_DAY * 60_000;

/** The weekdays, Monday first, and the holidays by their dates. */
interface Calendar {
  readonly week: readonly (readonly Minutes[])[];
  readonly holidays: ReadonlyMap<string, Holiday>;
}

function calendarOf({ week, holidays }: Hours): Calendar {
  return {
    week: WEEKDAYS.map((day) => inOrder(week[day])),
    holidays: new Map(holidays.map((each) => [each.date, each])),
  };
}

/** Milliseconds since 1970. */
interface Period {
  readonly from: number;
  readonly to: number;
}

/** @returns when it is open first, of all periods that end after now; null as end where none is in sight */
function nextPeriod(
  zone: string,
  calendar: Calendar,
  today: number,
  now: number,
): { readonly from: number; readonly to: number | null } | null {
  const horizon = (today + HOURS_AHEAD_DAYS) * MINUTES_PER_DAY;
  let found = null as Period | null;
  for (const period of periods(calendar, today - 1, today + HOURS_AHEAD_DAYS)) {
    const from = firstInstant(zone, period.from * 60_000);
    if (found !== null && from > found.to) return found;
    if (period.to >= horizon) return { from: found?.from ?? from, to: null };
    const to = firstInstant(zone, period.to * 60_000);
    // What lies in an hour that the clocks leave out is no period: it ends as it begins.
    if (to > now && to > from) found = { from: found?.from ?? from, to };
  }
  return found;
}

/**
 * Periods on the clock, in order, none touching another: in minutes since the first day of 1970, local time. That later times of the clock
 * never come earlier makes it right to join them before the clock is looked at, and that makes a year of open days cheap.
 */
function* periods(calendar: Calendar, firstDay: number, lastDay: number): Generator<Minutes> {
  let current: Minutes | null = null;
  for (let day = firstDay; day < lastDay; day += 1) {
    for (const span of spansOn(calendar, day)) {
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

function spansOn(calendar: Calendar, day: number): readonly Minutes[] {
  const holiday = holidayOn(calendar, day);
  // The first day of 1970 was a Thursday.
  return holiday === undefined ? (calendar.week[(((day + 3) % 7) + 7) % 7] ?? []) : inOrder(holiday.hours);
}

function holidayOn({ holidays }: Calendar, day: number): Holiday | undefined {
  if (holidays.size === 0) return undefined;
  const date = new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
  return holidays.get(date) ?? holidays.get(date.slice(5));
}

function inOrder(spans: readonly Span[]): readonly Minutes[] {
  return spans.map(minutesOf).toSorted((a, b) => a.from - b.from);
}
