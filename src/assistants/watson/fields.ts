import { isRecord } from "../../core/json.ts";

/** What an object of Watson's holds: nothing in it is believed before it is looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** @returns the object of that name, or an empty one */
export function recordIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isRecord(value) ? value : {};
}

/** @returns the objects of the list of that name */
export function recordsIn(fields: Fields, name: string): readonly Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** @returns a name of Watson's as the journal may have it, or null where it looks like no name */
export function nameOf(value: unknown): string | null {
  return /^\w{1,40}$/u.exec(textOf(value))?.[0] ?? null;
}
