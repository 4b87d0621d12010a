import * as z from "zod/mini";
import { accountSchema } from "../../configuration/schemas.ts";
import { accountSid } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { capsSchema, countriesSchema, pricesSchema } from "../../send-limits/schema.ts";
import { times } from "../http/schema.ts";

export const accountBody = named("AccountBody", accountSchema);

export const ACCOUNT_EXAMPLE = { name: "Main account", authToken: "0123456789abcdef0123456789abcdef" };

export const accountResource = named(
  "Account",
  z.extend(z.pick(accountSchema, { name: true, baseUrl: true }), {
    sid: accountSid,
    hasNextAuthToken: z.boolean(),
    hasWebhookCredentials: z.boolean(),
    webhookUsername: z.nullable(z.string()),
    countries: z
      .nullable(countriesSchema)
      .check(z.describe("Countries that Parley may text; null: the countries of the account's numbers")),
    prices: z.nullable(pricesSchema),
    caps: z.nullable(capsSchema),
    ...times,
  }),
);

export const refusalResource = named(
  "Refusal",
  z.strictObject({
    reason: z.string().check(z.describe("Why the request was refused, as Twilio was told")),
    hint: z.string().check(z.describe("What you can do about it")),
    path: z.string().check(z.describe("The path of the webhook")),
    count: z.int().check(z.describe("Number of refused requests")),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
  }),
);
