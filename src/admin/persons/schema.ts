import * as z from "zod/mini";
import { enrolmentSchema, personId, personSchema } from "../../identity/person-schema.ts";
import { named } from "../../schema/named.ts";
import { rowProblem, times } from "../http/schema.ts";

export const personBody = named("PersonBody", personSchema);

export const PERSON_EXAMPLE = {
  name: "Contractor 4711",
  phones: ["+12025550140"],
  pin: "9047",
  languages: ["en"],
  attributes: { department: "logistics" },
};

export const personResource = named(
  "Person",
  z.extend(z.omit(personSchema, { pin: true }), {
    id: personId,
    hasPin: z.boolean(),
    hasAuthenticator: z.boolean(),
    lockedAt: z
      .nullable(z.iso.datetime())
      .check(z.describe("When three incorrect tries locked the person; null: not locked")),
    ...times,
  }),
);

export const enrolmentBody = named("EnrolmentBody", enrolmentSchema);

export const enrolmentResource = named(
  "Enrolment",
  z.strictObject({
    url: z.url().check(z.describe("A page with a QR code. It works once, until the authenticator app is set up")),
    expiresAt: z.iso.datetime(),
  }),
);

export const importResource = named(
  "PersonImport",
  z.strictObject({
    imported: z.int().check(z.describe("Rows that were saved")),
    errors: z
      .array(z.extend(rowProblem, { column: z.nullable(z.string()).check(z.describe("Null: the whole row")) }))
      .check(z.describe("Rows that were not imported")),
  }),
);
