import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import { VALUE_CHARACTERS } from "../../core/limits/topics.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { toPlainDigits } from "../../core/plain-digits.ts";

export type PhoneAnswer =
  | { readonly ok: true; readonly value: PhoneNumber }
  | { readonly ok: false; readonly problem: "none" | "malformed" };

/** What may stand in a number, so that words around it end it. */
const RUNS = /[+\d().\-/\s\u2010-\u2015]+/gu;

/**
 * Reads a phone number as people of a country write theirs, or as it is written abroad, with + or 00.
 * @param country ISO 3166, as "US": whose national form is understood; null: none
 * @returns E.164. `malformed`: it has digits, but no such number exists there; `none`: no digits, or more than one number
 */
export function parsePhoneAnswer(text: string, country: string | null): PhoneAnswer {
  if (text.length > VALUE_CHARACTERS) return { ok: false, problem: "none" };
  const runs = toPlainDigits(text.normalize("NFKC")).match(RUNS) ?? [];
  const [written, ...others] = runs.filter((run) => /\d/u.test(run));
  if (written === undefined || others.length > 0) return { ok: false, problem: "none" };
  const value = parseValidPhone(written, country) ?? parseValidPhone(written.trim().replace(/^00/u, "+"), null);
  return value === null ? { ok: false, problem: "malformed" } : { ok: true, value };
}

function parseValidPhone(written: string, country: string | null): PhoneNumber | null {
  const known: CountryCode | undefined =
    country !== null && isSupportedCountry(country as CountryCode, metadata) ? (country as CountryCode) : undefined;
  const options = { ...(known === undefined ? {} : { defaultCountry: known }), extract: false };
  const number = parsePhoneNumberFromString(written.trim(), options, metadata);
  return number?.isValid() === true ? number.number : null;
}
