import type { Context } from "hono";
import * as z from "zod/mini";
import { parseJson } from "../core/json.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits/admin.ts";
import {
  createProblem,
  type FieldProblem,
  type ProblemDocument,
  toJsonPointer,
  toProblemResponse,
} from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { explainIssues, upperCaseFirst } from "../schema/issue-texts.ts";

export type AdminContext = Context<{ Bindings: Env }>;

/** What every list answers. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** To be passed as `after` for the next page; null on the last. */
  readonly next: string | null;
}

/** Reads a JSON body. @returns its value, or a problem that names each field that is wrong */
export async function parseBody<Schema extends z.ZodMiniType>(
  c: AdminContext,
  schema: Schema,
): Promise<Result<z.infer<Schema>, ProblemDocument>> {
  const json = await parseJsonBody(c);
  return json.ok ? checkValue(schema, json.value, 422, "The body has fields that are wrong.") : json;
}

/** Reads a JSON body, whatever it is. */
export async function parseJsonBody(c: AdminContext): Promise<Result<unknown, ProblemDocument>> {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") return fail(createProblem(415, "The body must be application/json."));
  const text = await c.req.text();
  const json = parseJson(text);
  if (json === undefined) return fail(createProblem(400, "The body is not JSON."));
  // JavaScript would lose it silently.
  if (/"__proto__"\s*:/u.test(text))
    return fail(createProblem(400, 'The body has a field "__proto__"; that name cannot be kept.'));
  return succeed(json);
}

/** As `readBody`, but no body at all is an empty object. */
export async function parseOptionalBody<Schema extends z.ZodMiniType>(
  c: AdminContext,
  schema: Schema,
): Promise<Result<z.infer<Schema>, ProblemDocument>> {
  if ((await c.req.text()) !== "") return await parseBody(c, schema);
  return checkValue(schema, {}, 422, "A body is missing.");
}

/** Checks a value that came in a path or a query. */
export function checkValue<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  status: number,
  detail: string,
): Result<z.infer<Schema>, ProblemDocument> {
  const parsed = schema.safeParse(value);
  return parsed.success
    ? succeed(parsed.data)
    : fail(createProblem(status, detail, toFieldProblems(parsed.error.issues, schema, value)));
}

const pageQuery = z.strictObject({
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z._default(z.string().check(z.maxLength(200)), ""),
});

/** Reads `?limit=&after=`. @param query what is asked for, without what else the list can be asked for */
export function parsePageQuery(
  c: AdminContext,
  query: Readonly<Record<string, string>> = c.req.query(),
): Result<z.infer<typeof pageQuery>, ProblemDocument> {
  return checkValue(pageQuery, query, 400, "The page asked for cannot be given.");
}

/** @param rows one more than the page holds, where there are more */
export function createListPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursor: (row: Row) => string,
  show: (row: Row) => Item,
): ListPage<Item> {
  const last = rows[limit - 1];
  return {
    items: rows.slice(0, limit).map(show),
    next: rows.length > limit && last !== undefined ? cursor(last) : null,
  };
}

export function respondNotFound(what: string): Response {
  return toProblemResponse(createProblem(404, `There is no ${what}.`));
}

/** @param usedBy the URLs of what uses it */
export function respondInUse(what: string, usedBy: readonly string[]): Response {
  const document = createProblem(
    409,
    `${what} is in use by ${usedBy.length}: ${usedBy.slice(0, 10).join(", ")}. Change or delete those first.`,
  );
  return toProblemResponse({ ...document, usedBy } as ProblemDocument);
}

/** @returns what a schema has found, in plain sentences */
export function toFieldProblems(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodMiniType,
  value: unknown,
): readonly FieldProblem[] {
  return explainIssues(issues, schema, value).map(({ path, detail }) => ({
    pointer: toJsonPointer(path),
    detail: upperCaseFirst(detail),
  }));
}
