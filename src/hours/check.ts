import type { FieldProblem } from "../core/problem.ts";
import { type Holiday, type Hours, type Span, WEEKDAYS, type Weekday } from "./schema.ts";
import { MINUTES_PER_DAY, minutesOf } from "./spans.ts";

/**
 * What the schema cannot say: spans that overlap, also from one day into the next, and holidays that stand twice. A holiday's spans may
 * overlap with those of the days around it: then it is simply open.
 */
export function checkHours({ week, holidays }: Hours): readonly FieldProblem[] {
  return [
    ...WEEKDAYS.flatMap((day) => overlaps(`/week/${day}`, week[day])),
    ...WEEKDAYS.flatMap((day, index) => overlapsFromDayBefore(week, day, WEEKDAYS[(index + 6) % 7] ?? "sunday")),
    ...holidays.flatMap(({ hours }, index) => overlaps(`/holidays/${index}/hours`, hours)),
    ...doubledHolidays(holidays),
  ];
}

function overlaps(pointer: string, spans: readonly Span[]): readonly FieldProblem[] {
  return spans.flatMap((span, index) => {
    const { from, to } = minutesOf(span);
    const other = spans.slice(0, index).find((each) => from < minutesOf(each).to && minutesOf(each).from < to);
    const detail = other === undefined ? "" : `${words(span)} overlaps with ${words(other)}.`;
    return detail === "" ? [] : [{ pointer: `${pointer}/${index}`, detail }];
  });
}

function overlapsFromDayBefore(week: Hours["week"], day: Weekday, before: Weekday): readonly FieldProblem[] {
  return week[day].flatMap((span, index) => {
    const from = minutesOf(span).from + MINUTES_PER_DAY;
    const other = week[before].find((each) => minutesOf(each).to > from);
    const detail = other === undefined ? "" : `${words(span)} overlaps with ${words(other)} of ${before}.`;
    return detail === "" ? [] : [{ pointer: `/week/${day}/${index}`, detail }];
  });
}

function doubledHolidays(holidays: readonly Holiday[]): readonly FieldProblem[] {
  return holidays.flatMap(({ date }, index) => {
    const before = holidays.findIndex((each) => each.date === date);
    return before === index
      ? []
      : [
          {
            pointer: `/holidays/${index}/date`,
            detail: `${date} is holiday ${before + 1} too; each date stands once.`,
          },
        ];
  });
}

function words({ from, to }: Span): string {
  return `${from} to ${to}`;
}
