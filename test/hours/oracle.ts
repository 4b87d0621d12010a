import type { OpeningHours, TimeSpan, WeekdayName } from "../../src/hours/schema.ts";

/**
 * An independent model of the rules that knows no offsets: it reads a clock minute by minute and remembers the latest
 * time shown.
 */
export interface Moment {
  readonly instant: number;
  /** The latest time that the clock has shown so far: "2026-03-08 02:59". */
  readonly latest: string;
  /** The date that it shows now. */
  readonly date: string;
}

const MINUTE = 60_000;
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

export function walk(zone: string, from: number, to: number): readonly Moment[] {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  const moments: Moment[] = [];
  let latest = "";
  for (let instant = from; instant < to; instant += MINUTE) {
    const shown = clock.format(instant);
    if (shown > latest) latest = shown;
    moments.push({ instant, latest, date: shown.slice(0, 10) });
  }
  return moments;
}

export function isOpen(hours: OpeningHours, { latest }: Moment): boolean {
  const [date = "", time = ""] = latest.split(" ");
  return (
    spansOn(hours, date).some(({ from, to }) => from <= time && (to < from || time < to)) ||
    spansOn(hours, dayBefore(date)).some(({ from, to }) => to < from && time < to)
  );
}

export function holidayOn({ holidays }: OpeningHours, date: string): string | null {
  const named = holidays.find((each) => each.date === date) ?? holidays.find((each) => each.date === date.slice(5));
  return named?.name ?? null;
}

/** Instants around which a zone's offset changes in a year, to within six hours. */
export function changesIn(zone: string, year: number): readonly number[] {
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const offset = (instant: number) => clock.formatToParts(instant).find(({ type }) => type === "timeZoneName")?.value;
  const changes: number[] = [];
  for (let instant = Date.UTC(year, 0, 2); instant < Date.UTC(year, 11, 31); instant += 360 * MINUTE) {
    if (offset(instant) !== offset(instant + 360 * MINUTE)) changes.push(instant);
  }
  return changes;
}

function spansOn(hours: OpeningHours, date: string): readonly TimeSpan[] {
  const holiday =
    hours.holidays.find((each) => each.date === date) ?? hours.holidays.find((each) => each.date === date.slice(5));
  const weekday: WeekdayName = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? "sunday";
  return holiday === undefined ? hours.week[weekday] : holiday.hours;
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 1_440 * MINUTE).toISOString().slice(0, 10);
}
