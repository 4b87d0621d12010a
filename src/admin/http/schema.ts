import * as z from "zod/mini";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../../core/limits/admin.ts";
import { named } from "../../schema/named.ts";

/** What the schemas of all nouns share. */

export const times = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime() };

export const fieldProblems = z.array(
  named(
    "FieldProblem",
    z.strictObject({
      pointer: z.string().check(z.describe("JSON Pointer into the body, or to the name of a parameter")),
      detail: z.string().check(z.describe("What is wrong, and what would be right")),
    }),
  ),
);

export const warnings = fieldProblems.check(z.describe("Findings that do not prevent saving but may be mistakes"));

/** A row of a CSV file that was not imported. */
export const rowProblem = z.strictObject({
  row: z.int().check(z.describe("Row number; row 1 holds the column names")),
  detail: z.string(),
});

export const problemSchema = named(
  "Problem",
  z
    .object({
      type: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z.optional(fieldProblems.check(z.describe("Every invalid field"))),
      warnings: z.optional(warnings),
      usedBy: z.optional(
        z.array(z.string()).check(z.describe("URLs of the resources that prevent this one from being deleted")),
      ),
    })
    .check(z.describe("A problem document (RFC 9457)")),
);

const limit = z._default(
  z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM), z.describe("Maximum number of items")),
  PAGE_ITEMS_DEFAULT,
);

const AFTER = z.describe("`next` of the previous page. Default: the first page");

/** The query of a collection; `z.extend` adds filters. */
export const pageQuery = z.strictObject({
  limit,
  after: z._default(z.string().check(z.maxLength(200), AFTER), ""),
});

/** The query of a collection whose cursor has a form of its own. @returns no `after` for the first page */
export function pageQueryWith<Cursor extends z.ZodMiniType<unknown, string>>(cursor: Cursor) {
  return z.strictObject({ limit, after: z.optional(cursor.check(AFTER)) });
}

export const nextCursor = z
  .nullable(z.string())
  .check(z.describe("Pass it as `after` to get the next page; null: this is the last page"));

export function pageSchema<Item extends z.ZodMiniType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: nextCursor });
}
