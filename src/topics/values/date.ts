import { findToday, parseIsoDate, toIsoDate } from "./calendar.ts";
import { findDateNames } from "./date-names.ts";
import { parseDays } from "./date-parser.ts";
import { foldValue } from "./value-text.ts";

export interface DateRules {
  /** A BCP 47 tag; its country decides whether 03/04 is in March. */
  readonly language: string;
  /** The contact's IANA time zone, which decides what day it is. */
  readonly zone: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** ISO dates, both included. */
  readonly earliest?: string | undefined;
  readonly latest?: string | undefined;
}

export type DateAnswer =
  | { readonly ok: true; readonly value: string }
  /**
   * `impossible`: the day does not exist, or has another weekday. `no year`: only past days are asked for, and the text
   * has no year.
   */
  | { readonly ok: false; readonly problem: "none" | "impossible" | "no year" }
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly string[] }
  | { readonly ok: false; readonly problem: "too early" | "too late"; readonly limit: string };

/**
 * Parses a date: ISO, numbers in the language's order, names of months and days, "tomorrow", "in 3 days", "the 5th". A
 * date without a year is the next one. A text that may mean several days within the limits is ambiguous.
 */
export function parseDateAnswer(text: string, rules: DateRules): DateAnswer {
  const today = findToday(rules.zone, rules.now);
  const earliest = rules.earliest === undefined ? Number.NEGATIVE_INFINITY : parseIsoDate(rules.earliest);
  const latest = rules.latest === undefined ? Number.POSITIVE_INFINITY : parseIsoDate(rules.latest);
  const from = latest <= today ? null : Math.max(today, earliest);
  const reading = parseDays(foldValue(text), { names: findDateNames(rules.language), today, from });
  if (reading.kind !== "days") return { ok: false, problem: reading.kind };
  const [first] = reading.days;
  if (first === undefined) return { ok: false, problem: "impossible" };
  const candidates = reading.days.filter((day) => day >= earliest && day <= latest);
  const [only, second] = candidates;
  if (only !== undefined && second === undefined) return { ok: true, value: toIsoDate(only) };
  if (only !== undefined) return { ok: false, problem: "ambiguous", candidates: candidates.map(toIsoDate) };
  return first < earliest
    ? { ok: false, problem: "too early", limit: toIsoDate(earliest) }
    : { ok: false, problem: "too late", limit: toIsoDate(latest) };
}
