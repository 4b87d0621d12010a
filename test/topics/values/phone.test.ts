import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePhone } from "../../../src/core/phone.ts";
import { parsePhoneAnswer } from "../../../src/topics/values/phone.ts";

/** Numbers of the ranges that regulators reserve for fiction, such as 555-01xx in North America. */
describe("readPhone", () => {
  it.each([
    ["(202) 555-0140", "US", "+12025550140"],
    ["202-555-0140", "US", "+12025550140"],
    ["202.555.0140", "US", "+12025550140"],
    ["2025550140", "US", "+12025550140"],
    ["2025550140", "CA", "+12025550140"],
    ["1 202 555 0140", "US", "+12025550140"],
    ["+1 202 555 0140", "US", "+12025550140"],
    ["+1 202 555 0140", null, "+12025550140"],
    ["tel:+1-202-555-0140", null, "+12025550140"],
    ["202‑555–0140", "US", "+12025550140"],
    ["२०२ ५५५ ०१४०", "US", "+12025550140"],
    ["+१ २०२ ५५५ ०१४०", "IN", "+12025550140"],
    ["＋１２０２５５５０１４０", null, "+12025550140"],
    ["my number is 202 555 0140.", "US", "+12025550140"],
    ["020 7946 0123", "GB", "+442079460123"],
    ["(020) 7946 0123", "GB", "+442079460123"],
    ["44 20 7946 0123", "GB", "+442079460123"],
    ["+44 (0)20 7946 0123", "US", "+442079460123"],
    ["0044 20 7946 0123", "DE", "+442079460123"],
    ["0044 20 7946 0123", "US", "+442079460123"],
    ["0044 20 7946 0123", null, "+442079460123"],
    ["011 44 20 7946 0123", "US", "+442079460123"],
    ["030 23125 012", "DE", "+493023125012"],
    ["030/23125012", "DE", "+493023125012"],
    ["01 99 00 12 34", "FR", "+33199001234"],
    ["+33 (0)1 99 00 12 34", "FR", "+33199001234"],
    ["(02) 5550 0123", "AU", "+61255500123"],
  ])("%j in %s is %s", (text, country, value) => {
    expect(parsePhoneAnswer(text, country)).toEqual({ ok: true, value });
  });

  it.each(["", "none", "202 555 0140 or 202 555 0141", "202 555 0140 ext 5", "call me", "+".repeat(500)])(
    "%j is none",
    (text) => {
      expect(parsePhoneAnswer(text, "US")).toEqual({ ok: false, problem: "none" });
    },
  );

  it.each([
    ["123", "US"],
    ["911", "US"],
    ["555-0140", "US"],
    ["1-800-FLOWERS", "US"],
    ["2025550140", null],
    ["2025550140", "XX"],
    ["+0 202 555 0140", "US"],
    ["+1 202 555 0140 0141", "US"],
    ["020 7946 0123", "US"],
  ])("%j in %s is malformed", (text, country) => {
    expect(parsePhoneAnswer(text, country)).toEqual({ ok: false, problem: "malformed" });
  });

  it("reads its own value back, however spaced, and as the rest of Parley does", () => {
    const last = fc.integer({ min: 100, max: 199 });
    const separator = fc.constantFrom("", " ", "-", ".", " - ");
    fc.assert(
      fc.property(fc.constantFrom("202", "415", "212"), last, separator, (area, line, between) => {
        const value = `+1${area}5550${line}`;
        for (const written of [[area, "555", `0${line}`], ["+1", area, "555", `0${line}`], [value]])
          expect(parsePhoneAnswer(written.join(between), "US")).toEqual({ ok: true, value });
        expect(parsePhone(value)).toBe(value);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.constantFrom("US", "DE", null), (text, country) => {
        const answer = parsePhoneAnswer(text, country);
        if (answer.ok) expect(parsePhoneAnswer(answer.value, null)).toEqual(answer);
      }),
    );
  });
});
