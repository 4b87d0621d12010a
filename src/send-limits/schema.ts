import { type CountryCode, isSupportedCountry } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import * as z from "zod/mini";
import {
  ANSWERS_PER_HOUR_DEFAULT,
  ANSWERS_PER_MINUTE_DEFAULT,
  ANSWERS_PER_PERIOD_MAXIMUM,
} from "../core/limits/send-limits.ts";

/** What operators say of the brakes on their accounts and numbers. */

const country = z
  .string()
  .check(z.refine((code) => isSupportedCountry(code as CountryCode, metadata), "must be a country of ISO 3166, as US"));

export const countriesSchema = z
  .array(country)
  .check(
    z.minLength(1),
    z.maxLength(300),
    z.describe(
      'Where Parley may text, as ["US", "CA"]; texts from elsewhere are kept and not answered. Left out: the countries of the account\'s numbers',
    ),
  );

const amount = z.number().check(z.gte(0), z.lte(1_000_000_000));

export const pricesSchema = z
  .strictObject({
    currency: z.string().check(z.regex(/^[A-Z]{3}$/u, "must be a currency of ISO 4217, as USD")),
    segment: amount.check(z.describe("Of one segment, to countries that are not named")),
    countries: z._default(z.record(country, amount).check(z.describe("Of one segment, by country")), {}),
    media: z.optional(amount.check(z.describe("Of a message with pictures; left out: as one segment"))),
  })
  .check(z.describe("What you pay for messages, carriers' fees included: what a cap in money counts with"));

const capFields = {
  segmentsPerDay: z.optional(z.int().check(z.gte(0), z.describe("A message with pictures is one"))),
  moneyPerDay: z.optional(amount.check(z.describe("In the currency of the account's `prices`"))),
};

export const capsSchema = z
  .strictObject(capFields)
  .check(z.describe("What is sent at most from midnight to midnight, UTC; left out: as much as there is to send"));

const perPeriod = z.int().check(z.gte(1), z.lte(ANSWERS_PER_PERIOD_MAXIMUM));

export const rateLimitSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      perMinute: z._default(perPeriod, ANSWERS_PER_MINUTE_DEFAULT),
      perHour: z._default(perPeriod, ANSWERS_PER_HOUR_DEFAULT),
    }),
  ])
  .check(z.describe("How many texts of one person are answered; false: all of them"));

export type CapSettings = z.infer<typeof capsSchema>;
export type RateLimit = Exclude<z.infer<typeof rateLimitSchema>, false>;

/** Where a number says nothing. */
export const DEFAULT_RATE_LIMIT: RateLimit = {
  perMinute: ANSWERS_PER_MINUTE_DEFAULT,
  perHour: ANSWERS_PER_HOUR_DEFAULT,
};
