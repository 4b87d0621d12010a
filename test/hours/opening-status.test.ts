import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findOpeningStatus } from "../../src/hours/opening-status.ts";
import { hoursSchema, type OpeningHours, WEEKDAYS } from "../../src/hours/schema.ts";
import { readRunCount } from "../support/extent.ts";
import { changesIn, holidayOn, isOpen, type Moment, walk } from "./oracle.ts";

const at = (written: string) => Date.parse(written);

function hoursOf(zone: string, week: object, holidays: readonly object[] = []): OpeningHours {
  return hoursSchema.parse({ zone, week, holidays });
}

const span = (from: string, to: string) => ({ from, to });
const NINE_TO_FIVE = [span("09:00", "17:00")];
const ALL_DAY = [span("00:00", "24:00")];
const every = (spans: unknown) => Object.fromEntries(WEEKDAYS.map((day) => [day, spans]));
const workdays = { ...every(NINE_TO_FIVE), saturday: [], sunday: [] };

describe("findOpeningStatus", () => {
  const office = hoursOf("America/New_York", workdays, [
    { date: "2026-11-26", name: "Thanksgiving" },
    { date: "12-25", name: "Christmas Day" },
    { date: "12-24", name: "Christmas Eve", hours: [span("09:00", "12:00")] },
    { date: "2026-12-24", name: "Moving day" },
  ]);

  it.each([
    ["before it opens", "2026-11-20T13:59Z", { status: "closed", reason: "hours", opens: at("2026-11-20T14:00Z") }],
    ["as it opens", "2026-11-20T14:00Z", { status: "open", until: at("2026-11-20T22:00Z") }],
    ["in its last second", "2026-11-20T21:59:59Z", { status: "open", until: at("2026-11-20T22:00Z") }],
    ["as it closes", "2026-11-20T22:00Z", { status: "closed", reason: "hours", opens: at("2026-11-23T14:00Z") }],
    [
      "on a holiday",
      "2026-11-26T15:00Z",
      { status: "closed", reason: "holiday", name: "Thanksgiving", opens: at("2026-11-27T14:00Z") },
    ],
    [
      "the night before a holiday",
      "2026-11-26T04:00Z",
      { status: "closed", reason: "hours", opens: at("2026-11-27T14:00Z") },
    ],
    ["on a holiday with hours", "2027-12-24T15:00Z", { status: "open", until: at("2027-12-24T17:00Z") }],
    [
      "after the hours of a holiday",
      "2027-12-24T18:00Z",
      { status: "closed", reason: "holiday", name: "Christmas Eve", opens: at("2027-12-27T14:00Z") },
    ],
    [
      "where a dated holiday beats that of every year",
      "2026-12-24T15:00Z",
      { status: "closed", reason: "holiday", name: "Moving day", opens: at("2026-12-28T14:00Z") },
    ],
  ])("%s", (_, now, expected) => {
    expect(findOpeningStatus(office, at(now))).toEqual(expected);
  });

  it("continues through midnight, and into a holiday", () => {
    const bar = hoursOf("Europe/Berlin", { thursday: [span("22:00", "06:00")] }, [
      { date: "2026-12-25", name: "Christmas Day" },
    ]);
    expect(findOpeningStatus(bar, at("2026-12-25T03:00Z"))).toEqual({ status: "open", until: at("2026-12-25T05:00Z") });
    expect(findOpeningStatus(bar, at("2026-12-25T05:00Z"))).toMatchObject({ status: "closed", reason: "holiday" });
  });

  it("merges adjacent spans, also across midnight", () => {
    const shop = hoursOf("Asia/Tokyo", {
      monday: [span("13:00", "24:00"), span("09:00", "13:00")],
      tuesday: [span("00:00", "02:30"), span("03:00", "04:00")],
    });
    expect(findOpeningStatus(shop, at("2026-11-23T01:00Z"))).toEqual({
      status: "open",
      until: at("2026-11-23T17:30Z"),
    });
  });

  it("has no time if the hours never end or never begin", () => {
    expect(findOpeningStatus(hoursOf("UTC", every(ALL_DAY)), at("2026-11-20T00:00Z"))).toEqual({
      status: "open",
      until: null,
    });
    expect(findOpeningStatus(hoursOf("UTC", {}), at("2026-11-20T00:00Z"))).toEqual({
      status: "closed",
      reason: "hours",
      opens: null,
    });
  });

  it("finds an opening once a year, and 29 February only in a leap year", () => {
    const fair = hoursOf("UTC", {}, [{ date: "02-29", name: "Fair", hours: NINE_TO_FIVE }]);
    expect(findOpeningStatus(fair, at("2026-03-01T00:00Z"))).toMatchObject({ opens: null });
    expect(findOpeningStatus(fair, at("2027-03-01T00:00Z"))).toMatchObject({ opens: at("2028-02-29T09:00Z") });
  });
});

describe("when clocks change", () => {
  const newYork = (spans: object[]) => hoursOf("America/New_York", { sunday: spans });

  it.each([
    ["that begins in the hour left out", [span("02:30", "05:00")], "2026-03-08T06:59Z", "2026-03-08T07:00Z"],
    ["that begins in the hour shown twice", [span("01:30", "05:00")], "2026-11-01T05:29Z", "2026-11-01T05:30Z"],
  ])("a span %s", (_, spans, before, opens) => {
    expect(findOpeningStatus(newYork(spans), at(before))).toMatchObject({ status: "closed", opens: at(opens) });
    expect(findOpeningStatus(newYork(spans), at(opens))).toMatchObject({ status: "open" });
  });

  it("ignores a span inside a skipped hour", () => {
    expect(findOpeningStatus(newYork([span("02:10", "02:50")]), at("2026-03-08T06:00Z"))).toMatchObject({
      opens: at("2026-03-15T06:10Z"),
    });
  });

  it("merges two spans that a skipped hour makes adjacent", () => {
    const hours = newYork([span("00:00", "02:10"), span("02:50", "06:00")]);
    expect(findOpeningStatus(hours, at("2026-03-08T06:00Z"))).toEqual({
      status: "open",
      until: at("2026-03-08T10:00Z"),
    });
  });

  it("ends a span in a repeated hour at the first occurrence, and stays closed", () => {
    const hours = newYork([span("00:00", "01:30")]);
    expect(findOpeningStatus(hours, at("2026-11-01T05:00Z"))).toEqual({
      status: "open",
      until: at("2026-11-01T05:30Z"),
    });
    expect(findOpeningStatus(hours, at("2026-11-01T06:15Z"))).toMatchObject({ status: "closed" });
  });

  it("has no hours on a date that does not exist", () => {
    const samoa = hoursOf("Pacific/Apia", { friday: NINE_TO_FIVE });
    expect(findOpeningStatus(samoa, at("2011-12-30T09:59Z"))).toMatchObject({ opens: at("2012-01-05T19:00Z") });
  });
});

/** Northern and southern, half hours, midnights, two hours at once, days skipped at the date line, and quiet ones. */
const ZONES: readonly (readonly [zone: string, year: number])[] = [
  ["America/New_York", 2026],
  ["America/Los_Angeles", 2026],
  ["America/St_Johns", 2026],
  ["America/Goose_Bay", 2010],
  ["America/Havana", 2026],
  ["America/Santiago", 2026],
  ["America/Sao_Paulo", 2018],
  ["America/Caracas", 2016],
  ["America/Nuuk", 2026],
  ["Europe/London", 2026],
  ["Europe/Dublin", 2026],
  ["Europe/Berlin", 2026],
  ["Atlantic/Azores", 2026],
  ["Africa/Cairo", 2026],
  ["Africa/Casablanca", 2025],
  ["Asia/Beirut", 2026],
  ["Asia/Jerusalem", 2026],
  ["Asia/Tehran", 2021],
  ["Asia/Pyongyang", 2018],
  ["Antarctica/Troll", 2026],
  ["Australia/Lord_Howe", 2026],
  ["Australia/Adelaide", 2026],
  ["Pacific/Auckland", 2026],
  ["Pacific/Chatham", 2026],
  ["Pacific/Norfolk", 2026],
  ["Pacific/Apia", 2011],
  ["Pacific/Kwajalein", 1993],
];
const DAY = 86_400_000;

const CASES = ZONES.flatMap(([zone, year]) => {
  const changes = changesIn(zone, year);
  return changes.map((change) => [zone, new Date(change).toISOString().slice(0, 10), change] as const);
});

it("all zones below have clock changes", () => {
  expect(new Set(CASES.map(([zone]) => zone)).size).toBe(ZONES.length);
});

describe.each(CASES)("%s around %s", (zone, _, change) => {
  const moments = walk(zone, change - 4 * DAY, change + 4 * DAY);
  const dates = [...new Set(moments.map(({ date }) => date))];

  it("agrees with a minute-by-minute simulation of the clock", () => {
    fc.assert(
      fc.property(anyHours(zone, dates), fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (hours, picks) => {
        const open = moments.map((moment) => isOpen(hours, moment));
        // From the second day on, most of them within half a day of the change.
        const indexes = picks.map((pick, which) => (which % 4 === 0 ? 1_440 + (pick % 8_000) : 5_040 + (pick % 1_800)));
        for (const index of indexes) expectSame(hours, moments, open, index);
      }),
      { numRuns: readRunCount("HOURS_RUNS", { short: 3, full: 12 }) },
    );
  });
});

function expectSame(hours: OpeningHours, moments: readonly Moment[], open: readonly boolean[], index: number): void {
  const moment = moments[index];
  if (moment === undefined) throw new Error("outside of the walk");
  const turn = open.indexOf(!open[index], index);
  const told = findOpeningStatus(hours, moment.instant + 31_007);
  expect(told.status).toBe(open[index] ? "open" : "closed");
  const time = told.status === "open" ? told.until : told.opens;
  if (turn === -1) expect(time === null || time >= (moments.at(-1)?.instant ?? 0)).toBe(true);
  else expect(time).toBe(moments[turn]?.instant);
  if (told.status === "open") return;
  const holiday = holidayOn(hours, moment.date);
  expect(told.reason === "holiday" ? told.name : null).toBe(holiday);
}

/** Times lean towards the small hours, where clocks change. */
function anyHours(zone: string, dates: readonly string[]): fc.Arbitrary<OpeningHours> {
  const minute = fc.oneof(fc.nat({ max: 240 }), fc.nat({ max: 1_439 }));
  const written = (value: number) =>
    `${String(Math.floor(value / 60)).padStart(2, "0")}:${String(value % 60).padStart(2, "0")}`;
  const anySpan = fc
    .tuple(minute, fc.oneof(minute, fc.constant(1_440)))
    .filter(([from, to]) => from !== to)
    .map(([from, to]) => span(written(from), written(to)));
  const spans = fc.array(anySpan, { maxLength: 3 });
  const holiday = fc.record({
    date: fc.oneof(fc.constantFrom(...dates), fc.constantFrom(...dates.map((date) => date.slice(5)))),
    name: fc.constantFrom("One", "Two"),
    hours: spans,
  });
  return fc
    .record({
      week: fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, spans]))),
      holidays: fc.uniqueArray(holiday, { maxLength: 2, selector: ({ date }) => date }),
    })
    .map(({ week, holidays }) => hoursOf(zone, week, holidays));
}
