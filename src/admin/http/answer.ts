import type * as z from "zod/mini";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";

/** A successful answer of a route: its status with what the route has declared for it. */
export interface Answer<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string>>;
}

/** A declared success: the condition it stands for, and a schema (null: plain text) for each media type. */
export interface Success {
  readonly description: string;
  /** Null: the answer has no body. */
  readonly content: Readonly<Record<string, z.ZodMiniType | null>> | null;
}

/** The answers of a route by status: a success, or the condition for a problem. */
export type Responses = Readonly<Record<number, Success | string>>;

/** What a handler may return for the successes that its route declares. */
export type AnswerOf<Declared extends Responses> = {
  readonly [Status in keyof Declared & number]: Declared[Status] extends Success
    ? Answer<Status, BodyOf<Declared[Status]["content"]>>
    : never;
}[keyof Declared & number];

type BodyOf<Content> = Content extends null
  ? null
  : {
      readonly [Media in keyof Content]: Content[Media] extends z.ZodMiniType
        ? Shown<z.output<Content[Media]>>
        : string | ReadableStream<Uint8Array>;
    }[keyof Content];

/** A value as handlers build it: everything in it may be read-only. */
type Shown<Value> = Value extends readonly (infer Item)[]
  ? readonly Shown<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Shown<Value[Key]> }
    : Value;

export function json<Schema extends z.ZodMiniType>(
  description: string,
  schema: Schema,
): { readonly description: string; readonly content: { readonly "application/json": Schema } } {
  return { description, content: { "application/json": schema } };
}

export function text<Media extends string>(
  description: string,
  media: Media,
): { readonly description: string; readonly content: Readonly<Record<Media, null>> } {
  return { description, content: { [media]: null } as Record<Media, null> };
}

export function empty(description: string): { readonly description: string; readonly content: null } {
  return { description, content: null };
}

/** One answer for each status that it may have. */
type Either<Status extends number, Body> = Status extends number ? Answer<Status, Body> : never;

export function answer<const Status extends number, Body>(
  status: Status,
  body: Body,
  headers: Readonly<Record<string, string>> = {},
): Either<Status, Body> {
  return { status, body, headers } as Either<Status, Body>;
}

export const NO_CONTENT = answer(204, null);

/** Text and streams go out as they are, under the content type of their headers; anything else goes out as JSON. */
export function toResponse({ status, body, headers }: Answer<number, unknown>): Response {
  if (body === null || typeof body === "string" || body instanceof ReadableStream)
    return new Response(body, { status, headers });
  return Response.json(body, { status, headers });
}

export function respondNotFound(what: string): ProblemDocument {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return createProblem(404, `${name} does not exist.`);
}

/** @param usedBy the URLs of the resources that use it */
export function respondInUse(what: string, usedBy: readonly string[]): ProblemDocument {
  const users = usedBy.length === 1 ? "1 other resource" : `${usedBy.length} other resources`;
  const named = usedBy.slice(0, 10).join(", ");
  const document = createProblem(409, `${what} is used by ${users}: ${named}. Change or delete them first.`);
  return { ...document, usedBy } as ProblemDocument;
}
