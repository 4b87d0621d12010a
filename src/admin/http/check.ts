import type * as z from "zod/mini";
import { createProblem, type FieldProblem, type ProblemDocument, toJsonPointer } from "../../core/problem-document.ts";
import { fail, type Result, succeed } from "../../core/result.ts";
import { explainIssues, upperCaseFirst } from "../../schema/issue-texts.ts";

/** Parses a value. @returns what the schema makes of it, or a problem that names every field that is wrong */
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

/** @returns the schema's findings as full sentences */
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
