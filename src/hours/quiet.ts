import type * as z from "zod/mini";
import { ZONES_KEPT } from "../core/limits.ts";
import { spanSchema } from "./schema.ts";
import { MINUTES_PER_DAY, minutesOf } from "./spans.ts";
import { firstInstant, localTime } from "./zone.ts";

/** Hours of every day by somebody's own clock, as 21:00 to 08:00. */
export const quietSchema = spanSchema;

export type QuietHours = z.infer<typeof quietSchema>;

const MINUTE = 60_000;
const DAY = MINUTES_PER_DAY * MINUTE;

/** Whoever may be in zones whose days never meet is texted by the clock of the first. */
const LONGEST_WAIT = 2 * DAY;

/** What was found of the last minutes: a broadcast asks for thousands of people in the same few zones. */
const found = new Map<string, number>();

/**
 * When may somebody be texted who may be in any of these zones? What counts is what the clock shows: an hour that comes twice is quiet twice.
 * @param now milliseconds since 1970
 * @returns now where it is quiet in none of them, else the first minute at which it is quiet in none
 */
export function opensAt(zones: readonly string[], quiet: QuietHours, now: number): number {
  const minute = Math.floor(now / MINUTE) * MINUTE;
  const key = `${zones.join()} ${quiet.from} ${quiet.to} ${minute}`;
  const opens = found.get(key) ?? search(zones, quiet, minute);
  if (found.size > ZONES_KEPT) found.clear();
  found.set(key, opens);
  return Math.max(opens, now);
}

function search(zones: readonly string[], quiet: QuietHours, minute: number): number {
  for (let moment = minute; moment <= minute + LONGEST_WAIT; ) {
    const ends = zones.map((zone) => endOfQuiet(zone, quiet, moment)).filter((end) => end !== null);
    if (ends.length === 0) return moment;
    moment = Math.max(...ends);
  }
  const [first] = zones;
  return first === undefined ? minute : search([first], quiet, minute);
}

/** @returns when it is no longer quiet in a zone; null: it is not. */
function endOfQuiet(zone: string, quiet: QuietHours, moment: number): number | null {
  const local = localTime(zone, moment);
  const midnight = Math.floor(local / DAY) * DAY;
  const { from, to } = minutesOf(quiet);
  const minute = (local - midnight) / MINUTE;
  const began = [0, MINUTES_PER_DAY].find((days) => minute + days >= from && minute + days < to);
  if (began === undefined) return null;
  // Where the hour comes twice, its first end may be over, and it is quiet again.
  return Math.max(firstInstant(zone, midnight + (to - began) * MINUTE), moment + MINUTE);
}
