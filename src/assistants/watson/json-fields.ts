import { isRecord } from "../../core/json.ts";

/** The fields of a JSON object from Watson, not validated yet. */
export type WatsonFields = Readonly<Record<string, unknown>>;

/** @returns the object in the field, or an empty one */
export function getRecord(fields: WatsonFields, name: string): WatsonFields {
  const value = fields[name];
  return isRecord(value) ? value : {};
}

/** @returns the objects in the field's list */
export function getRecords(fields: WatsonFields, name: string): readonly WatsonFields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** @returns the name if it is safe for a transcript, otherwise null */
export function toSafeName(value: unknown): string | null {
  return /^\w{1,40}$/u.exec(toText(value))?.[0] ?? null;
}
