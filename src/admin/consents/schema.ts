import * as z from "zod/mini";
import { PROOF_CHARACTERS } from "../../core/limits/consent.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { named } from "../../schema/named.ts";
import { pageQueryWith, rowProblem } from "../http/schema.ts";

const CONSENT_STATUSES = ["given", "withdrawn"] as const;
const CONSENT_SOURCES = ["person", "carrier", "admin", "import"] as const;

/** What an operator records. */
export const consentBody = named(
  "ConsentBody",
  z.strictObject({
    status: z.enum(CONSENT_STATUSES),
    proof: z.optional(
      z
        .string()
        .check(
          z.minLength(1),
          z.maxLength(PROOF_CHARACTERS),
          z.describe("How and when the contact said so. Required to undo an opt-out"),
        ),
    ),
  }),
);

export const CONSENT_EXAMPLE = { status: "given", proof: "Form of 2026-11-02, line 17" };

const consentScope = {
  number: z.string().check(z.describe("The number that the statement was made to")),
  scope: z.string().check(z.describe("What the statement applies to: a Messaging Service, or the number")),
};

const consentSource = z
  .enum(CONSENT_SOURCES)
  .check(
    z.describe(
      "`person`: the contact's text; `carrier`: Twilio, by OptOutType or error 21610; `admin`: this API; `import`: a CSV file",
    ),
  );

const consentEntryResource = named(
  "ConsentEntry",
  z.strictObject({
    id: z.int().check(z.describe("Counts from 1 for each contact")),
    ...consentScope,
    status: z.enum(CONSENT_STATUSES),
    by: consentSource,
    at: z.iso.datetime().check(z.describe("When the statement was made")),
    recordedAt: z.iso.datetime(),
    text: z.nullable(z.string()).check(z.describe("The contact's text, Twilio's code, or the proof")),
    late: z
      .boolean()
      .check(z.describe("Whether a later statement was known already, so that this one changed nothing")),
  }),
);

export const consentReportResource = named(
  "ConsentReport",
  z.strictObject({
    items: z
      .array(
        z.strictObject({
          ...consentScope,
          status: z.enum([...CONSENT_STATUSES, "unstated"]),
          by: z.nullable(consentSource),
          at: z.nullable(z.iso.datetime()),
        }),
      )
      .check(z.describe("Current consent")),
    history: z.array(consentEntryResource).check(z.describe("All statements, newest first")),
  }),
);

export const consentResource = named(
  "Consent",
  z.strictObject({
    phone: z.string(),
    ...consentScope,
    status: z.enum(CONSENT_STATUSES),
    by: consentSource,
    at: z.iso.datetime(),
  }),
);

export const consentImportResource = named(
  "ConsentImport",
  z.strictObject({
    recorded: z.int().check(z.describe("Rows that were recorded")),
    known: z.int().check(z.describe("Rows that were known already")),
    errors: z.array(rowProblem).check(z.describe("Rows that were not recorded")),
  }),
);

const consentCursor = z.string().check(z.regex(/^(?:\+?\d+ \S+)?$/u, "must be `next` of the previous page"));

export const consentsQuery = z.extend(pageQueryWith(consentCursor), {
  number: z.optional(phoneNumber.check(z.describe("Only statements made to this number"))),
  scope: z.optional(z.string().check(z.maxLength(40), z.describe("Only this scope"))),
  status: z.optional(z.enum(CONSENT_STATUSES).check(z.describe("Only this status"))),
  by: z.optional(consentSource),
  format: z._default(z.enum(["json", "csv"]).check(z.describe("Form of the answer. Default: json")), "json"),
});
