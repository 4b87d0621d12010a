import { findWeekday, toDateParts, toDayNumber } from "./calendar.ts";
import { type DateNames, toPhrase } from "./date-names.ts";

/** The context for parsing a date; days are numbers as in calendar.ts. */
export interface DateContext {
  readonly names: DateNames;
  readonly today: number;
  /** The first day that a date without a year can mean; null if only past days are asked for, which need a year. */
  readonly from: number | null;
}

/** The result: `days` are all readings, the most likely first, and empty if the calendar has no such day. */
export type DateReading =
  | { readonly kind: "days"; readonly days: readonly number[] }
  | { readonly kind: "no year" }
  | { readonly kind: "none" };

const NO_DATE: DateReading = { kind: "none" };
/** A day of the month, such as "5th", "1er" or "5º". */
const DAY_OF_MONTH = /^(?<day>\d{1,2})(?<ordinal>st|nd|rd|th|er|e|o|a)?$/u;
const YEAR = /^'?(?:\d{2}|[1-9]\d{3})$/u;
const CENTURIES = [1_900, 2_000];
/** The maximum distance of a year that is written with two digits, if both centuries are possible. */
const NEAR_YEARS = 30;

/** @param folded the result of `foldValue` */
export function parseDays(folded: string, context: DateContext): DateReading {
  const phrase = toPhrase(folded);
  const { relatives, vocabulary } = context.names;
  const plain = phrase.replace(/^(?:on|the) /u, "");
  const offsets = relatives.get(phrase) ?? relatives.get(plain) ?? parseRelativeDays(phrase, context.names);
  if (offsets !== null) return { kind: "days", days: offsets.map((each) => context.today + each) };
  const all = phrase.split(" ");
  const words = all.filter((word) => !vocabulary.fillers.has(word));
  if (words.length > 1 && words.every((word) => /^\d+$/u.test(word)))
    return /^\D*\d+(?:[\s./-]+\d+)+[.!?\s]*$/u.test(folded) ? parseNumericDate(words, folded, context) : NO_DATE;
  return parseWordDate(words, all, context);
}

function parseRelativeDays(phrase: string, { distances }: DateNames): readonly number[] | null {
  const [amount, ...others] = phrase.match(/\d+/gu) ?? [];
  if (amount === undefined || others.length > 0 || amount.length > 3) return null;
  const days = distances.get(phrase.replace(amount, "#"));
  return days === undefined ? null : [days * Number(amount)];
}

/** Parses "2026-04-03", "3/4/2026", "3.4." or "4/3/26". */
function parseNumericDate(words: readonly string[], folded: string, context: DateContext): DateReading {
  const [a = "", b = "", c] = words;
  if (words.length < 2 || words.length > 3 || b.length > 2 || (c === undefined && !/\d\s*[./-]\s*\d/u.test(folded)))
    return NO_DATE;
  if (a.length === 4)
    return c === undefined || c.length > 2 || !YEAR.test(a) ? NO_DATE : resolveDate(c, Number(b), a, context);
  if (a.length > 2 || (c !== undefined && !YEAR.test(c))) return NO_DATE;
  const dayFirst = resolveDate(a, Number(b), c, context);
  const monthFirst = resolveDate(b, Number(a), c, context);
  if (dayFirst.kind !== "days" || monthFirst.kind !== "days") return dayFirst;
  const [preferred, other] = context.names.order === "month" ? [monthFirst, dayFirst] : [dayFirst, monthFirst];
  const sure = context.names.order !== null && preferred.days.length > 0;
  return sure ? preferred : { kind: "days", days: [...new Set([...preferred.days, ...other.days])] };
}

/** Parses a date of names and numbers, without any other word. */
function parseWordDate(words: readonly string[], all: readonly string[], context: DateContext): DateReading {
  const { months, weekdays, vocabulary } = context.names;
  const hasNumber = words.some((word) => /^\d/u.test(word));
  // In Spanish, "mar" is March and Tuesday: it is the month only after the day.
  const isMonth = (word: string, index: number) => months.has(word) && (index > 0 || !weekdays.has(word));
  const month = hasNumber ? words.findIndex(isMonth) : -1;
  const weekday = words.findIndex((word, index) => index !== month && weekdays.has(word));
  const rest = words.filter((_, index) => index !== month && index !== weekday);
  const wanted = weekdays.get(words[weekday] ?? "") ?? null;
  if (month !== -1) return filterByWeekday(parseNamedMonth(words, month, rest, context), wanted);
  const [day = "", ...others] = rest;
  const ordinal = DAY_OF_MONTH.exec(day)?.groups;
  const isMarked = ordinal?.["ordinal"] !== undefined || all.some((word) => vocabulary.markers.has(word));
  if (ordinal !== undefined && others.length === 0 && isMarked)
    return filterByWeekday(findDayOfMonth(Number(ordinal["day"]), context), wanted);
  return wanted === null ? NO_DATE : findComingWeekday(wanted, rest, context);
}

/** Parses "3 May", "May 3rd, 2026" or "2026 May 3". */
function parseNamedMonth(
  words: readonly string[],
  month: number,
  rest: readonly string[],
  context: DateContext,
): DateReading {
  const isYearFirst = /^\d{4}$/u.test(rest[0] ?? "");
  const [day = "", year, ...others] = isYearFirst ? rest.toReversed() : rest;
  const monthIsAmong = month <= words.indexOf(day) + 1;
  const number = DAY_OF_MONTH.exec(day)?.groups?.["day"];
  if (number === undefined || others.length > 0 || !monthIsAmong || (year !== undefined && !YEAR.test(year)))
    return NO_DATE;
  return resolveDate(number, context.names.months.get(words[month] ?? "") ?? 0, year, context);
}

function resolveDate(day: string, month: number, year: string | undefined, context: DateContext): DateReading {
  if (year === undefined) return findNextDate(month, Number(day), context);
  const days = listYears(year, context).map((each) => toDayNumber(each, month, Number(day)));
  return { kind: "days", days: days.filter((each) => each !== null) };
}

function listYears(text: string, { today, from }: DateContext): readonly number[] {
  const digits = text.replace("'", "");
  if (digits.length === 4) return [Number(digits)];
  const { year: current } = toDateParts(today);
  const years = CENTURIES.map((century) => century + Number(digits));
  const near = years.filter((year) => Math.abs(year - current) <= NEAR_YEARS);
  // A birth year '20 may be that of a child or of a very old contact.
  return from === null || near.length === 0 ? years : near;
}

function findNextDate(month: number, day: number, { from }: DateContext): DateReading {
  if (from === null) return { kind: "no year" };
  const { year } = toDateParts(from);
  // The next 29 February may be eight years away.
  const days = Array.from({ length: 9 }, (_, ahead) => toDayNumber(year + ahead, month, day));
  const next = days.find((each) => each !== null && each >= from) ?? null;
  return { kind: "days", days: next === null ? [] : [next] };
}

function findDayOfMonth(day: number, { today }: DateContext): DateReading {
  const { year, month } = toDateParts(today);
  const days = [0, 1, 2].map((ahead) =>
    toDayNumber(year + Math.floor((month - 1 + ahead) / 12), ((month - 1 + ahead) % 12) + 1, day),
  );
  const next = days.find((each) => each !== null && each >= today) ?? null;
  return { kind: "days", days: next === null ? [] : [next] };
}

/** Finds the day of "next Friday": the first one, or that of next week, which may begin on a Monday or a Sunday. */
function findComingWeekday(weekday: number, rest: readonly string[], { names, today }: DateContext): DateReading {
  const { next, coming, current } = names.vocabulary;
  const ahead = (((weekday - findWeekday(today)) % 7) + 7) % 7;
  const first = today + (ahead === 0 ? 7 : ahead);
  if (rest.length === 0) return { kind: "days", days: ahead === 0 ? [today, first] : [first] };
  if (rest.every((word) => current.has(word))) return { kind: "days", days: [today + ahead] };
  if (rest.every((word) => coming.has(word))) return { kind: "days", days: [first] };
  if (!rest.every((word) => next.has(word))) return NO_DATE;
  const nextMonday = today + 7 - findWeekday(today);
  const nextSunday = today + 7 - ((findWeekday(today) + 1) % 7);
  return { kind: "days", days: [...new Set([first, nextMonday + weekday, nextSunday + ((weekday + 1) % 7)])] };
}

/** Removes readings whose weekday differs from the one in the text. */
function filterByWeekday(reading: DateReading, weekday: number | null): DateReading {
  if (reading.kind !== "days" || weekday === null) return reading;
  return { kind: "days", days: reading.days.filter((day) => findWeekday(day) === weekday) };
}
