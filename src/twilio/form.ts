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

/** @returns the first value of the key, or "" */
export function field(form: Form, key: string): string {
  return form.get(key)?.[0] ?? "";
}
