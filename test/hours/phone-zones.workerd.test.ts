import { describe, expect, it } from "vitest";
import { findPhoneZones, loadPrefixes } from "../../src/hours/phone-zones.ts";
import { findTextingTime } from "../../src/hours/quiet-hours.ts";
import { isTimeZone } from "../../src/hours/time-zone.ts";

const NIGHT = { from: "21:00", to: "08:00" };

describe("in workerd", () => {
  it("runs there", () => {
    expect(navigator.userAgent).toBe("Cloudflare-Workers");
  });

  it("knows every zone of the tables", () => {
    const names = new Set([...loadPrefixes().zones.values()].flat());
    expect([...names].filter((name) => !isTimeZone(name))).toEqual([]);
  });

  it("has the same clock changes as Node", () => {
    const opens = (phone: string, now: string) =>
      new Date(findTextingTime(findPhoneZones(phone), NIGHT, Date.parse(now))).toISOString();
    expect(opens("+12125550123", "2027-03-14T04:00:00Z")).toBe("2027-03-14T12:00:00.000Z");
    expect(opens("+12125550123", "2027-11-07T04:00:00Z")).toBe("2027-11-07T13:00:00.000Z");
    expect(opens("+97714123456", "2027-11-07T00:00:00Z")).toBe("2027-11-07T02:15:00.000Z");
  });
});
