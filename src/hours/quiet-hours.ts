import * as z from "zod/mini";
import { BoundedCache } from "../core/bounded-cache.ts";
import { QUIET_PERIODS_CACHED, QUIET_SEARCH_MILLISECONDS } from "../core/limits/hours.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";
import { MINUTES_PER_DAY, type MinuteSpan, toMinuteSpan } from "./minute-spans.ts";
import { spanSchema } from "./schema.ts";
import { findClockChange, findZoneOffset, toLocalTime } from "./time-zone.ts";

/** Hours of every day by somebody's own clock, as 21:00 to 08:00. */
export const quietSchema = spanSchema.check(
  z.refine(({ from, to }) => from !== "00:00" || to !== "24:00", "is all day, so that nobody would ever be texted"),
);

export type QuietHours = z.infer<typeof quietSchema>;

/**
 * When may somebody be texted who is in one of these zones, and nobody knows in which? It is quiet in a zone while
 * its clocks show a time from `from` on, and before `to`. So an end that the clocks leave out comes when they change;
 * and of an hour that they show twice, both are quiet, or neither. Where the zones lie so far apart that it is always
 * quiet in one of them, it is the first moment at which it is quiet in as few of them as ever.
 * @param now milliseconds since 1970
 * @returns now where it is quiet in none of the zones, else the first moment after it at which that is so
 */
export function findTextingTime(zones: readonly string[], quiet: QuietHours, now: number): number {
  const key = toCacheKey(zones, quiet);
  const kept = nights.get(key);
  if (kept !== undefined && kept.from <= now && now < kept.to) return kept.open ? now : kept.to;
  const found = findStretch(zones, toMinuteSpan(quiet), now);
  nights.set(key, found);
  return found.open ? now : found.to;
}

/** Hours in which somebody is not texted; milliseconds since 1970, `to` does not belong to them. */
export interface QuietPeriod {
  readonly from: number;
  readonly to: number;
}

/**
 * When is it that somebody may be texted no more? The counterpart of `opensAt`.
 * @param now milliseconds since 1970
 * @returns the first hours, now or later, in which `opensAt` says that they are to be waited for; null where there
 * are none within some days
 */
export function findNextQuietPeriod(zones: readonly string[], quiet: QuietHours, now: number): QuietPeriod | null {
  const opens = findTextingTime(zones, quiet, now);
  if (opens > now) return { from: now, to: opens };
  const key = toCacheKey(zones, quiet);
  const kept = comingNights.get(key);
  if (kept !== undefined && kept.since <= now && now < kept.night.from) return kept.night;
  const night = searchQuietPeriod(zones, toMinuteSpan(quiet), now);
  if (night !== null) comingNights.set(key, { since: now, night });
  return night;
}

/**
 * By quiet hours and zones, as `nights`: of everybody who is asked of between `since` and the night's beginning it is
 * the next.
 */
const comingNights = new BoundedCache<{ readonly since: number; readonly night: QuietPeriod }>(QUIET_PERIODS_CACHED);

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

/** Within it the answer is the same for everybody: now, or its end. */
interface ZoneStretch {
  readonly open: boolean;
  /** Milliseconds since 1970, as `to`, which does not belong to it. */
  readonly from: number;
  readonly to: number;
}

/** By quiet hours and zones; a broadcast asks for 100,000 phones, one after the other. */
const nights = new BoundedCache<ZoneStretch>(QUIET_PERIODS_CACHED);

function findStretch(zones: readonly string[], quiet: MinuteSpan, now: number): ZoneStretch {
  const opens = findAwakeTime(zones, quiet, now) ?? findLeastQuietTime(zones, quiet, now);
  return opens > now
    ? { open: false, from: now, to: opens }
    : { open: true, from: now, to: Math.min(...zones.map((zone) => findSpell(zone, quiet, now).until)) };
}

/**
 * @returns the first moment, now or later, at which it is quiet in no zone; null where there is none within some days
 */
function findAwakeTime(zones: readonly string[], quiet: MinuteSpan, now: number): number | null {
  let moment = now;
  for (let awake = 0, index = 0; awake < zones.length; index = (index + 1) % zones.length) {
    const spell = findSpell(zones[index] ?? "", quiet, moment);
    awake = spell.quiet ? 1 : awake + 1;
    if (spell.quiet) moment = spell.until;
    if (moment > now + QUIET_SEARCH_MILLISECONDS) return null;
  }
  return moment;
}

/**
 * It becomes less quiet only where a night ends: the first of those moments, and of now, at which it is night in the
 * fewest zones.
 */
function findLeastQuietTime(zones: readonly string[], quiet: MinuteSpan, now: number): number {
  let best = { moment: now, nights: Number.POSITIVE_INFINITY };
  for (let moment = now; moment <= now + QUIET_SEARCH_MILLISECONDS; ) {
    const spells = zones.map((zone) => findSpell(zone, quiet, moment));
    const count = spells.filter((spell) => spell.quiet).length;
    if (count < best.nights) best = { moment, nights: count };
    moment = Math.min(...spells.map(({ until }) => until));
  }
  return best.moment;
}

/** It is quiet in a zone, or not, until a moment. */
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

/** @returns when the clocks show a time of the day next, or when they change before they do */
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
