import { describe, expect, it } from "vitest";
import { parseDateAnswer } from "../../../src/topics/values/date.ts";
import { parseNumberAnswer } from "../../../src/topics/values/number.ts";
import { parsePhoneAnswer } from "../../../src/topics/values/phone.ts";

/** Names, orders and separators come from the runtime's Intl, so the results in Node must hold here too. */
describe("in workerd", () => {
  it("runs there", () => {
    expect(navigator.userAgent).toBe("Cloudflare-Workers");
  });

  const days = Array.from({ length: 60 }, (_, index) => new Date(Date.UTC(2020, 0, 1 + index * 53)));
  const rules = { zone: "UTC", now: Date.parse("2026-11-18T17:00Z") };

  describe.each(["en-US", "en-GB", "es", "fr", "de", "pt", "hi"])("%s", (language) => {
    it.each(["full", "long", "medium", "short"] as const)("reads its %s dates back", (dateStyle) => {
      const format = new Intl.DateTimeFormat(language, { dateStyle, timeZone: "UTC" });
      for (const day of days)
        expect(parseDateAnswer(format.format(day), { ...rules, language })).toEqual({
          ok: true,
          value: day.toISOString().slice(0, 10),
        });
    });

    it("reads tomorrow and in five days", () => {
      const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
      const future = { ...rules, language, earliest: "2026-11-18" };
      expect(parseDateAnswer(words.format(1, "day"), future)).toEqual({ ok: true, value: "2026-11-19" });
      expect(parseDateAnswer(words.format(5, "day"), future)).toEqual({ ok: true, value: "2026-11-23" });
    });
  });

  it.each(["en", "fr", "de", "pt", "hi", "es-MX", "es-ES"])("%s: reads its numbers back", (language) => {
    for (const value of [0, -7, 1.5, 1_234, 98_765.25, 12_345_678])
      expect(parseNumberAnswer(new Intl.NumberFormat(language).format(value), { language })).toEqual({
        ok: true,
        value,
      });
  });

  it("knows the countries' phone numbers", () => {
    expect(parsePhoneAnswer("(202) 555-0140", "US")).toEqual({ ok: true, value: "+12025550140" });
    expect(parsePhoneAnswer("020 7946 0123", "GB")).toEqual({ ok: true, value: "+442079460123" });
  });
});
