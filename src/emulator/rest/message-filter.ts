import { parsePhone } from "../../core/phone.ts";
import { type MessageRecord, sentAt } from "../state/records.ts";

const SECOND = 1_000;
const DAY = 86_400_000;

/**
 * The filters of a message list: `To`, `From`, `DateSent` (a day), `DateSent<` and `DateSent>` (on or before, on or after;
 * a day or a moment). A message that was not sent yet has no date, so that a filter on dates does not find it.
 * @returns null where a date cannot be read
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

/** Twilio's clock shows whole seconds, and its filters compare those. */
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

/** @returns the first and the last millisecond of a day, or a moment; null where it is neither */
function parseTimeSpan(written: string | null): TimeSpan | null {
  if (written === null || !DATE.test(written)) return null;
  const moment = Date.parse(written);
  if (Number.isNaN(moment)) return null;
  return /^\d{4}-\d{2}-\d{2}$/u.test(written)
    ? { start: moment, end: moment + DAY - 1 }
    : { start: moment, end: moment };
}

function toDayStart(at: number): number {
  return at - (at % DAY);
}

function parseNumberFilter(written: string | null): string | null {
  return written === null || written === "" ? null : (parsePhone(written) ?? written);
}
