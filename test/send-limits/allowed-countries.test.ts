import { describe, expect, it } from "vitest";
import { deriveAllowedCountries, findPhoneCountry, isCountryAllowed } from "../../src/send-limits/allowed-countries.ts";
import { calculateMessagePrice } from "../../src/send-limits/message-prices.ts";

describe("the country of a phone", () => {
  it.each([
    ["+14255550100", "US"],
    ["+14255550199", "US"],
    ["+15005550006", "US"],
    ["+18885550100", "US"],
    ["+16045550100", "CA"],
    ["+17875550100", "PR"],
    ["+12425550100", "BS"],
    ["+15555550100", "US"],
    ["+447700900123", "GB"],
    ["+493023125000", "DE"],
    ["+80012345678", null],
    ["+8835100123456", null],
    ["+999123456", null],
    ["12345", null],
    ["123456", null],
  ])("%s is in %s", (phone, country) => {
    expect(findPhoneCountry(phone)).toBe(country);
  });
});

describe("the countries of an account", () => {
  it("are those of its numbers", () => {
    expect(deriveAllowedCountries(["+14255550100", "+447700900123", "+12065550100"])).toEqual(["GB", "US"]);
  });

  it("with short codes are those of its other numbers, or else the US", () => {
    expect(deriveAllowedCountries(["12345", "+447700900123"])).toEqual(["GB"]);
    expect(deriveAllowedCountries(["12345"])).toEqual(["US"]);
  });

  it("include their territories, and nothing else", () => {
    expect(isCountryAllowed("+17875550100", ["US"])).toBe(true);
    expect(isCountryAllowed("+14255550100", ["PR"])).toBe(false);
    expect(isCountryAllowed("+16045550100", ["US"])).toBe(false);
    expect(isCountryAllowed("+8835100123456", ["US"])).toBe(false);
    expect(isCountryAllowed("12345", ["DE"])).toBe(true);
  });
});

describe("the price of a message", () => {
  const prices = { currency: "USD", segment: 0.1, countries: { US: 0.0079, CA: 0.0075 }, media: 0.02 };

  it.each([
    ["+14255550100", 3, false, 23_700],
    ["+16045550100", 1, false, 7_500],
    ["+447700900123", 2, false, 200_000],
    ["12345", 1, false, 100_000],
    ["+14255550100", 3, true, 20_000],
  ])("to %s of %i segments (pictures: %s) is %i millionths", (phone, segments, hasMedia, price) => {
    expect(calculateMessagePrice(prices, phone, segments, hasMedia)).toBe(price);
  });

  it("with pictures is that of a segment by default", () => {
    expect(calculateMessagePrice({ ...prices, media: undefined }, "+14255550100", 3, true)).toBe(7_900);
  });

  it("is unknown if the account has no prices", () => {
    expect(calculateMessagePrice(null, "+14255550100", 1)).toBeNull();
  });
});
