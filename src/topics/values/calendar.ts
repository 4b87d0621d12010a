import { DAY_MILLISECONDS } from "../../core/time-limits.ts";
import { toLocalTime } from "../../hours/time-zone.ts";

/** Day numbers count from 1 January 1970; dates are ISO texts such as "2026-12-25". */

/**
 * @param month from 1 to 12
 * @returns null if the month has no such day
 */
export function toDayNumber(year: number, month: number, day: number): number | null {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / DAY_MILLISECONDS : null;
}

/**
 * @param now milliseconds since 1970
 * @returns the current day in the time zone
 */
export function findToday(zone: string, now: number): number {
  return Math.floor(toLocalTime(zone, now) / DAY_MILLISECONDS);
}

export function toIsoDate(day: number): string {
  return new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

/** @throws if the text is not an ISO date */
export function parseIsoDate(iso: string): number {
  const time = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(time)) throw new Error(`"${iso}" is not a date.`);
  return time / DAY_MILLISECONDS;
}

export function toDateParts(day: number): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * DAY_MILLISECONDS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** @returns 0 for Monday to 6 for Sunday */
export function findWeekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}
