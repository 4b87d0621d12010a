import { isRecord, parseJson } from "../core/json.ts";

/** A decoded form; every value of a repeated key is kept, in the order of arrival. */
export type Form = ReadonlyMap<string, readonly string[]>;

/** @param body `application/x-www-form-urlencoded` text; what is not valid UTF-8 becomes U+FFFD */
export function parseForm(body: string): Form {
  const form = new Map<string, string[]>();
  for (const [key, value] of new URLSearchParams(body)) {
    const values = form.get(key);
    if (values === undefined) form.set(key, [value]);
    else values.push(value);
  }
  return form;
}

/**
 * Reads a JSON object as if it were a form: its own strings and numbers are the fields, what is nested in it is left out.
 * @returns null where the body is no JSON object
 */
export function parseJsonForm(body: string): Form | null {
  const json = parseJson(body);
  if (!isRecord(json)) return null;
  const fields = Object.entries(json).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return new Map(fields.map(([key, value]) => [key, [String(value)]]));
}

/** @returns the first value of the key, or "" */
export function field(form: Form, key: string): string {
  return form.get(key)?.[0] ?? "";
}
