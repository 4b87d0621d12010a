import { parsePhone } from "../../core/phone.ts";
import { type MessageRecord, sentAt } from "../state/records.ts";

const SECOND = 1_000;
const DAY = 86_400_000;

/**
 * Parses the filters of a message list: `To`, `From`, `DateSent` (a day), `DateSent<` and `DateSent>` (a day or time,
 * inclusive). A filter by date excludes messages that have not been sent, since they have no date.
 * @returns null if a date is invalid
 */
export function parseMessageFilter(query: URLSearchParams): ((message: MessageRecord) => boolean) | null {
  if (DATES.some((name) => query.has(name) && parseTimeSpan(query.get(name)) === null)) return null;
  const to = parseNumberFilter(query.get("To"));
  const from = parseNumberFilter(query.get("From"));
  const on = parseTimeSpan(query.get("DateSent"));
  const day = on === null ? null : toDayStart(on.start);
  const earliest = parseTimeSpan(query.get("DateSent>"))?.start ?? day;
  const latest = parseTimeSpan(query.get("DateSent<"))?.end ?? (day === null ? null : day + DAY - 1);
  return (message) =>
    (to === null || message.to === to) &&
    (from === null || message.from === from) &&
    isInSpan(sentAt(message), earliest, latest);
}

const DATES = ["DateSent", "DateSent<", "DateSent>"];

/** Compares whole seconds, as Twilio's filters do. */
function isInSpan(at: number | null, earliest: number | null, latest: number | null): boolean {
  if (earliest === null && latest === null) return true;
  if (at === null) return false;
  const second = at - (at % SECOND);
  return (earliest === null || second >= earliest) && (latest === null || second <= latest);
}

const DATE = /^\d{4}(?:-\d{2}){0,2}(?:T\S+)?$/u;

interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** @returns the first and last millisecond of a day, or twice the same time; null if the input is neither */
function parseTimeSpan(input: string | null): TimeSpan | null {
  if (input === null || !DATE.test(input)) return null;
  const time = Date.parse(input);
  if (Number.isNaN(time)) return null;
  return /^\d{4}-\d{2}-\d{2}$/u.test(input) ? { start: time, end: time + DAY - 1 } : { start: time, end: time };
}

function toDayStart(at: number): number {
  return at - (at % DAY);
}

function parseNumberFilter(input: string | null): string | null {
  return input === null || input === "" ? null : (parsePhone(input) ?? input);
}
