import * as z from "zod/mini";
import { numberSchema } from "../../configuration/schemas.ts";
import { named } from "../../schema/named.ts";
import { HELD_BACK_KINDS } from "../../send-limits/number-limits.ts";
import { capsSchema } from "../../send-limits/schema.ts";
import { times } from "../http/schema.ts";

export const numberBody = named("NumberBody", numberSchema);

export const NUMBER_EXAMPLE = {
  account: "AC0123456789abcdef0123456789abcdef",
  application: "pizza",
  type: "long-code",
  description: "Orders",
};

export const numberResource = named(
  "Number",
  z.extend(numberSchema, {
    number: z.string(),
    caps: z.nullable(capsSchema),
    webhooks: z
      .strictObject({ requestUrl: z.url(), fallbackUrl: z.url() })
      .check(z.describe("URLs to paste into Twilio. Replace PASSWORD, if they have one, by the webhook password")),
    ...times,
  }),
);

export const heldBackResource = named(
  "HeldBack",
  z.strictObject({
    today: z
      .nullable(
        z.strictObject({
          segments: z.nullable(z.int()).check(z.describe("Segments left; null: no such cap")),
          money: z
            .nullable(z.number())
            .check(z.describe("Money left, in the currency of the account's prices; null: no such cap")),
          until: z.iso.datetime().check(z.describe("The end of the day, midnight UTC")),
        }),
      )
      .check(z.describe("What may still be sent today; null: there are no daily caps")),
    items: z
      .array(
        z.strictObject({
          day: z.iso.date().check(z.describe("The day, UTC")),
          kind: z
            .enum(HELD_BACK_KINDS)
            .check(
              z.describe(
                "`rate`: texts over the rate limit; `loop`: texts that look automated; `country`: texts from countries that the account does not text; `cap`: answers over a daily cap",
              ),
            ),
          count: z.int().check(z.describe("Number of texts")),
          senders: z.int().check(z.describe("Number of contacts")),
          lastAt: z.iso.datetime(),
          latest: z
            .array(z.strictObject({ sender: z.string(), count: z.int(), lastAt: z.iso.datetime() }))
            .check(z.describe("The most recent contacts; their transcripts have the details")),
        }),
      )
      .check(z.describe("The last 90 days, newest first; a few seconds behind")),
    next: z.null(),
  }),
);
