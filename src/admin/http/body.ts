import type { Context } from "hono";
import * as z from "zod/mini";
import { parseJson } from "../../core/json.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { checkValue } from "./check.ts";

export type AdminContext = Context<{ Bindings: Env }>;

/** Statuses that mean the same on every route. */
export type CommonStatus = 400 | 401 | 413 | 415 | 422;

/** A request body: how the document describes it, and how it is read. */
export interface Body<Value> {
  readonly media: "application/json" | "text/csv";
  readonly schema: z.ZodMiniType;
  readonly isRequired: boolean;
  readonly example: unknown;
  /** The statuses of the problems that reading it may end in. */
  readonly problems: readonly CommonStatus[];
  readonly read: (c: AdminContext) => Promise<Result<Value, ProblemDocument>>;
}

const INVALID_BODY = "One or more fields of the body are invalid; see errors.";

/** A JSON body, checked against its schema. */
export function jsonBody<Schema extends z.ZodMiniType>(schema: Schema, example: unknown): Body<z.infer<Schema>> {
  return {
    media: "application/json",
    schema,
    isRequired: true,
    example,
    problems: [400, 413, 415, 422],
    read: async (c) => {
      const value = await parseJsonBody(c);
      return value.ok ? checkValue(schema, value.value, 422, INVALID_BODY) : value;
    },
  };
}

/** As `jsonBody`; no body at all is an empty object. */
export function optionalJsonBody<Schema extends z.ZodMiniType>(
  schema: Schema,
  example: unknown,
): Body<z.infer<Schema>> {
  const body = jsonBody(schema, example);
  return {
    ...body,
    isRequired: false,
    read: async (c) =>
      (await c.req.text()) === "" ? checkValue(schema, {}, 422, "A body is required; see errors.") : await body.read(c),
  };
}

/** A JSON body whose handler does its own checks: they find more than the schema alone. */
export function uncheckedJsonBody(schema: z.ZodMiniType, example: unknown): Body<unknown> {
  return { ...jsonBody(schema, example), read: parseJsonBody };
}

/** A JSON body that is handed over as text, whatever its content type: its signature covers its bytes. */
export function signedJsonBody(schema: z.ZodMiniType, example: unknown): Body<string> {
  return { ...jsonBody(schema, example), problems: [413, 422], read: async (c) => succeed(await c.req.text()) };
}

/** A CSV file, handed over as text. */
export function csvBody(example: string): Body<string> {
  return {
    media: "text/csv",
    schema: z.string(),
    isRequired: true,
    example,
    problems: [413, 415, 422],
    read: async (c) =>
      contentType(c) === "text/csv"
        ? succeed(await c.req.text())
        : fail(createProblem(415, "The body must be text/csv.")),
  };
}

async function parseJsonBody(c: AdminContext): Promise<Result<unknown, ProblemDocument>> {
  if (contentType(c) !== "application/json") return fail(createProblem(415, "The body must be application/json."));
  const text = await c.req.text();
  const json = parseJson(text);
  if (json === undefined) return fail(createProblem(400, "The body is not valid JSON."));
  // JavaScript would lose it silently.
  if (/"__proto__"\s*:/u.test(text))
    return fail(createProblem(400, 'The body has a field "__proto__". This name is not supported; use another one.'));
  return succeed(json);
}

function contentType(c: AdminContext): string | undefined {
  return c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
}
