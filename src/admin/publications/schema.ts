import * as z from "zod/mini";
import { named } from "../../schema/named.ts";

export const versionNumber = z.coerce.number().check(z.int(), z.gte(1));

const publication = {
  version: z
    .int()
    .check(z.gte(1), z.describe("Counts from 1, and goes on counting if the document was deleted meanwhile")),
  at: z.iso.datetime(),
  by: z.string(),
};

/** A field of topics and applications. */
export const published = z.nullable(z.strictObject(publication)).check(z.describe("The last publication"));

/** What to publish. */
export const publicationBody = named(
  "PublicationBody",
  z.strictObject({
    version: z.optional(
      z.int().check(z.gte(1), z.describe("An older version to publish again. Default: publish the saved document")),
    ),
  }),
);

export const publicationItem = named(
  "PublicationItem",
  z.strictObject({
    ...publication,
    from: z.nullable(z.int()).check(z.describe("The older version that was published again; null: a new document")),
  }),
);

export const publicationResource = named(
  "Publication",
  z.extend(publicationItem, {
    document: z.record(z.string(), z.unknown()).check(z.describe("The document as it was published")),
  }),
);
