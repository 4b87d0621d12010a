import { type CountryCode, isSupportedCountry } from "libphonenumber-js/core";
import metadata from "libphonenumber-js/metadata.min.json";
import * as z from "zod/mini";
import {
  ANSWERS_PER_HOUR_DEFAULT,
  ANSWERS_PER_MINUTE_DEFAULT,
  ANSWERS_PER_PERIOD_MAXIMUM,
} from "../core/limits/send-limits.ts";

const country = z
  .string()
  .check(
    z.refine(
      (code) => isSupportedCountry(code as CountryCode, metadata),
      "must be a country code of ISO 3166 such as US",
    ),
  );

export const countriesSchema = z
  .array(country)
  .check(
    z.minLength(1),
    z.maxLength(300),
    z.describe(
      'Countries that Parley may text, for example ["US", "CA"]; texts from other countries are stored but not answered. Default: the countries of the account\'s numbers',
    ),
  );

const amount = z.number().check(z.gte(0), z.lte(1_000_000_000));

export const pricesSchema = z
  .strictObject({
    currency: z.string().check(z.regex(/^[A-Z]{3}$/u, "must be a currency code of ISO 4217 such as USD")),
    segment: amount.check(z.describe("Price of one segment to countries that `countries` does not name")),
    countries: z._default(
      z.record(country, amount).check(z.describe("Price of one segment, by country. Default: none")),
      {},
    ),
    media: z.optional(amount.check(z.describe("Price of one MMS. Default: the price of one segment"))),
  })
  .check(z.describe("What you pay for messages, carrier fees included; used for caps in money and estimates"));

const capFields = {
  segmentsPerDay: z.optional(
    z
      .int()
      .check(
        z.gte(0),
        z.describe("Maximum number of segments a day; an MMS counts as one segment. Default: no maximum"),
      ),
  ),
  moneyPerDay: z.optional(
    amount.check(z.describe("Maximum amount a day, in the currency of the account's `prices`. Default: no maximum")),
  ),
};

export const capsSchema = z
  .strictObject(capFields)
  .check(z.describe("Maximums a day, from midnight to midnight UTC. Default: none"));

const perPeriod = z.int().check(z.gte(1), z.lte(ANSWERS_PER_PERIOD_MAXIMUM));

export const rateLimitSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      perMinute: z._default(perPeriod, ANSWERS_PER_MINUTE_DEFAULT),
      perHour: z._default(perPeriod, ANSWERS_PER_HOUR_DEFAULT),
    }),
  ])
  .check(
    z.describe(
      "Maximum number of one contact's texts that are answered; false: no maximum. Default: 30 a minute and 200 an hour",
    ),
  );

export type CapSettings = z.infer<typeof capsSchema>;
export type RateLimit = Exclude<z.infer<typeof rateLimitSchema>, false>;

/** The rate limit of numbers that set none. */
export const DEFAULT_RATE_LIMIT: RateLimit = {
  perMinute: ANSWERS_PER_MINUTE_DEFAULT,
  perHour: ANSWERS_PER_HOUR_DEFAULT,
};
