import type { HTTPException } from "hono/http-exception";
import type * as z from "zod";
import { parseJson } from "../../core/json.ts";
import { fail, type Result, succeed } from "../../core/result.ts";

/** Creates an error response of the control API; its body is one sentence. */
export function refuseRequest(status: 400 | 403 | 404 | 409 | 413 | 500, sentence: string): Response {
  return Response.json({ error: sentence }, { status });
}

/** Parses a JSON document by a schema. @returns the document, or a sentence about its first invalid field */
export function parseDocument<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): Result<z.output<Schema>, string> {
  const json = parseJson(text);
  if (json === undefined) return fail("The body is not valid JSON. Send a JSON document.");
  const parsed = schema.safeParse(json);
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "The document" : `"${issue.path.join(".")}"`;
  return fail(`${where} is invalid: ${issue?.message ?? "unknown"}.`);
}

/** Turns an error that Hono or its middleware threw into a sentence. */
export function toErrorSentence(error: Error | HTTPException): string {
  return error.message === "" ? "The request is invalid." : error.message;
}
