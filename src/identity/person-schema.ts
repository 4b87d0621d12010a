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
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/u,
      "must be letters, digits and . _ @ -, beginning with a letter or a digit, at most 64 characters",
    ),
    z.describe("The person's id in your organisation, such as a staff number"),
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
  .check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language such as en or pt-BR"));

export const attributeName = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-zA-Z0-9_]{0,49}$/u,
      "must be letters, digits and underscores, beginning with a lowercase letter, at most 50 characters",
    ),
  );

/** A user of the operator's organisation. */
export const personSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  phones: z.array(phone).check(
    z.maxLength(PHONES_PER_PERSON),
    z.refine((phones) => new Set(phones).size === phones.length, "contains a phone twice"),
    z.describe("Phones in E.164 form. A phone that several persons share identifies none of them"),
  ),
  pin: z.optional(
    z
      .nullable(z.string().check(z.regex(PIN_PATTERN, "must be 4 to 12 digits")))
      .check(
        z.describe("Never shown. Absent: unchanged; null: no PIN, so that no contact can be linked to the person"),
      ),
  ),
  languages: z._default(
    z.array(languageTag).check(z.maxLength(LANGUAGES_PER_PERSON), z.describe("Languages, preferred first")),
    [],
  ),
  attributes: z._default(
    z.record(attributeName, z.string().check(z.maxLength(ATTRIBUTE_CHARACTERS))).check(
      z.refine(
        (attributes) => Object.keys(attributes).length <= ATTRIBUTES_PER_PERSON,
        `has more than ${ATTRIBUTES_PER_PERSON} entries`,
      ),
      z.describe(
        "Attributes that topics and assistants see while the person is linked, for example `person.attributes.department`",
      ),
    ),
    {},
  ),
});

export type PersonBody = z.infer<typeof personSchema>;

export const enrolmentSchema = z.strictObject({
  issuer: z._default(
    z.string().check(z.minLength(1), z.maxLength(60), z.describe("Organisation that the authenticator app shows")),
    "Parley",
  ),
});
