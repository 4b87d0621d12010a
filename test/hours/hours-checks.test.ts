import { describe, expect, it } from "vitest";
import { checkHours } from "../../src/hours/hours-checks.ts";
import { hoursSchema } from "../../src/hours/schema.ts";

const span = (from: string, to: string) => ({ from, to });

describe("hoursSchema", () => {
  const whole = {
    zone: "America/New_York",
    week: { monday: [span("09:00", "12:00"), span("22:00", "06:00")], friday: [span("00:00", "24:00")] },
    holidays: [{ date: "2026-12-25", name: "Christmas Day" }],
  };

  it("accepts a week with closed days and holidays without hours", () => {
    const { week, holidays } = hoursSchema.parse(whole);
    expect(week.sunday).toEqual([]);
    expect(holidays[0]?.hours).toEqual([]);
  });

  it.each([
    ["an unknown zone", { ...whole, zone: "America/Gotham" }, "zone"],
    ["an offset for a zone", { ...whole, zone: "+05:30" }, "zone"],
    ["an empty zone", { ...whole, zone: "" }, "zone"],
    ["an hour that is none", { ...whole, week: { monday: [span("25:00", "06:00")] } }, "week/monday/0/from"],
    ["24:00 as a beginning", { ...whole, week: { monday: [span("24:00", "06:00")] } }, "week/monday/0/from"],
    ["a minute that is none", { ...whole, week: { monday: [span("09:00", "12:60")] } }, "week/monday/0/to"],
    ["an hour of one digit", { ...whole, week: { monday: [span("9:00", "12:00")] } }, "week/monday/0/from"],
    ["a span without length", { ...whole, week: { monday: [span("09:00", "09:00")] } }, "week/monday/0"],
    ["a weekday that is none", { ...whole, week: { someday: [] } }, "week"],
    ["30 February", { ...whole, holidays: [{ date: "2028-02-30", name: "x" }] }, "holidays/0/date"],
    ["29 February of a common year", { ...whole, holidays: [{ date: "2027-02-29", name: "x" }] }, "holidays/0/date"],
    ["month 13", { ...whole, holidays: [{ date: "13-01", name: "x" }] }, "holidays/0/date"],
    ["a date with a time", { ...whole, holidays: [{ date: "2027-02-28T00:00", name: "x" }] }, "holidays/0/date"],
    ["a holiday without a name", { ...whole, holidays: [{ date: "02-28", name: "" }] }, "holidays/0/name"],
    ["an unknown field", { ...whole, colour: "blue" }, ""],
  ])("refuses %s", (_, document, pointer) => {
    const { error } = hoursSchema.safeParse(document);
    expect(error?.issues.map(({ path }) => path.join("/"))).toEqual([pointer]);
  });
});

describe("checkHours", () => {
  const pointersOf = (week: object, holidays: readonly object[] = []) =>
    checkHours(hoursSchema.parse({ zone: "UTC", week, holidays })).map(({ pointer }) => pointer);

  it("accepts adjacent spans", () => {
    const week = {
      monday: [span("12:00", "24:00"), span("09:00", "12:00")],
      tuesday: [span("00:00", "09:00"), span("22:00", "06:00")],
      wednesday: [span("06:00", "12:00")],
    };
    const holidays = [
      { date: "12-25", name: "a", hours: [span("09:00", "12:00")] },
      { date: "2026-12-25", name: "b" },
    ];
    expect(pointersOf(week, holidays)).toEqual([]);
  });

  it.each([
    ["two spans of a day", { monday: [span("09:00", "12:00"), span("11:59", "13:00")] }, ["/week/monday/1"]],
    ["a span within another", { monday: [span("09:00", "17:00"), span("12:00", "13:00")] }, ["/week/monday/1"]],
    ["two nights of a day", { monday: [span("22:00", "06:00"), span("23:00", "01:00")] }, ["/week/monday/1"]],
    [
      "a night into the next day",
      { monday: [span("22:00", "06:00")], tuesday: [span("05:00", "12:00")] },
      ["/week/tuesday/0"],
    ],
    [
      "Sunday's night into Monday",
      { monday: [span("00:00", "24:00")], sunday: [span("22:00", "00:01")] },
      ["/week/monday/0"],
    ],
  ])("finds %s", (_, week, pointers) => {
    expect(pointersOf(week)).toEqual(pointers);
  });

  it("names both overlapping spans", () => {
    const hours = hoursSchema.parse({
      zone: "UTC",
      week: { monday: [span("22:00", "06:00")], tuesday: [span("05:00", "12:00")] },
    });
    expect(checkHours(hours)[0]?.detail).toBe("05:00 to 12:00 overlaps with 22:00 to 06:00 of monday.");
  });

  it("finds overlapping hours of a holiday, and duplicate holidays", () => {
    const holidays = [
      { date: "12-25", name: "a", hours: [span("09:00", "12:00"), span("10:00", "11:00")] },
      { date: "12-25", name: "b" },
    ];
    expect(pointersOf({}, holidays)).toEqual(["/holidays/0/hours/1", "/holidays/1/date"]);
  });
});
