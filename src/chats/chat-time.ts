import { findFirstInstant, toLocalTime } from "../hours/time-zone.ts";

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?$/u;

/**
 * @param local `2026-03-02 17:59`, perhaps with seconds
 * @param zone of the IANA list
 * @returns milliseconds since 1970; the first of two where the clocks show it twice; null where they never do
 */
export function parseInstant(local: string, zone: string): number | null {
  const shown = parseLocal(local);
  if (shown === null) return null;
  const instant = findFirstInstant(zone, shown);
  return toLocalTime(zone, instant) === shown ? instant : null;
}

/** @returns what `Etc/UTC` shows, to the second, as `instantOf` reads it */
export function formatUtc(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace("T", " ");
}

/** As if it were UTC; null where the calendar has no such moment. */
function parseLocal(local: string): number | null {
  const match = LOCAL_TIME.exec(local);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isFinite(shown) && formatUtc(shown).startsWith(local) ? shown : null;
}
