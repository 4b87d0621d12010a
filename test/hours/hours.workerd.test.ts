import { describe, expect, it } from "vitest";
import { findOpeningStatus } from "../../src/hours/opening-status.ts";
import { formatOpeningTime } from "../../src/hours/opening-texts.ts";
import { hoursSchema } from "../../src/hours/schema.ts";
import { NOW, WORDS } from "./words.cases.ts";

describe("in workerd", () => {
  it("runs there", () => {
    expect(navigator.userAgent).toBe("Cloudflare-Workers");
  });

  it.each(WORDS)("%s, %s: %s", (language, opens, words) => {
    expect(formatOpeningTime(Date.parse(opens), NOW, { zone: "America/New_York", language })).toBe(words);
  });

  it("has the same zones and clock changes as Node", () => {
    const hours = hoursSchema.parse({
      zone: "Australia/Lord_Howe",
      week: { sunday: [{ from: "02:10", to: "03:00" }] },
    });
    expect(hoursSchema.safeParse({ ...hours, zone: "Australia/Gotham" }).success).toBe(false);
    // At 02:00 the clocks there move to 02:30.
    expect(findOpeningStatus(hours, Date.parse("2026-10-03T15:00Z"))).toMatchObject({
      opens: Date.parse("2026-10-03T15:30Z"),
    });
  });
});
