import { BoundedCache } from "../core/bounded-cache.ts";
import { ZONE_CLOCKS_CACHED } from "../core/limits/hours.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";

/** Making one takes a hundred times as long as using it. */
const clocks = new BoundedCache<Intl.DateTimeFormat>(ZONE_CLOCKS_CACHED);

/** @returns whether the IANA list has the zone; offsets as +05:30 are none */
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
 * What the clocks in a zone show.
 * @param instant milliseconds since 1970
 * @returns the same for the date and time shown, as if they were UTC; whole seconds
 */
export function toLocalTime(zone: string, instant: number): number {
  const shown = findZoneClock(zone).format(instant);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = (shown.match(/\d+/gu) ?? []).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * When do the clocks in a zone first show a time, or a later one? A time that a change of the clocks leaves out comes
 * with the change; one that comes twice counts when it comes first. Later times never come earlier.
 * @param local milliseconds, as `localTime` gives them
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
 * @param low whole seconds, as `high`; between them is a change of the clocks, and only one: no zone changes twice in
 * two days
 * @returns the first instant at which the offset is no longer the one at `low`
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

/** In milliseconds, east of Greenwich positive; `instant` in whole seconds. */
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
