import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPhoneZones } from "../../src/hours/phone-zones.ts";
import { findTextingTime, type QuietHours } from "../../src/hours/quiet-hours.ts";

const MINUTE = 60_000;
const NIGHT: QuietHours = { from: "21:00", to: "08:00" };

/** The time on a wall clock, computed independently of the code. */
function shown(zone: string, instant: number): string {
  return new Date(instant).toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
}

function isQuiet(zone: string, { from, to }: QuietHours, instant: number): boolean {
  const time = shown(zone, instant);
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** The place of a phone, from an atlas, and the first moment of its clock change, if any. */
const PLACES: readonly (readonly [place: string, phone: string, zone: string, change: string])[] = [
  ["New York", "+12125550101", "America/New_York", "2026-03-08T07:00Z"],
  ["Chicago", "+13125550101", "America/Chicago", "2026-11-01T07:00Z"],
  ["Denver", "+13035550101", "America/Denver", "2026-03-08T09:00Z"],
  ["Los Angeles", "+12135550101", "America/Los_Angeles", "2026-11-01T09:00Z"],
  ["Phoenix", "+16025550101", "America/Phoenix", "2026-03-08T09:00Z"],
  ["Honolulu", "+18085550101", "Pacific/Honolulu", "2026-03-08T09:00Z"],
  ["Halifax", "+19025550101", "America/Halifax", "2026-11-01T05:00Z"],
  ["San Juan", "+17875550101", "America/Puerto_Rico", "2026-11-01T05:00Z"],
  ["Mexico City", "+525555501010", "America/Mexico_City", "2026-04-05T08:00Z"],
  ["Bogotá", "+576015550101", "America/Bogota", "2026-03-08T07:00Z"],
  ["São Paulo", "+551155550101", "America/Sao_Paulo", "2026-11-01T03:00Z"],
  ["Santiago", "+56225550101", "America/Santiago", "2026-09-06T04:00Z"],
  ["London", "+442079460101", "Europe/London", "2026-03-29T01:00Z"],
  ["Berlin", "+493023125010", "Europe/Berlin", "2026-10-25T01:00Z"],
  ["Athens", "+302105550101", "Europe/Athens", "2026-03-29T01:00Z"],
  ["Moscow", "+74955550101", "Europe/Moscow", "2026-03-29T01:00Z"],
  ["Cairo", "+20225550101", "Africa/Cairo", "2026-04-24T00:00Z"],
  ["Lagos", "+23415550101", "Africa/Lagos", "2026-03-29T01:00Z"],
  ["Nairobi", "+254205550101", "Africa/Nairobi", "2026-10-25T01:00Z"],
  ["Jerusalem", "+97225550101", "Asia/Jerusalem", "2026-03-27T00:00Z"],
  ["Tehran", "+982155550101", "Asia/Tehran", "2026-03-21T20:30Z"],
  ["Mumbai", "+912255550101", "Asia/Kolkata", "2026-03-29T01:00Z"],
  ["Kathmandu", "+97715550101", "Asia/Kathmandu", "2026-03-29T01:00Z"],
  ["Shanghai", "+862155550101", "Asia/Shanghai", "2026-03-29T01:00Z"],
  ["Tokyo", "+81355550101", "Asia/Tokyo", "2026-03-29T01:00Z"],
  ["Sydney", "+61255501010", "Australia/Sydney", "2026-10-03T16:00Z"],
  ["Adelaide", "+61885550101", "Australia/Adelaide", "2026-04-04T16:30Z"],
  ["Auckland", "+6495550101", "Pacific/Auckland", "2026-09-26T14:00Z"],
  ["Apia", "+68525550", "Pacific/Apia", "2026-03-29T01:00Z"],
];

describe("a contact in another zone", () => {
  it.each(PLACES)(
    "is not texted in the night of %s, on the days on which the clocks change",
    (_, phone, zone, change) => {
      const zones = findPhoneZones(phone);
      const noon = Date.parse(change);
      for (let instant = noon - 2 * 1_440 * MINUTE; instant < noon + 2 * 1_440 * MINUTE; instant += 15 * MINUTE) {
        const opens = findTextingTime(zones, NIGHT, instant);
        expect(isQuiet(zone, NIGHT, opens)).toBe(false);
        if (zones.length === 1) expect(opens === instant).toBe(!isQuiet(zone, NIGHT, instant));
        else expect(opens).toBeGreaterThanOrEqual(instant);
      }
    },
  );

  it("is in one of the zones of the number", () => {
    for (const [place, phone, zone] of PLACES) {
      const same = findPhoneZones(phone).some((each) =>
        [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)].every(
          (instant) => shown(each, instant) === shown(zone, instant),
        ),
      );
      expect([place, same]).toEqual([place, true]);
    }
  });
});

describe("the zones of a phone", () => {
  it.each([
    ["a mobile in Australia", "+61491570006", ["Australia/Perth", "Australia/Sydney"]],
    ["a mobile in Russia", "+79165550101", ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Anadyr"]],
    ["Idaho", "+12085550101", ["America/Boise", "America/Los_Angeles"]],
    ["Alaska and its islands", "+19075550101", ["America/Anchorage", "America/Adak"]],
  ])("are all of %s", (_, phone, zones) => {
    expect(findPhoneZones(phone)).toEqual(expect.arrayContaining(zones));
  });

  it.each(["+15005550006", "+18885550101", "12345", "+88213555010"])("are unknown of %s", (phone) => {
    expect(findPhoneZones(phone)).toEqual([]);
  });
});

const ZONES = [
  "America/New_York",
  "Europe/London",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
  "Asia/Tehran",
  "Pacific/Kiritimati",
];
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
const quiet = fc
  .tuple(time, time)
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => ({ from, to }));
const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 31) });

describe("the first moment outside of quiet hours", () => {
  it("is outside of them, and no earlier moment is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), quiet, instant, (zone, hours, now) => {
        const opens = findTextingTime([zone], hours, now);
        expect(isQuiet(zone, hours, opens)).toBe(false);
        if (opens > now) expect(isQuiet(zone, hours, opens - MINUTE) && isQuiet(zone, hours, now)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("is outside the quiet hours of all zones at once", () => {
    const some = fc.uniqueArray(
      fc.constantFrom("America/New_York", "America/Denver", "America/Los_Angeles", "Pacific/Honolulu"),
      { minLength: 2 },
    );
    fc.assert(
      fc.property(some, instant, (zones, now) => {
        const opens = findTextingTime(zones, NIGHT, now);
        for (const zone of zones) expect(isQuiet(zone, NIGHT, opens)).toBe(false);
        if (opens > now) expect(zones.some((zone) => isQuiet(zone, NIGHT, opens - MINUTE))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
