import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isShortCode, parsePhone } from "../../src/core/phone.ts";

describe("parsePhone", () => {
  it.each([
    ["14255550149", "+14255550149"],
    ["+14255550149", "+14255550149"],
    [" +1 (425) 555-0149 ", "+14255550149"],
    ["+44 20 7946 0123", "+442079460123"],
    ["12345", "12345"],
    ["123456", "123456"],
  ])("reads %j as %s", (written, number) => {
    expect(parsePhone(written)).toBe(number);
  });

  it.each([
    "",
    "+",
    "1234",
    "+123456",
    "012345678",
    "+012345678",
    "+1425555014912345",
    "whatsapp:+14255550149",
    "PARLEY",
    "++14255550149",
    "1425230654９",
  ])("refuses %j", (written) => {
    expect(parsePhone(written)).toBeNull();
  });

  it("does not change a number that it has parsed", () => {
    fc.assert(
      fc.property(fc.string(), (written) => {
        const number = parsePhone(written);
        if (number !== null) expect(parsePhone(number)).toBe(number);
      }),
    );
  });

  it("parses every number with or without its plus to the same value", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{6,14}$/u), (digits) => {
        expect(parsePhone(digits)).toBe(`+${digits}`);
        expect(parsePhone(`+${digits}`)).toBe(`+${digits}`);
        expect(isShortCode(`+${digits}`)).toBe(false);
      }),
    );
  });
});
