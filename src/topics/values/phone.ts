import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { toPlainDigits } from "../../core/plain-digits.ts";

export type PhoneAnswer =
  | { readonly ok: true; readonly value: PhoneNumber }
  | { readonly ok: false; readonly problem: "none" | "malformed" };

/** Runs of characters that a number can contain; words end it. */
const RUNS = /[+\d().\-/\s\u2010-\u2015]+/gu;

/**
 * Parses a phone number in the national format of a country or in international format, with + or 00.
 * @param country an ISO 3166 code such as "US"; null to accept only the international format
 * @returns E.164; `malformed` if there are digits but no such number exists; `none` for no digits or several numbers
 */
export function parsePhoneAnswer(text: string, country: string | null): PhoneAnswer {
  if (text.length > VALUE_CHARACTERS) return { ok: false, problem: "none" };
  const runs = toPlainDigits(text.normalize("NFKC")).match(RUNS) ?? [];
  const [run, ...others] = runs.filter((each) => /\d/u.test(each));
  if (run === undefined || others.length > 0) return { ok: false, problem: "none" };
  const value = parseValidPhone(run, country) ?? parseValidPhone(run.trim().replace(/^00/u, "+"), null);
  return value === null ? { ok: false, problem: "malformed" } : { ok: true, value };
}

function parseValidPhone(text: string, country: string | null): PhoneNumber | null {
  const defaultCountry: CountryCode | undefined =
    country !== null && isSupportedCountry(country as CountryCode, metadata) ? (country as CountryCode) : undefined;
  const options = { ...(defaultCountry === undefined ? {} : { defaultCountry }), extract: false };
  const number = parsePhoneNumberFromString(text.trim(), options, metadata);
  return number?.isValid() === true ? number.number : null;
}
