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
      "must be an ISO 3166 country code such as US",
    ),
  );

export const countriesSchema = z
  .array(country)
  .check(
    z.minLength(1),
    z.maxLength(300),
    z.describe(
      'The countries that Parley may text, for example ["US", "CA"]; texts from other countries are stored but not answered. Absent: the countries of the account\'s numbers',
    ),
  );

const amount = z.number().check(z.gte(0), z.lte(1_000_000_000));

export const pricesSchema = z
  .strictObject({
    currency: z.string().check(z.regex(/^[A-Z]{3}$/u, "must be an ISO 4217 currency code such as USD")),
    segment: amount.check(z.describe("The price of one segment to countries not listed in `countries`")),
    countries: z._default(z.record(country, amount).check(z.describe("The price of one segment by country")), {}),
    media: z.optional(
      amount.check(z.describe("The price of a message with pictures. Absent: the price of one segment")),
    ),
  })
  .check(
    z.describe("The prices that you pay for messages, including carrier fees; caps in money are counted with them"),
  );

const capFields = {
  segmentsPerDay: z.optional(
    z.int().check(z.gte(0), z.describe("The maximum number of segments a day; a message with pictures counts as one")),
  ),
  moneyPerDay: z.optional(
    amount.check(z.describe("The maximum cost a day, in the currency of the account's `prices`")),
  ),
};

export const capsSchema = z
  .strictObject(capFields)
  .check(z.describe("The maximum to send from midnight to midnight UTC. Absent: no cap"));

const perPeriod = z.int().check(z.gte(1), z.lte(ANSWERS_PER_PERIOD_MAXIMUM));

export const rateLimitSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      perMinute: z._default(perPeriod, ANSWERS_PER_MINUTE_DEFAULT),
      perHour: z._default(perPeriod, ANSWERS_PER_HOUR_DEFAULT),
    }),
  ])
  .check(z.describe("The number of a contact's texts that are answered; false: all of them"));

export type CapSettings = z.infer<typeof capsSchema>;
export type RateLimit = Exclude<z.infer<typeof rateLimitSchema>, false>;

/** The rate limit of numbers that set none. */
export const DEFAULT_RATE_LIMIT: RateLimit = {
  perMinute: ANSWERS_PER_MINUTE_DEFAULT,
  perHour: ANSWERS_PER_HOUR_DEFAULT,
};
