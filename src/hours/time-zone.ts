import { BoundedCache } from "../core/bounded-cache.ts";
import { ZONE_CLOCKS_CACHED } from "../core/limits/hours.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";

/** Formatters by zone: creating one takes a hundred times as long as using it. */
const clocks = new BoundedCache<Intl.DateTimeFormat>(ZONE_CLOCKS_CACHED);

/** @returns whether the IANA list contains the zone; offsets such as +05:30 do not count */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/iu.test(name)) return false;
  try {
    findZoneClock(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Converts an instant to local time.
 * @param instant milliseconds since 1970
 * @returns the local date and time as if they were UTC, in milliseconds since 1970, cut to whole seconds
 */
export function toLocalTime(zone: string, instant: number): number {
  const shown = findZoneClock(zone).format(instant);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (shown.match(/\d+/gu) ?? []).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Finds the first instant at which the clocks in a zone show a local time or a later one: the moment of the change if
 * a clock change skips the time, and the first occurrence if it occurs twice. The result is monotonic.
 * @param local milliseconds, in the form that `toLocalTime` returns
 * @returns milliseconds since 1970
 */
export function findFirstInstant(zone: string, local: number): number {
  const low = local - DAY_MILLISECONDS;
  const high = local + DAY_MILLISECONDS;
  const before = findZoneOffset(zone, low);
  const after = findZoneOffset(zone, high);
  if (before === after) return local - before;
  const change = findClockChange(zone, low, high, before);
  return local - before < change ? local - before : Math.max(change, local - after);
}

/**
 * @param low whole seconds, as is `high`; exactly one clock change lies between them, since no zone changes twice in
 * two days
 * @returns the first instant at which the offset differs from the one at `low`
 */
export function findClockChange(zone: string, low: number, high: number, before: number): number {
  let [same, changed] = [low, high];
  while (changed - same > 1_000) {
    const middle = same + Math.floor((changed - same) / 2_000) * 1_000;
    if (findZoneOffset(zone, middle) === before) same = middle;
    else changed = middle;
  }
  return changed;
}

/** Returns the offset from UTC in milliseconds, positive east of Greenwich; `instant` is in whole seconds. */
export function findZoneOffset(zone: string, instant: number): number {
  return toLocalTime(zone, instant) - instant;
}

function findZoneClock(zone: string): Intl.DateTimeFormat {
  return clocks.getOrCreate(zone, createClock);
}

function createClock(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    numberingSystem: "latn",
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}
