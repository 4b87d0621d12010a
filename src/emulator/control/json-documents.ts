import type { HTTPException } from "hono/http-exception";
import type * as z from "zod";
import { parseJson } from "../../core/json.ts";
import { fail, type Result, succeed } from "../../core/result.ts";

/** An error of the emulator's own interface: one sentence. */
export function refuseRequest(status: 400 | 403 | 404 | 409 | 413 | 500, sentence: string): Response {
  return Response.json({ error: sentence }, { status });
}

/** Reads a JSON document of a known shape. @returns it, or a sentence that names the first field that is wrong */
export function parseDocument<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
): Result<z.output<Schema>, string> {
  const json = parseJson(text);
  if (json === undefined) return fail("The body must be a JSON document.");
  const parsed = schema.safeParse(json);
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "The document" : `"${issue.path.join(".")}"`;
  return fail(`${where} is not right: ${issue?.message ?? "unknown"}.`);
}

/** What Hono's own middleware throws, in our form. */
export function toErrorSentence(error: Error | HTTPException): string {
  return error.message === "" ? "The request cannot be read." : error.message;
}
