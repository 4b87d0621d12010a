import * as z from "zod/mini";
import { NIGHTS_KEPT, QUIET_AHEAD_MILLISECONDS } from "../core/limits/hours.ts";
import { spanSchema } from "./schema.ts";
import { MINUTES_PER_DAY, type Minutes, minutesOf } from "./spans.ts";
import { changeBetween, localTime, offset } from "./zone.ts";

/** Hours of every day by somebody's own clock, as 21:00 to 08:00. */
export const quietSchema = spanSchema.check(
  z.refine(({ from, to }) => from !== "00:00" || to !== "24:00", "is all day, so that nobody would ever be texted"),
);

export type QuietHours = z.infer<typeof quietSchema>;

/**
 * When may somebody be texted who is in one of these zones, and nobody knows in which? It is quiet in a zone while its clocks show a time
 * from `from` on, and before `to`. So an end that the clocks leave out comes when they change; and of an hour that they show twice, both
 * are quiet, or neither. Where the zones lie so far apart that it is always quiet in one of them, it is the first moment at which it is
 * quiet in as few of them as ever.
 * @param now milliseconds since 1970
 * @returns now where it is quiet in none of the zones, else the first moment after it at which that is so
 */
export function opensAt(zones: readonly string[], quiet: QuietHours, now: number): number {
  const key = keyOf(zones, quiet);
  const kept = nights.get(key);
  if (kept !== undefined && kept.from <= now && now < kept.to) return kept.open ? now : kept.to;
  const found = stretchOf(zones, minutesOf(quiet), now);
  keep(nights, key, found);
  return found.open ? now : found.to;
}

/** Hours in which somebody is not texted; milliseconds since 1970, `to` does not belong to them. */
export interface Night {
  readonly from: number;
  readonly to: number;
}

/**
 * When is it that somebody may be texted no more? The counterpart of `opensAt`.
 * @param now milliseconds since 1970
 * @returns the first hours, now or later, in which `opensAt` says that they are to be waited for; null where there are none within some days
 */
export function nightAfter(zones: readonly string[], quiet: QuietHours, now: number): Night | null {
  const opens = opensAt(zones, quiet, now);
  if (opens > now) return { from: now, to: opens };
  const key = keyOf(zones, quiet);
  const kept = comingNights.get(key);
  if (kept !== undefined && kept.since <= now && now < kept.night.from) return kept.night;
  const night = nextNight(zones, minutesOf(quiet), now);
  if (night !== null) keep(comingNights, key, { since: now, night });
  return night;
}

/** By quiet hours and zones, as `nights`: of everybody who is asked of between `since` and the night's beginning it is the next. */
const comingNights = new Map<string, { readonly since: number; readonly night: Night }>();

function nextNight(zones: readonly string[], quiet: Minutes, now: number): Night | null {
  for (let from = now; from <= now + QUIET_AHEAD_MILLISECONDS; ) {
    const { open, to } = stretchOf(zones, quiet, from);
    if (!open) return { from, to };
    from = to;
  }
  return null;
}

function keyOf(zones: readonly string[], { from, to }: QuietHours): string {
  return `${from} ${to} ${zones.join(" ")}`;
}

/** The one that was kept first goes where there are too many. */
function keep<Value>(kept: Map<string, Value>, key: string, value: Value): void {
  if (kept.size >= NIGHTS_KEPT) kept.delete(kept.keys().next().value ?? "");
  kept.set(key, value);
}

/** Within it the answer is the same for everybody: now, or its end. */
interface Stretch {
  readonly open: boolean;
  /** Milliseconds since 1970, as `to`, which does not belong to it. */
  readonly from: number;
  readonly to: number;
}

/** By quiet hours and zones; a broadcast asks for 100,000 phones, one after the other. */
const nights = new Map<string, Stretch>();

function stretchOf(zones: readonly string[], quiet: Minutes, now: number): Stretch {
  const opens = firstAwake(zones, quiet, now) ?? quietest(zones, quiet, now);
  return opens > now
    ? { open: false, from: now, to: opens }
    : { open: true, from: now, to: Math.min(...zones.map((zone) => spellAt(zone, quiet, now).until)) };
}

/** @returns the first moment, now or later, at which it is quiet in no zone; null where there is none within some days */
function firstAwake(zones: readonly string[], quiet: Minutes, now: number): number | null {
  let moment = now;
  for (let awake = 0, index = 0; awake < zones.length; index = (index + 1) % zones.length) {
    const spell = spellAt(zones[index] ?? "", quiet, moment);
    awake = spell.quiet ? 1 : awake + 1;
    if (spell.quiet) moment = spell.until;
    if (moment > now + QUIET_AHEAD_MILLISECONDS) return null;
  }
  return moment;
}

/** It becomes less quiet only where a night ends: the first of those moments, and of now, at which it is night in the fewest zones. */
function quietest(zones: readonly string[], quiet: Minutes, now: number): number {
  let best = { moment: now, nights: Number.POSITIVE_INFINITY };
  for (let moment = now; moment <= now + QUIET_AHEAD_MILLISECONDS; ) {
    const spells = zones.map((zone) => spellAt(zone, quiet, moment));
    const count = spells.filter((spell) => spell.quiet).length;
    if (count < best.nights) best = { moment, nights: count };
    moment = Math.min(...spells.map(({ until }) => until));
  }
  return best.moment;
}

/** It is quiet in a zone, or not, until a moment. */
interface Spell {
  readonly quiet: boolean;
  readonly until: number;
}

function spellAt(zone: string, quiet: Minutes, moment: number): Spell {
  const now = isQuiet(zone, quiet, moment);
  let until = endOn(zone, now ? quiet.to : quiet.from, moment);
  const horizon = moment + QUIET_AHEAD_MILLISECONDS;
  while (isQuiet(zone, quiet, until) === now && until <= horizon)
    until = endOn(zone, now ? quiet.to : quiet.from, until);
  return { quiet: now, until };
}

function isQuiet(zone: string, { from, to }: Minutes, moment: number): boolean {
  const minute = timeOfDay(zone, moment) / 60_000;
  return (from <= minute && minute < to) || minute + MINUTES_PER_DAY < to;
}

/** @returns when the clocks show a time of the day next, or when they change before they do */
function endOn(zone: string, minute: number, moment: number): number {
  const second = Math.floor(moment / 1_000) * 1_000;
  const wait = (minute * 60_000 - timeOfDay(zone, second) + DAY_MILLISECONDS) % DAY_MILLISECONDS;
  const end = second + (wait === 0 ? DAY_MILLISECONDS : wait);
  const before = offset(zone, second);
  return offset(zone, end) === before ? end : changeBetween(zone, second, end, before);
}

const DAY_MILLISECONDS = MINUTES_PER_DAY * 60_000;

function timeOfDay(zone: string, moment: number): number {
  return localTime(zone, moment) % DAY_MILLISECONDS;
}
