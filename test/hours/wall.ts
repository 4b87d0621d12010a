/** An independent model of quiet hours that knows no offsets: it reads a wall clock. */

const clocks = new Map<string, Intl.DateTimeFormat>();

/** @returns as "07:59" */
export function wall(zone: string, instant: number): string {
  let clock = clocks.get(zone);
  clock ??= new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  clocks.set(zone, clock);
  return clock.format(instant);
}

export function isQuietAt(zone: string, { from, to }: { from: string; to: string }, instant: number): boolean {
  const time = wall(zone, instant);
  return from <= to ? from <= time && time < to : from <= time || time < to;
}

const DAY = 86_400_000;
const found = new Map<string, readonly number[]>();

/** @returns days of 2026 to 2028, as instants, within which the clocks change in a zone */
export function changesOf(zone: string): readonly number[] {
  const known = found.get(zone);
  if (known !== undefined) return known;
  const changes: number[] = [];
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2029, 0, 1); day += DAY) {
    if (wall(zone, day) !== wall(zone, day + DAY)) changes.push(day);
  }
  found.set(zone, changes);
  return changes;
}
