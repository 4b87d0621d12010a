import { isRecord } from "../../core/json.ts";

/** What an object of Watson's holds: nothing in it is believed before it is looked at. */
export type WatsonFields = Readonly<Record<string, unknown>>;

/** @returns the object of that name, or an empty one */
export function getRecord(fields: WatsonFields, name: string): WatsonFields {
  const value = fields[name];
  return isRecord(value) ? value : {};
}

/** @returns the objects of the list of that name */
export function getRecords(fields: WatsonFields, name: string): readonly WatsonFields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** @returns a name of Watson's as the journal may have it, or null where it looks like no name */
export function toSafeName(value: unknown): string | null {
  return /^\w{1,40}$/u.exec(toText(value))?.[0] ?? null;
}
