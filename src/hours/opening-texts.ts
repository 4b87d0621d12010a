import { toPlainSpaces } from "../core/message-text.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";
import { toLocalTime } from "./time-zone.ts";

/**
 * Formats an opening time in everyday language: "today at 5:00 PM", "tomorrow at 9:00 AM", "Monday at 9:00 AM", and a
 * week or more ahead "Monday, January 4 at 9:00 AM".
 * @param opens milliseconds since 1970, not before `now`
 * @param now milliseconds since 1970
 * @param language a BCP 47 tag, such as "en-US"
 */
export function formatOpeningTime(
  opens: number,
  now: number,
  { zone, language }: { readonly zone: string; readonly language: string },
): string {
  const days = toDayNumber(zone, opens) - toDayNumber(zone, now);
  const parts = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    weekday: "long",
    ...(Math.abs(days) > 300 ? { year: "numeric" } : {}),
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  }).formatToParts(opens);
  const words = days < 7 ? replaceDate(formatDay(days, parts, language), parts) : joinParts(parts);
  return toPlainSpaces(words);
}

function formatDay(days: number, parts: readonly Intl.DateTimeFormatPart[], language: string): string {
  return days < 2
    ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day")
    : joinParts(parts.filter(({ type }) => type === "weekday"));
}

/** Replaces the date by the name of the day, and keeps the time with the word that joins them: " at 9:00 AM". */
function replaceDate(day: string, parts: readonly Intl.DateTimeFormatPart[]): string {
  const time = parts.findIndex(({ type }) => type === "hour" || type === "dayPeriod");
  const dateEnds = parts.slice(0, time).findLastIndex(({ type }) => type !== "literal");
  return day + joinParts(parts.slice(dateEnds + 1));
}

function joinParts(parts: readonly Intl.DateTimeFormatPart[]): string {
  return parts.map(({ value }) => value).join("");
}

function toDayNumber(zone: string, instant: number): number {
  return Math.floor(toLocalTime(zone, instant) / DAY_MILLISECONDS);
}
