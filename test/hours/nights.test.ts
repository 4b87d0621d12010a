import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPhoneZones, loadPrefixes } from "../../src/hours/phone-zones.ts";
import { findNextQuietPeriod, findTextingTime, type QuietHours, quietSchema } from "../../src/hours/quiet-hours.ts";
import { readRunCount } from "../support/extent.ts";
import { changesOf, isQuietAt, wall } from "./wall.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const NIGHT: QuietHours = { from: "21:00", to: "08:00" };
const at = (written: string) => Date.parse(written);
const shown = (instant: number) => new Date(instant).toISOString().slice(0, 19);

describe("findTextingTime", () => {
  it.each([
    ["at noon: now", ["Europe/Berlin"], NIGHT, "2026-11-20T11:00:00Z", "2026-11-20T11:00:00"],
    [
      "in the last second before it is quiet: now",
      ["Europe/Berlin"],
      NIGHT,
      "2026-11-20T19:59:59Z",
      "2026-11-20T19:59:59",
    ],
    ["as it becomes quiet: in the morning", ["Europe/Berlin"], NIGHT, "2026-11-20T20:00:00Z", "2026-11-21T07:00:00"],
    ["after midnight: in the same morning", ["Europe/Berlin"], NIGHT, "2026-11-21T06:59:59Z", "2026-11-21T07:00:00"],
    ["as it ends: now", ["Europe/Berlin"], NIGHT, "2026-11-21T07:00:00Z", "2026-11-21T07:00:00"],
    [
      "quiet hours at noon",
      ["Asia/Kolkata"],
      { from: "12:00", to: "14:00" },
      "2026-11-20T07:00:00Z",
      "2026-11-20T08:30:00",
    ],
    [
      "in two zones, when the western one wakes",
      ["America/New_York", "America/Chicago"],
      NIGHT,
      "2026-11-20T12:30:00Z",
      "2026-11-20T14:00:00",
    ],
    [
      "in two zones, when the eastern one sleeps",
      ["America/Chicago", "America/New_York"],
      NIGHT,
      "2026-11-20T02:30:00Z",
      "2026-11-20T14:00:00",
    ],
    [
      "from Kaliningrad to Kamchatka",
      ["Europe/Kaliningrad", "Asia/Kamchatka"],
      NIGHT,
      "2026-11-20T12:00:00Z",
      "2026-11-21T06:00:00",
    ],
    ["a quarter of an hour off", ["Asia/Kathmandu"], NIGHT, "2026-11-20T00:00:00Z", "2026-11-20T02:15:00"],
    ["no zone at all: now", [], NIGHT, "2026-11-20T02:00:00Z", "2026-11-20T02:00:00"],
  ])("%s", (_, zones, quiet, now, expected) => {
    expect(shown(findTextingTime(zones, quiet, at(now)))).toBe(expected);
  });

  it("returns an allowed moment with its milliseconds, and ends quiet hours on a full second", () => {
    expect(findTextingTime(["UTC"], NIGHT, at("2026-11-20T12:00:00.123Z"))).toBe(at("2026-11-20T12:00:00.123Z"));
    expect(findTextingTime(["UTC"], NIGHT, at("2026-11-20T20:59:59.999Z"))).toBe(at("2026-11-20T20:59:59.999Z"));
    expect(findTextingTime(["UTC"], NIGHT, at("2026-11-20T21:00:00.001Z"))).toBe(at("2026-11-21T08:00:00Z"));
  });

  it("is independent of the order of calls", () => {
    const zones = ["America/Denver"];
    const moments = ["2026-11-21T05:00Z", "2026-11-20T20:00Z", "2026-11-22T20:00Z", "2026-11-21T05:00Z"].map(at);
    expect(moments.map((now) => shown(findTextingTime(zones, NIGHT, now)))).toEqual([
      "2026-11-21T15:00:00",
      "2026-11-20T20:00:00",
      "2026-11-22T20:00:00",
      "2026-11-21T15:00:00",
    ]);
  });
});

describe("when the clocks change", () => {
  it.each([
    [
      "an end that is left out comes with the change",
      "America/New_York",
      { from: "21:00", to: "02:30" },
      "2027-03-14T05:00:00Z",
      "2027-03-14T07:00:00",
    ],
    [
      "a beginning that is left out too",
      "America/New_York",
      { from: "02:30", to: "06:00" },
      "2027-03-14T07:00:00Z",
      "2027-03-14T10:00:00",
    ],
    [
      "an end in the hour shown twice comes twice: the first",
      "America/New_York",
      { from: "21:00", to: "01:30" },
      "2027-11-07T05:29:00Z",
      "2027-11-07T05:30:00",
    ],
    [
      "an end in the hour shown twice comes twice: the second",
      "America/New_York",
      { from: "21:00", to: "01:30" },
      "2027-11-07T06:00:00Z",
      "2027-11-07T06:30:00",
    ],
    [
      "half an hour at Lord Howe",
      "Australia/Lord_Howe",
      { from: "21:00", to: "02:15" },
      "2027-10-02T15:00:00Z",
      "2027-10-02T15:30:00",
    ],
    ["a longer night", "Europe/London", NIGHT, "2027-10-30T20:00:00Z", "2027-10-31T08:00:00"],
    ["a shorter night", "Europe/London", NIGHT, "2027-03-27T21:00:00Z", "2027-03-28T07:00:00"],
  ])("%s", (_, zone, quiet, now, expected) => {
    expect(shown(findTextingTime([zone], quiet, at(now)))).toBe(expected);
  });
});

/**
 * Zones of both hemispheres; offsets of whole hours, half hours and 45 minutes; changes by half an hour, changes at
 * midnight, and zones without changes.
 */
const WATCHED = [
  "America/New_York",
  "America/Chicago",
  "America/Denver",
  "America/Boise",
  "America/Los_Angeles",
  "America/Anchorage",
  "America/Adak",
  "America/St_Johns",
  "America/Goose_Bay",
  "America/Havana",
  "America/Santiago",
  "America/Asuncion",
  "America/Nuuk",
  "America/Tijuana",
  "Atlantic/Azores",
  "Europe/London",
  "Europe/Dublin",
  "Europe/Berlin",
  "Europe/Kyiv",
  "Europe/Chisinau",
  "Africa/Cairo",
  "Africa/Casablanca",
  "Asia/Beirut",
  "Asia/Jerusalem",
  "Asia/Hebron",
  "Australia/Adelaide",
  "Australia/Sydney",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "Pacific/Chatham",
  "Pacific/Easter",
  "Pacific/Norfolk",
] as const;

/**
 * Those for which the list of 2026 has no change, and which are watched all the same, over the day on which Europe's
 * clocks change.
 */
const STEADY = [
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Marquesas",
  "Australia/Eucla",
  "America/Phoenix",
  "Asia/Tokyo",
];

describe("a contact in another time zone is not texted at night, across the change of daylight saving", () => {
  const changing = WATCHED.filter((zone) => changesOf(zone).length > 0);

  it("covers at least 25 zones whose clocks change", () => {
    expect(changing.length).toBeGreaterThanOrEqual(25);
  });

  const cases = [
    ...changing.flatMap((zone) => changesOf(zone).map((day) => [zone, shown(day).slice(0, 10), day] as const)),
    ...STEADY.map((zone) => [zone, "2027-03-28", at("2027-03-27T00:00Z")] as const),
  ];

  it.each(cases)("%s, %s, minute by minute", (zone, _, day) => {
    const from = day - DAY;
    const clock = Array.from({ length: 4 * 1_440 }, (__, minute) => wall(zone, from + minute * MINUTE));
    for (const quiet of [
      NIGHT,
      { from: "22:30", to: "02:30" },
      { from: "00:15", to: "01:45" },
      { from: "01:30", to: "00:30" },
    ])
      expectAwake(zone, quiet, from, clock);
  });
});

/** The last day serves only as look-ahead. */
function expectAwake(zone: string, quiet: QuietHours, start: number, clock: readonly string[]): void {
  const asleep = clock.map((time) =>
    quiet.from < quiet.to ? quiet.from <= time && time < quiet.to : quiet.from <= time || time < quiet.to,
  );
  const wrong: string[] = [];
  for (let minute = 0, next = 0; minute < 3 * 1_440; minute += 1) {
    next = asleep.indexOf(false, Math.max(next, minute));
    const now = start + minute * MINUTE;
    const told = findTextingTime([zone], quiet, now);
    if (told !== start + next * MINUTE) wrong.push(`${shown(now)} (${clock[minute]}): ${shown(told)}`);
  }
  expect(wrong).toEqual([]);
}

const SETS = [...new Set(loadPrefixes().zones.values())].filter((zones) => zones.length > 0);

const anyTime = fc
  .tuple(fc.nat({ max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));

const anyQuiet: fc.Arbitrary<QuietHours> = fc.oneof(
  fc.constant(NIGHT),
  fc.record({ from: anyTime, to: anyTime }).filter(({ from, to }) => from !== to),
);

/** Zones of one prefix, or of two, and a moment: mostly within a day or two of a clock change. */
const anyCase = fc
  .tuple(fc.constantFrom(...SETS), fc.option(fc.constantFrom(...SETS), { freq: 3, nil: [] }), fc.nat(), fc.nat())
  .map(([one, other, pick, seconds]) => {
    const zones = [...one, ...other];
    const changes = changesOf(zones[pick % zones.length] ?? "");
    const change = changes[pick % Math.max(changes.length, 1)];
    const start = change === undefined || pick % 4 === 0 ? Date.UTC(2026, 0, 1) + (pick % 1_090) * DAY : change - DAY;
    return { zones, now: start + (seconds % (3 * 86_400)) * 1_000 };
  });

describe("in all zones of the table, over the changes of 2026 to 2028", () => {
  it("the result is now, the first moment outside all quiet hours, or else the first with the fewest quiet zones", () => {
    const seen = { now: 0, later: 0, never: 0 };
    fc.assert(
      fc.property(anyCase, anyQuiet, ({ zones, now }, quiet) => {
        const nights = (moment: number) => zones.filter((zone) => isQuietAt(zone, quiet, moment)).length;
        const told = findTextingTime(zones, quiet, now);
        const minutes = minutesUntil(now, now + 3 * DAY);
        if (nights(told) === 0) {
          if (told === now) seen.now += 1;
          else seen.later += 1;
          expect(told === now || nights(told - MINUTE) > 0).toBe(true);
          for (const minute of minutes) if (minute < told) expect(nights(minute)).toBeGreaterThan(0);
        } else {
          seen.never += 1;
          const counts = minutes.map(nights);
          expect(nights(told)).toBe(Math.min(...counts));
          for (const minute of minutes) if (minute < told) expect(nights(minute)).toBeGreaterThan(nights(told));
        }
      }),
      { numRuns: readRunCount("NIGHT_RUNS", { short: 400, full: 1_500 }) },
    );
    expect(Math.min(seen.now, seen.later, seen.never)).toBeGreaterThan(20);
  });

  it("with usual quiet hours, every number has an allowed time each day", () => {
    for (const zones of SETS) {
      const told = findTextingTime(zones, NIGHT, at("2027-01-15T00:00Z"));
      expect(
        zones.filter((zone) => isQuietAt(zone, NIGHT, told)),
        zones.join(" "),
      ).toEqual([]);
      expect(told - at("2027-01-15T00:00Z")).toBeLessThan(DAY);
    }
  });
});

describe("the next quiet period", () => {
  it("begins at the first moment, now or later, that findTextingTime postpones, and ends at its result", () => {
    const seen = { now: 0, later: 0, never: 0 };
    fc.assert(
      fc.property(anyCase, anyQuiet, ({ zones, now }, quiet) => {
        const night = findNextQuietPeriod(zones, quiet, now);
        const closed = minutesUntil(now, now + 2 * DAY).find(
          (minute) => findTextingTime(zones, quiet, minute) > minute,
        );
        if (night === null) {
          seen.never += 1;
          expect(closed).toBeUndefined();
          return;
        }
        if (night.from === now) seen.now += 1;
        else seen.later += 1;
        if (night.from < now + 2 * DAY || closed !== undefined) expect(night.from).toBe(closed);
        expect(night.to).toBe(findTextingTime(zones, quiet, night.from));
        expect(night.to).toBeGreaterThan(night.from);
      }),
      { numRuns: readRunCount("NIGHT_RUNS", { short: 200, full: 700 }) },
    );
    expect(Math.min(seen.now, seen.later)).toBeGreaterThan(20);
  });

  it("is the same for every time before it, and then the following one", () => {
    const ask = (now: string) => {
      const night = findNextQuietPeriod(["America/New_York"], NIGHT, at(now));
      return night === null ? null : [night.from, night.to].map(shown);
    };
    const [first, second] = [
      ["2026-03-03T02:00:00", "2026-03-03T13:00:00"],
      ["2026-03-04T02:00:00", "2026-03-04T13:00:00"],
    ];
    expect(ask("2026-03-02T18:00Z")).toEqual(first);
    expect(ask("2026-03-03T01:59:59.999Z")).toEqual(first);
    expect(ask("2026-03-02T14:00Z")).toEqual(first);
    expect(ask("2026-03-03T02:00Z")).toEqual(first);
    expect(ask("2026-03-03T12:59Z")).toEqual(["2026-03-03T12:59:00", "2026-03-03T13:00:00"]);
    expect(ask("2026-03-03T13:00Z")).toEqual(second);
  });

  it("is absent if some zone is always quiet and no later moment is better", () => {
    expect(
      findNextQuietPeriod(["UTC", "Asia/Tokyo"], { from: "00:00", to: "24:00" }, at("2026-11-20T12:00Z")),
    ).toBeNull();
  });

  it("reads clocks once for each set of zones, not for each phone", () => {
    const start = at("2027-06-20T02:00Z");
    const count = looksWhile(() => {
      for (let phone = 0; phone < 100_000; phone += 1)
        findNextQuietPeriod([phone % 2 === 0 ? "Europe/Vienna" : "Asia/Tokyo"], NIGHT, start + phone);
    });
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(500);
  });
});

/** Now, and every quarter of an hour after it: these quiet hours begin and end with one, and clocks change with one. */
function minutesUntil(now: number, end: number): readonly number[] {
  const minutes: number[] = [now];
  for (let minute = Math.ceil(now / (15 * MINUTE)) * 15 * MINUTE; minute < end; minute += 15 * MINUTE)
    minutes.push(minute);
  return minutes;
}

describe("for 100,000 phones", () => {
  it("reads clocks once for each set of zones, not for each phone", () => {
    const prefixes = ["1212", "1312", "1303", "1213", "1928", "4420", "79", "614", "5511", "8190"];
    const start = at("2027-05-20T02:00Z");
    const count = looksWhile(() => {
      for (let phone = 0; phone < 100_000; phone += 1) {
        const zones = findPhoneZones(`+${prefixes[phone % prefixes.length] ?? ""}${String(phone).padStart(7, "0")}`);
        findTextingTime(zones.length > 0 ? zones : ["Europe/Vienna"], NIGHT, start + phone);
      }
    });
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(2_000);
  });
});

/** @returns how often a clock was read */
function looksWhile(work: () => void): number {
  const clock = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, "format");
  if (clock?.get === undefined) throw new Error("clocks are looked at in another way now");
  let looks = 0;
  const get = function counted(this: Intl.DateTimeFormat): unknown {
    looks += 1;
    return clock.get?.call(this);
  };
  Object.defineProperty(Intl.DateTimeFormat.prototype, "format", { ...clock, get });
  try {
    work();
  } finally {
    Object.defineProperty(Intl.DateTimeFormat.prototype, "format", clock);
  }
  return looks;
}

describe("quietSchema", () => {
  it.each([
    ["all day", { from: "00:00", to: "24:00" }, "is all day, so no contact could ever be texted"],
    ["hours that end as they begin", { from: "21:00", to: "21:00" }, "begins when it ends; all day is 00:00 to 24:00"],
    ["a time that is none", { from: "24:00", to: "08:00" }, "must be a time from 00:00 to 23:59"],
    ["a time without its zero", { from: "21:00", to: "8:00" }, "must be a time from 00:00 to 24:00"],
  ])("refuses %s", (_, value, message) => {
    expect(quietSchema.safeParse(value).error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it("accepts a night, and the hours until midnight", () => {
    expect(quietSchema.parse(NIGHT)).toEqual(NIGHT);
    expect(
      shown(findTextingTime(["UTC"], quietSchema.parse({ from: "22:00", to: "24:00" }), at("2026-11-20T23:00Z"))),
    ).toBe("2026-11-21T00:00:00");
  });

  it("terminates even if a date does not exist", () => {
    const now = at("2026-11-20T12:00Z");
    expect(findTextingTime(["UTC", "Asia/Tokyo"], { from: "00:00", to: "24:00" }, now)).toBe(now);
  });
});
