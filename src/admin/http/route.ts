import * as z from "zod/mini";
import { type ProblemDocument, toProblemResponse } from "../../core/problem-document.ts";
import { type Result, succeed } from "../../core/result.ts";
import { type AnswerOf, type Responses, toResponse } from "./answer.ts";
import type { AdminContext, Body } from "./body.ts";
import { checkValue } from "./check.ts";

/*
 * A route is declared once, beside its handler. The router, the 405s, the OpenAPI document and the typed client come
 * from the declaration.
 *
 * Libraries were measured for this on one noun, in a Worker of 22.7 KB gzip with Hono and zod/mini. hono-openapi 1.3.3
 * takes zod/mini, but imports all of Zod with its 50 locales: 96.7 KB, so 74.0 KB more. It answers invalid bodies in a
 * form of its own, a wrong content type with 400, and does not type answers by their schema. @hono/zod-openapi 1.6.3
 * does not take zod/mini (its document ends in 500) and costs 88.9 KB. This file and its neighbours need about 2 KB.
 */

export type Method = "get" | "put" | "post" | "delete";

/**
 * `admin`: needs the admin key; `assistant`: needs a signature or the admin key, which the handler checks; `public`:
 * needs no key.
 */
export type Access = "admin" | "assistant" | "public";

/** A parameter of the path. A `lookup` is not checked: an id of another form is not found, as any unknown id. */
export type Parameter = z.ZodMiniType<string, string> | { readonly lookup: z.ZodMiniType };

export type Parameters = Readonly<Record<string, Parameter>>;
export type Headers = Readonly<Record<string, z.ZodMiniType>>;
export type Query = z.ZodMiniObject;

/** A route as the router and the document use it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it, with `{name}` for a parameter. */
  readonly path: string;
  /** A verb and a noun in camel case. */
  readonly operationId: string;
  /** An imperative of at most ten words. */
  readonly summary: string;
  /** The noun that the document lists it under. */
  readonly tag: string;
  readonly access: Access;
  readonly isDeprecated: boolean;
  readonly parameters: Parameters;
  readonly query: Query | null;
  readonly headers: Headers;
  readonly body: Body<unknown> | null;
  readonly responses: Responses;
  readonly respond: (c: AdminContext) => Promise<Response>;
}

type NamesIn<Path> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The parsed request that a handler gets. */
interface Input<Path, Q extends Query, H extends Headers, Value> {
  readonly parameters: { readonly [Name in NamesIn<Path>]: string };
  readonly query: z.infer<Q>;
  readonly headers: { readonly [Name in keyof H]: z.infer<H[Name]> };
  readonly body: Value;
}

interface Declaration<Path extends string, Q extends Query, H extends Headers, Value, R extends Responses> {
  readonly method: Method;
  readonly path: Path;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  readonly access?: Access;
  readonly isDeprecated?: boolean;
  readonly parameters?: { readonly [Name in NamesIn<Path>]: Parameter };
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: Body<Value>;
  readonly responses: R;
  readonly handle: (input: Input<Path, Q, H, Value>, c: AdminContext) => Promise<AnswerOf<R> | ProblemDocument>;
}

/** Declares a route with the schemas of its request and its answers; its handler is typed by them. */
export function route<const Path extends string, Q extends Query, H extends Headers, Value, R extends Responses>(
  declaration: Declaration<Path, Q, H, Value, R>,
): Route {
  const { parameters = {}, query = null, headers = {}, body = null, access = "admin", handle } = declaration;
  const input = { parameters, query, headers, body };
  return {
    ...declaration,
    ...input,
    access,
    isDeprecated: declaration.isDeprecated ?? false,
    respond: async (c) => {
      const read = await readInput(c, input);
      if (!read.ok) return toProblemResponse(read.failure);
      const result = await handle(read.value as Input<Path, Q, H, Value>, c);
      return "detail" in result ? toProblemResponse(result) : toResponse(result);
    },
  };
}

/** Declares a parameter that is only looked up. */
export function lookup(schema: z.ZodMiniType): { readonly lookup: z.ZodMiniType } {
  return { lookup: schema };
}

type Declared = Pick<Route, "parameters" | "query" | "headers" | "body">;

/** Reads a request from left to right. @returns the problem of the first invalid part, if there is one */
async function readInput(
  c: AdminContext,
  { parameters, query, headers, body }: Declared,
): Promise<Result<object, ProblemDocument>> {
  const path = readParameters(c, parameters);
  if (!path.ok) return path;
  const asked =
    query === null ? succeed({}) : checkValue(query, c.req.query(), 400, "The query is invalid; see errors.");
  if (!asked.ok) return asked;
  const given = Object.fromEntries(Object.keys(headers).map((name) => [name, c.req.header(name)]));
  const header = checkValue(z.object(headers), given, 400, "A header is invalid; see errors.");
  if (!header.ok) return header;
  const value = body === null ? succeed(null) : await body.read(c);
  if (!value.ok) return value;
  return succeed({ parameters: path.value, query: asked.value, headers: header.value, body: value.value });
}

function readParameters(c: AdminContext, declared: Parameters): Result<object, ProblemDocument> {
  const given: Readonly<Record<string, string>> = c.req.param();
  const checked = Object.entries(declared).filter((entry) => !("lookup" in entry[1]));
  const path = checkValue(z.object(Object.fromEntries(checked)), given, 400, "The URL is invalid; see errors.");
  return path.ok ? succeed({ ...lookUp(declared, given), ...path.value }) : path;
}

function lookUp(declared: Parameters, given: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, parameter]) => {
      if (!("lookup" in parameter)) return [];
      const parsed = parameter.lookup.safeParse(given[name]);
      return [[name, parsed.success ? String(parsed.data) : (given[name] ?? "")]];
    }),
  );
}
