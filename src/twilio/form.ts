import { isRecord, parseJson } from "../core/json.ts";

/** A decoded form; every value of a repeated key is kept, in the order of arrival. */
export type WebhookForm = ReadonlyMap<string, readonly string[]>;

/**
 * By hand: each step through the runtime's own `URLSearchParams` leaves JavaScript, in every webhook a dozen times and more.
 * @param body `application/x-www-form-urlencoded` text; what is not valid UTF-8 becomes U+FFFD
 */
export function parseForm(body: string): WebhookForm {
  const form = new Map<string, string[]>();
  for (const pair of body.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const key = decodeFormText(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? "" : decodeFormText(pair.slice(equals + 1));
    const values = form.get(key);
    if (values === undefined) form.set(key, [value]);
    else values.push(value);
  }
  return form;
}

function decodeFormText(text: string): string {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    // A stray percent sign, or bytes that are no UTF-8.
    return new URLSearchParams(`value=${text}`).get("value") ?? "";
  }
}

/**
 * Reads a JSON object as if it were a form: its own strings and numbers are the fields, what is nested in it is left out.
 * @returns null where the body is no JSON object
 */
export function parseJsonForm(body: string): WebhookForm | null {
  const json = parseJson(body);
  if (!isRecord(json)) return null;
  const fields = Object.entries(json).filter(([, value]) => typeof value === "string" || typeof value === "number");
  return new Map(fields.map(([key, value]) => [key, [String(value)]]));
}

/** @returns the first value of the key, or "" */
export function getField(form: WebhookForm, key: string): string {
  return form.get(key)?.[0] ?? "";
}
