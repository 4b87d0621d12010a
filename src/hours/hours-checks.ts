import type { FieldProblem } from "../core/problem-document.ts";
import { MINUTES_PER_DAY, toMinuteSpan } from "./minute-spans.ts";
import { type HolidayHours, type OpeningHours, type TimeSpan, WEEKDAYS, type WeekdayName } from "./schema.ts";

/**
 * Checks what the schema cannot express: overlapping spans, also across midnight, and duplicate holidays. A holiday's
 * spans may overlap with those of the days around it; the two are merged.
 */
export function checkHours({ week, holidays }: OpeningHours): readonly FieldProblem[] {
  return [
    ...WEEKDAYS.flatMap((day) => findOverlaps(`/week/${day}`, week[day])),
    ...WEEKDAYS.flatMap((day, index) => findOvernightOverlaps(week, day, WEEKDAYS[(index + 6) % 7] ?? "sunday")),
    ...holidays.flatMap(({ hours }, index) => findOverlaps(`/holidays/${index}/hours`, hours)),
    ...findDuplicateHolidays(holidays),
  ];
}

function findOverlaps(pointer: string, spans: readonly TimeSpan[]): readonly FieldProblem[] {
  return spans.flatMap((span, index) => {
    const { from, to } = toMinuteSpan(span);
    const other = spans.slice(0, index).find((each) => from < toMinuteSpan(each).to && toMinuteSpan(each).from < to);
    const detail = other === undefined ? "" : `${formatSpan(span)} overlaps with ${formatSpan(other)}.`;
    return detail === "" ? [] : [{ pointer: `${pointer}/${index}`, detail }];
  });
}

function findOvernightOverlaps(
  week: OpeningHours["week"],
  day: WeekdayName,
  before: WeekdayName,
): readonly FieldProblem[] {
  return week[day].flatMap((span, index) => {
    const from = toMinuteSpan(span).from + MINUTES_PER_DAY;
    const other = week[before].find((each) => toMinuteSpan(each).to > from);
    const detail = other === undefined ? "" : `${formatSpan(span)} overlaps with ${formatSpan(other)} of ${before}.`;
    return detail === "" ? [] : [{ pointer: `/week/${day}/${index}`, detail }];
  });
}

function findDuplicateHolidays(holidays: readonly HolidayHours[]): readonly FieldProblem[] {
  return holidays.flatMap(({ date }, index) => {
    const before = holidays.findIndex((each) => each.date === date);
    return before === index
      ? []
      : [
          {
            pointer: `/holidays/${index}/date`,
            detail: `${date} is also the date of holiday ${before + 1}. List each date once.`,
          },
        ];
  });
}

function formatSpan({ from, to }: TimeSpan): string {
  return `${from} to ${to}`;
}
