import fc from "fast-check";
import { expect, it } from "vitest";
import { formatOpeningTime } from "../../src/hours/opening-texts.ts";
import { NOW, WORDS } from "./words.cases.ts";

it.each(WORDS)("%s, %s: %s", (language, opens, words) => {
  expect(formatOpeningTime(Date.parse(opens), NOW, { zone: "America/New_York", language })).toBe(words);
});

it("counts days in the zone", () => {
  const opens = Date.parse("2026-11-21T00:00Z");
  expect(formatOpeningTime(opens, NOW, { zone: "America/New_York", language: "en" })).toBe("today at 7:00 PM");
  expect(formatOpeningTime(opens, NOW, { zone: "Europe/London", language: "en" })).toBe("tomorrow at 12:00 AM");
});

it("has no characters outside GSM-7, unless the language needs them", () => {
  const language = fc.constantFrom("en", "en-GB", "de", "fr", "es", "pt");
  fc.assert(
    fc.property(language, fc.nat({ max: 40 * 24 * 60 }), (tag, minutes) => {
      const words = formatOpeningTime(NOW + minutes * 60_000, NOW, { zone: "Europe/Paris", language: tag });
      expect(words).toMatch(/^[A-Za-z0-9à-ÿ ,.:'-]+$/u);
    }),
  );
});
