import * as z from "zod/mini";
import {
  ATTRIBUTE_CHARACTERS,
  ATTRIBUTES_PER_PERSON,
  LANGUAGES_PER_PERSON,
  PHONES_PER_PERSON,
} from "../core/limits/identity.ts";
import { isShortCode, parsePhone } from "../core/phone.ts";
import { PIN_PATTERN } from "./pin-mask.ts";

export const personId = z
  .string()
  .check(
    z.regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/u, "must be letters, digits and . _ @ -, at most 64"),
    z.describe("An id from your organisation, for example an employee or customer number"),
  );

const phone = z.pipe(
  z.string().check(
    z.refine((written) => {
      const number = parsePhone(written);
      return number !== null && !isShortCode(number);
    }, "must be a phone number such as +12025550140"),
  ),
  z.transform((written) => parsePhone(written) ?? written),
);

const languageTag = z
  .string()
  .check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language tag such as en or pt-BR"));

export const attributeName = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-zA-Z0-9_]{0,49}$/u,
      "must begin with a lower-case letter and have only letters, digits and underscores, at most 50",
    ),
  );

/** A user of the operator's organisation. */
export const personSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  phones: z.array(phone).check(
    z.maxLength(PHONES_PER_PERSON),
    z.refine((phones) => new Set(phones).size === phones.length, "has the same phone twice"),
    z.describe("E.164. A phone that several persons have cannot identify any of them"),
  ),
  pin: z.optional(
    z
      .nullable(z.string().check(z.regex(PIN_PATTERN, "must be 4 to 12 digits")))
      .check(z.describe("Never returned. Absent: unchanged; null: removed, so that the person cannot be linked")),
  ),
  languages: z._default(
    z.array(languageTag).check(z.maxLength(LANGUAGES_PER_PERSON), z.describe("In order of preference")),
    [],
  ),
  attributes: z._default(
    z.record(attributeName, z.string().check(z.maxLength(ATTRIBUTE_CHARACTERS))).check(
      z.refine(
        (attributes) => Object.keys(attributes).length <= ATTRIBUTES_PER_PERSON,
        `has more than ${ATTRIBUTES_PER_PERSON} entries`,
      ),
      z.describe(
        "Values that topics and assistants see while the person is linked, as in `person.attributes.department`",
      ),
    ),
    {},
  ),
});

export type PersonBody = z.infer<typeof personSchema>;

export const enrolmentSchema = z.strictObject({
  issuer: z._default(
    z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(60),
        z.describe("The name of your organisation, which the authenticator app shows above its codes"),
      ),
    "Parley",
  ),
});
