import * as z from "zod/mini";
import { BoundedCache } from "../core/bounded-cache.ts";
import { QUIET_PERIODS_CACHED, QUIET_SEARCH_MILLISECONDS } from "../core/limits/hours.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";
import { MINUTES_PER_DAY, type MinuteSpan, toMinuteSpan } from "./minute-spans.ts";
import { spanSchema } from "./schema.ts";
import { findClockChange, findZoneOffset, toLocalTime } from "./time-zone.ts";

/** Daily quiet hours in the contact's local time, such as 21:00 to 08:00. */
export const quietSchema = spanSchema.check(
  z.refine(({ from, to }) => from !== "00:00" || to !== "24:00", "is all day, so no contact could ever be texted"),
);

export type QuietHours = z.infer<typeof quietSchema>;

/**
 * Finds the next time at which a contact may be texted whose phone is in one of these zones, without knowing which. A
 * zone is quiet while its local time is at or after `from` and before `to`. If a clock change skips the end, the
 * quiet hours end with the change; an hour that occurs twice is quiet both times or not at all. If the zones lie so
 * far apart that one of them is always quiet, the result is the first moment at which as few as possible are quiet.
 * @param now milliseconds since 1970
 * @returns now if no zone is quiet, otherwise the first later moment at which none is
 */
export function findTextingTime(zones: readonly string[], quiet: QuietHours, now: number): number {
  const key = toCacheKey(zones, quiet);
  const cached = stretches.get(key);
  if (cached !== undefined && cached.from <= now && now < cached.to) return cached.open ? now : cached.to;
  const found = findStretch(zones, toMinuteSpan(quiet), now);
  stretches.set(key, found);
  return found.open ? now : found.to;
}

/** A period without texts, in milliseconds since 1970; `to` is exclusive. */
export interface QuietPeriod {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the next period in which a contact may not be texted, as the counterpart of `findTextingTime`.
 * @param now milliseconds since 1970
 * @returns the first period, current or later, for which `findTextingTime` would return its end; null if there is
 * none within three days
 */
export function findNextQuietPeriod(zones: readonly string[], quiet: QuietHours, now: number): QuietPeriod | null {
  const opens = findTextingTime(zones, quiet, now);
  if (opens > now) return { from: now, to: opens };
  const key = toCacheKey(zones, quiet);
  const cached = nextPeriods.get(key);
  if (cached !== undefined && cached.since <= now && now < cached.period.from) return cached.period;
  const period = searchQuietPeriod(zones, toMinuteSpan(quiet), now);
  if (period !== null) nextPeriods.set(key, { since: now, period });
  return period;
}

/** The next period by quiet hours and zones; it is valid for every time between `since` and its beginning. */
const nextPeriods = new BoundedCache<{ readonly since: number; readonly period: QuietPeriod }>(QUIET_PERIODS_CACHED);

function searchQuietPeriod(zones: readonly string[], quiet: MinuteSpan, now: number): QuietPeriod | null {
  for (let from = now; from <= now + QUIET_SEARCH_MILLISECONDS; ) {
    const { open, to } = findStretch(zones, quiet, from);
    if (!open) return { from, to };
    from = to;
  }
  return null;
}

function toCacheKey(zones: readonly string[], { from, to }: QuietHours): string {
  return `${from} ${to} ${zones.join(" ")}`;
}

/** A stretch of time with one answer: either texting is allowed throughout, or it is allowed at its end. */
interface ZoneStretch {
  readonly open: boolean;
  /** Milliseconds since 1970, as is `to`, which is exclusive. */
  readonly from: number;
  readonly to: number;
}

/** Stretches by quiet hours and zones: a broadcast looks up 100,000 phones in a row. */
const stretches = new BoundedCache<ZoneStretch>(QUIET_PERIODS_CACHED);

function findStretch(zones: readonly string[], quiet: MinuteSpan, now: number): ZoneStretch {
  const opens = findAwakeTime(zones, quiet, now) ?? findLeastQuietTime(zones, quiet, now);
  return opens > now
    ? { open: false, from: now, to: opens }
    : { open: true, from: now, to: Math.min(...zones.map((zone) => findSpell(zone, quiet, now).until)) };
}

/** @returns the first moment, now or later, at which no zone is quiet; null if there is none within three days */
function findAwakeTime(zones: readonly string[], quiet: MinuteSpan, now: number): number | null {
  let moment = now;
  for (let openCount = 0, index = 0; openCount < zones.length; index = (index + 1) % zones.length) {
    const spell = findSpell(zones[index] ?? "", quiet, moment);
    openCount = spell.quiet ? 1 : openCount + 1;
    if (spell.quiet) moment = spell.until;
    if (moment > now + QUIET_SEARCH_MILLISECONDS) return null;
  }
  return moment;
}

/**
 * Returns the first moment at which the fewest zones are quiet. Candidates are now and the ends of quiet hours,
 * because only there the number of quiet zones decreases.
 */
function findLeastQuietTime(zones: readonly string[], quiet: MinuteSpan, now: number): number {
  let best = { moment: now, quietZones: Number.POSITIVE_INFINITY };
  for (let moment = now; moment <= now + QUIET_SEARCH_MILLISECONDS; ) {
    const spells = zones.map((zone) => findSpell(zone, quiet, moment));
    const count = spells.filter((spell) => spell.quiet).length;
    if (count < best.quietZones) best = { moment, quietZones: count };
    moment = Math.min(...spells.map(({ until }) => until));
  }
  return best.moment;
}

/** The current state of one zone and the time at which it changes. */
interface ZoneSpell {
  readonly quiet: boolean;
  readonly until: number;
}

function findSpell(zone: string, quiet: MinuteSpan, moment: number): ZoneSpell {
  const now = isQuietTime(zone, quiet, moment);
  let until = findClockTime(zone, now ? quiet.to : quiet.from, moment);
  const horizon = moment + QUIET_SEARCH_MILLISECONDS;
  while (isQuietTime(zone, quiet, until) === now && until <= horizon)
    until = findClockTime(zone, now ? quiet.to : quiet.from, until);
  return { quiet: now, until };
}

function isQuietTime(zone: string, { from, to }: MinuteSpan, moment: number): boolean {
  const minute = toTimeOfDay(zone, moment) / 60_000;
  return (from <= minute && minute < to) || minute + MINUTES_PER_DAY < to;
}

/** @returns the next time at which the clocks show a time of day, or an earlier clock change */
function findClockTime(zone: string, minute: number, moment: number): number {
  const second = Math.floor(moment / 1_000) * 1_000;
  const wait = (minute * 60_000 - toTimeOfDay(zone, second) + DAY_MILLISECONDS) % DAY_MILLISECONDS;
  const end = second + (wait === 0 ? DAY_MILLISECONDS : wait);
  const before = findZoneOffset(zone, second);
  return findZoneOffset(zone, end) === before ? end : findClockChange(zone, second, end, before);
}

function toTimeOfDay(zone: string, moment: number): number {
  return toLocalTime(zone, moment) % DAY_MILLISECONDS;
}
