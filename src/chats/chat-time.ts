import { findFirstInstant, toLocalTime } from "../hours/time-zone.ts";

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?$/u;

/**
 * @param local a local time such as `2026-03-02 17:59`, optionally with seconds
 * @param zone an IANA zone name
 * @returns milliseconds since 1970: the first occurrence if the clocks show the time twice, null if they never show it
 */
export function parseInstant(local: string, zone: string): number | null {
  const shown = parseLocal(local);
  if (shown === null) return null;
  const instant = findFirstInstant(zone, shown);
  return toLocalTime(zone, instant) === shown ? instant : null;
}

/** @returns the UTC time to the second, in the format that `parseInstant` reads */
export function formatUtc(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * Parses a local time as if it were UTC.
 * @returns null if the calendar has no such time
 */
function parseLocal(local: string): number | null {
  const match = LOCAL_TIME.exec(local);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isFinite(shown) && formatUtc(shown).startsWith(local) ? shown : null;
}
