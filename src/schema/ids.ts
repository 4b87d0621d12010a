import * as z from "zod/mini";
import { parsePhone } from "../core/phone.ts";

/** Ids in URLs and documents of the API. */

export const accountSid = z
  .string()
  .check(z.regex(/^AC[0-9a-f]{32}$/u, "must be AC and 32 hexadecimal digits"), z.describe("A Twilio account SID"));

export const slug = z
  .string()
  .check(
    z.regex(/^[a-z0-9][a-z0-9-]{0,63}$/u, "must be small letters, digits and hyphens, at most 64"),
    z.describe("An id that you choose"),
  );

/** The id of a list or a broadcast. */
export const letterFirstSlug = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-z0-9-]{0,63}$/u,
      "must be small letters, digits and hyphens, beginning with a letter, at most 64",
    ),
    z.describe("An id that you choose"),
  );

/** A phone number in any usual notation; `14255550149` and `+14255550149` are the same. */
export const phoneNumber = z.pipe(
  z.string().check(
    z.refine(
      (written) => parsePhone(written) !== null,
      "must be a phone number as +14255550100, or a short code of 5 or 6 digits",
    ),
    z.describe("E.164, with or without its plus, or a short code of 5 or 6 digits"),
  ),
  z.transform((written) => parsePhone(written) ?? written),
);
