import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import { isShortCode, type PhoneNumber } from "../core/phone.ts";

/** ISO 3166, as "US". */
export type IsoCountry = string;

/** Parts of a country that have codes of their own, and share its calling code, its networks and its prices: who allows the country allows them. */
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

/** Where nothing tells whose a short code is. */
const SHORT_CODE_COUNTRY = "US";

/**
 * The country of a phone, by its calling code and, where several countries share that, by what follows. A number that is given to nobody (+44 7700 900123)
 * counts to the first country of its calling code.
 * @returns null for short codes, and for numbers of no country (+800, +883)
 */
export function findPhoneCountry(phone: PhoneNumber): IsoCountry | null {
  if (isShortCode(phone)) return null;
  const parsed = parsePhoneNumberFromString(phone, { extract: false }, metadata);
  if (parsed?.country !== undefined) return parsed.country;
  const sharing = metadata.country_calling_codes as Readonly<Record<string, readonly CountryCode[] | undefined>>;
  return sharing[parsed?.countryCallingCode ?? ""]?.[0] ?? null;
}

/**
 * The countries to which an account may text where it says nothing of it: those of its numbers. A short code is where the account's other numbers are,
 * and in the US where there are none.
 */
export function deriveAllowedCountries(numbers: readonly PhoneNumber[]): readonly IsoCountry[] {
  const own = numbers.map(findPhoneCountry).filter((country) => country !== null);
  return own.length === 0 ? [SHORT_CODE_COUNTRY] : [...new Set(own)].toSorted();
}

/**
 * May a phone be texted? Short codes work within their own country only, so that one which has texted us is in ours.
 * @param countries null: all
 */
export function isCountryAllowed(phone: PhoneNumber, countries: readonly IsoCountry[] | null): boolean {
  if (countries === null || isShortCode(phone)) return true;
  const country = findPhoneCountry(phone);
  return country !== null && (countries.includes(country) || countries.includes(PARENT_COUNTRIES[country] ?? country));
}
