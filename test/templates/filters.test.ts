import { describe, expect, it } from "vitest";
import type { TemplateScope } from "../../src/templates/template.ts";
import { createTemplateRenderer } from "../../src/templates/template.ts";
import { measureSegments } from "../../src/twilio/segments.ts";

const { render } = createTemplateRenderer();

/** 18:30 on 2 March in New York, and already 3 March in Kolkata. */
const NOW = "2026-03-02T23:30:00.000Z";

function said(template: string, { language = "en", zone = "UTC", ...more }: Record<string, unknown> = {}): string {
  const scope: TemplateScope = { now: NOW, zone, conversation: { language }, ...more };
  return render(template, scope);
}

describe("dates", () => {
  it.each([
    ["America/New_York", "2 18:30", "Mar 2, 2026, 6:30 PM"],
    ["UTC", "2 23:30", "Mar 2, 2026, 11:30 PM"],
    ["Asia/Kolkata", "3 05:00", "Mar 3, 2026, 5:00 AM"],
    ["Pacific/Kiritimati", "3 13:30", "Mar 3, 2026, 1:30 PM"],
  ])("moments are told in the conversation's zone: %s", (zone, liquid, local) => {
    expect(said("{{ now | date: '%-d %H:%M' }}", { zone })).toBe(liquid);
    expect(said("{{ 'now' | date: '%-d %H:%M' }}", { zone })).toBe(liquid);
    expect(said("{{ now | local_date: 'medium', 'short' }}", { zone })).toBe(local);
    expect(said("{{ now | date_to_long_string }}", { zone })).toBe(`0${liquid.slice(0, 1)} March 2026`);
    expect(Date.parse(said("{{ now | date_to_xmlschema }}", { zone }))).toBe(Date.parse(NOW));
  });

  it("a time zone in the template comes first", () => {
    expect(said("{{ now | date: '%H:%M', 'Europe/Berlin' }}", { zone: "America/New_York" })).toBe("00:30");
  });

  it.each(["America/Los_Angeles", "UTC", "Pacific/Auckland", "Africa/Casablanca"])(
    "a day is the same day everywhere: %s",
    (zone) => {
      const day = { zone, day: "2027-05-03" };
      expect(said("{{ day | local_date: 'full' }}", day)).toBe("Monday, May 3, 2027");
      expect(said("{{ day | date: '%A %-d' }}", day)).toBe("Monday 3");
      expect(said("{{ day | date_to_string }}", day)).toBe("03 May 2027");
    },
  );

  it("a value that is not a date stays as it is", () => {
    for (const filter of ["local_date", "date: '%d'", "date_to_string"])
      expect(said(`{{ word | ${filter} }}`, { word: "soon" })).toBe("soon");
    expect(said("{{ missing | local_date }}{{ missing | date: '%d' }}")).toBe("");
  });
});

describe("money", () => {
  it.each([
    ["en", "USD", "$1,234.50"],
    ["fr", "EUR", "1 234,50 €"],
    ["de", "EUR", "1.234,50 €"],
    ["pt", "BRL", "R$ 1.234,50"],
  ])("in %s is %s as people write it there, with plain spaces: others would double what the text costs", (...words) => {
    const [language, code, written] = words;
    expect(said(`{{ 1234.5 | currency: "${code}" }}`, { language })).toBe(written);
    expect(measureSegments(written).encoding).toBe("GSM-7");
  });

  it("that is missing is empty, not $0.00", () => {
    for (const price of ["", " ", null, undefined, false, [], {}])
      expect(said('{{ price | currency: "USD" }}', { price })).not.toContain("$");
    expect(said('{{ price | currency: "USD" }}', { price: "0" })).toBe("$0.00");
    expect(said("{{ 5 | currency: code }}")).toBe("5");
  });
});

describe("truncate", () => {
  it.each([
    ["a long street name", 10, "a long ..."],
    ["short", 10, "short"],
    ["ab👨‍👩‍👧cdef", 6, "ab👨‍👩‍👧..."],
    ["नमस्ते दुनिया", 6, "नमस्ते..."],
    ["🇩🇪🇫🇷🇪🇸🇮🇹🇵🇱", 4, "🇩🇪..."],
    ["abc", 2, "..."],
  ])("%s to %i cuts no character in two", (text, most, cut) => {
    expect(said(`{{ text | truncate: ${most} }}`, { text })).toBe(cut);
  });

  it("takes another ending, and 50 characters by default", () => {
    expect(said("{{ text | truncate: 4, '' }}", { text: "abcdef" })).toBe("abcd");
    expect(said("{{ text | truncate }}", { text: "x".repeat(60) })).toBe(`${"x".repeat(47)}...`);
    expect(said("{{ missing | truncate: 4 }}")).toBe("");
  });
});
