import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import { isShortCode, type PhoneNumber } from "../core/phone.ts";

/** An ISO 3166 code such as "US". */
export type IsoCountry = string;

/**
 * Territories with an ISO code that share the calling code, networks and prices of a country: allowing the country
 * allows them too.
 */
const PARENT_COUNTRIES: Readonly<Record<IsoCountry, IsoCountry>> = {
  AS: "US",
  GU: "US",
  MP: "US",
  PR: "US",
  VI: "US",
  GG: "GB",
  IM: "GB",
  JE: "GB",
  CC: "AU",
  CX: "AU",
  AX: "FI",
  SJ: "NO",
};

/** The country of a short code if the account has no other numbers. */
const SHORT_CODE_COUNTRY = "US";

/**
 * Finds the country of a phone by its calling code and, if several countries share that, by the digits after it. An
 * unassigned number such as +44 7700 900123 belongs to the first country of its calling code.
 * @returns null for short codes and for numbers without a country (+800, +883)
 */
export function findPhoneCountry(phone: PhoneNumber): IsoCountry | null {
  if (isShortCode(phone)) return null;
  const parsed = parsePhoneNumberFromString(phone, { extract: false }, metadata);
  if (parsed?.country !== undefined) return parsed.country;
  const countriesByCode = metadata.country_calling_codes as Readonly<
    Record<string, readonly CountryCode[] | undefined>
  >;
  return countriesByCode[parsed?.countryCallingCode ?? ""]?.[0] ?? null;
}

/**
 * Derives the countries that an account may text by default: those of its numbers. A short code belongs to the country
 * of the account's other numbers, or to the US if there are none.
 */
export function deriveAllowedCountries(numbers: readonly PhoneNumber[]): readonly IsoCountry[] {
  const countries = numbers.map(findPhoneCountry).filter((country) => country !== null);
  return countries.length === 0 ? [SHORT_CODE_COUNTRY] : [...new Set(countries)].toSorted();
}

/**
 * Decides whether a phone may be texted. Short codes are always allowed: they work only within one country, so a short
 * code that texts one of the operator's numbers is in the same country.
 * @param countries the allowed countries; null: all
 */
export function isCountryAllowed(phone: PhoneNumber, countries: readonly IsoCountry[] | null): boolean {
  if (countries === null || isShortCode(phone)) return true;
  const country = findPhoneCountry(phone);
  return country !== null && (countries.includes(country) || countries.includes(PARENT_COUNTRIES[country] ?? country));
}
