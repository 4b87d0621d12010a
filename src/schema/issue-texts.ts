import type * as z from "zod/mini";
import { type DocumentPath, getValueByPath } from "./document-path.ts";
import { NameGuesses } from "./name-guesses.ts";
import { listFields } from "./schema-fields.ts";

/** A place in a document that does not fit the schema. */
export interface SchemaMismatch {
  readonly path: DocumentPath;
  readonly detail: string;
  readonly remedy: MismatchRemedy;
}

/** The change that would make the value fit. */
export type MismatchRemedy =
  | { readonly kind: "replace" }
  | { readonly kind: "remove" }
  /** Shorten a list. */
  | { readonly kind: "cut"; readonly to: number };

type ZodIssue = z.core.$ZodIssue;

/**
 * Describes the schema's issues in sentences without an initial capital, one for each place.
 * @param whole the document that was parsed
 */
export function explainIssues(
  issues: readonly ZodIssue[],
  schema: z.core.$ZodType,
  whole: unknown,
): readonly SchemaMismatch[] {
  const mismatches = issues.flatMap((issue) => explainIssue(issue, schema, whole));
  const first = new Map(mismatches.toReversed().map((mismatch) => [JSON.stringify(mismatch.path), mismatch]));
  return mismatches.filter((mismatch) => first.get(JSON.stringify(mismatch.path)) === mismatch);
}

function explainIssue(issue: ZodIssue, schema: z.core.$ZodType, whole: unknown): readonly SchemaMismatch[] {
  const path = issue.path as DocumentPath;
  if (issue.code === "unrecognized_keys") {
    const fields = listFields(schema, path);
    const guesses = new NameGuesses(fields);
    const known = fields.length === 0 ? "" : ` Known fields: ${joinQuotedNames(fields)}.`;
    return issue.keys.map((key) => ({
      path: [...path, key],
      detail: `${quoteText(key)} is not a known field here.${guesses.formatHint(key) || known}`,
      remedy: { kind: "remove" },
    }));
  }
  if (issue.code === "invalid_union") {
    const inner = findIntendedBranch(issue.errors);
    const below = inner.map((each) => ({ ...each, path: [...path, ...each.path] }));
    if (below.length > 0) return below.flatMap((each) => explainIssue(each, schema, whole));
  }
  const value = getValueByPath(whole, path);
  return [
    { path, detail: `${describePlace(path)} ${describeIssue(issue, value)}`, remedy: chooseRemedy(issue, value) },
  ];
}

function chooseRemedy(issue: ZodIssue, value: unknown): MismatchRemedy {
  if (issue.code === "invalid_key") return { kind: "remove" };
  return issue.code === "too_big" && Array.isArray(value)
    ? { kind: "cut", to: Number(issue.maximum) }
    : { kind: "replace" };
}

/** @returns the issues of the union member that the value was meant to be, or an empty list if it resembles none */
function findIntendedBranch(branches: readonly (readonly ZodIssue[])[]): readonly ZodIssue[] {
  return branches.find((issues) => issues.every(({ path, code }) => path.length > 0 || code !== "invalid_type")) ?? [];
}

function describeIssue(issue: ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return describeWrongType(nameExpectedType(issue.expected), value);
    case "invalid_union":
      if ("options" in issue && Array.isArray(issue.options))
        return describeWrongValue(issue.options.map(String), value);
      return describeWrongType(
        [...new Set(issue.errors.flatMap((each) => each.map(nameIssueType)))].join(" or "),
        value,
      );
    case "invalid_value":
      return describeWrongValue(issue.values.map(String), value);
    case "too_small":
      return describeTooSmall(issue, value);
    case "too_big":
      return describeTooBig(issue, value);
    case "invalid_key":
      return `${issue.issues[0]?.message ?? "is not a valid name"}.`;
    case "invalid_format":
    case "custom":
      // Zod's default message, which says nothing; the project's schemas replace it if they know more.
      return issue.message === "Invalid input" ? "has an invalid form." : `${issue.message}.`;
    case "unrecognized_keys":
    case "not_multiple_of":
    case "invalid_element":
      return "is invalid.";
  }
}

function describeWrongType(noun: string, value: unknown): string {
  return value === undefined ? `is missing: it must be ${noun}.` : `must be ${noun}, not ${describeValue(value)}.`;
}

function describeWrongValue(values: readonly string[], value: unknown): string {
  const must = values.length === 1 ? `must be ${values[0]}` : `must be one of ${values.join(", ")}`;
  if (value === undefined) return `is missing: it ${must}.`;
  const said = typeof value === "string" ? value : null;
  return `${must}, not ${describeValue(value)}.${said === null ? "" : new NameGuesses(values).formatHint(said)}`;
}

function describeTooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall, value: unknown): string {
  if (origin === "string") return "is empty: it needs at least one character.";
  return origin === "array"
    ? `has too few entries: the minimum is ${minimum}.`
    : `must be at least ${minimum}, not ${describeValue(value)}.`;
}

function describeTooBig({ origin, maximum }: z.core.$ZodIssueTooBig, value: unknown): string {
  if (origin === "string") return `has ${String(value).length} characters: the maximum is ${maximum}.`;
  return Array.isArray(value)
    ? `has ${value.length} entries: the maximum is ${maximum}.`
    : `must be at most ${maximum}, not ${describeValue(value)}.`;
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

function nameExpectedType(expected: string): string {
  return NOUNS[expected] ?? expected;
}

function nameIssueType(issue: ZodIssue): string {
  return issue.code === "invalid_type" ? nameExpectedType(issue.expected) : "something else";
}

/** @returns a short description of a value, to be used inside a sentence */
export function describeValue(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "string") return value.length > 40 ? "this text" : quoteText(value);
  return Array.isArray(value) ? "a list" : "an object";
}

/** @returns the place of a value in words: `"text"`, `entry 2 of "options"` */
function describePlace(path: DocumentPath): string {
  const last = path.at(-1);
  if (last === undefined) return "it";
  return typeof last === "string"
    ? quoteText(last)
    : `entry ${last + 1} of ${quoteText(String(path.at(-2) ?? "the list"))}`;
}

export function quoteText(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/**
 * @returns `"a", "b" and "c"`
 * @param most how many names are listed; the rest are counted
 */
export function joinQuotedNames(names: readonly string[], most = 20): string {
  const shown = names.slice(0, most).map(quoteText);
  if (names.length > most) return `${shown.join(", ")} and ${names.length - most} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

export function upperCaseFirst(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
