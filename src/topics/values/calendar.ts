import { DAY_MILLISECONDS } from "../../core/time-limits.ts";
import { toLocalTime } from "../../hours/time-zone.ts";

/** Days are counted from 1 January 1970; dates are ISO texts, as "2026-12-25". */

/** @param month from 1 to 12. @returns null where the month has no such day */
export function toDayNumber(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / DAY_MILLISECONDS : null;
}

/** @param now milliseconds since 1970. @returns the day that it is in the zone */
export function findToday(zone: string, now: number): number {
  return Math.floor(toLocalTime(zone, now) / DAY_MILLISECONDS);
}

export function toIsoDate(day: number): string {
  return new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** @throws where the text is no ISO date */
export function parseIsoDate(iso: string): number {
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time)) throw new Error(`"${iso}" is not a date.`);
  return time / DAY_MILLISECONDS;
}

export function toDateParts(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * DAY_MILLISECONDS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** From 0, Monday, to 6. */
export function findWeekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
