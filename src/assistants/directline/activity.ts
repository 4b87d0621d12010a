import { isRecord, type Json } from "../../core/json.ts";

/** A JSON object of somebody else's. Whatever is read from it may be missing, or anything. */
export type Fields = Readonly<Record<string, unknown>>;

/** What one of the two has said or done, as Bot Framework's Activity schema has it; only `type` is sure. */
export interface Activity {
  readonly id: string | null;
  readonly type: string;
  readonly replyToId: string | null;
  readonly from: { readonly id: string | null; readonly role: string | null };
  readonly channelData: Fields;
  readonly fields: Fields;
}

/** @returns null where it is none */
export function activityOf(json: unknown): Activity | null {
  if (!isRecord(json) || typeof json["type"] !== "string") return null;
  const from = fieldsOf(json["from"]);
  return {
    id: textOf(json["id"]),
    type: json["type"],
    replyToId: textOf(json["replyToId"]),
    from: { id: textOf(from["id"]), role: textOf(from["role"]) },
    channelData: fieldsOf(json["channelData"]),
    fields: json,
  };
}

/** @returns the object, or an empty one */
export function fieldsOf(json: unknown): Fields {
  return isRecord(json) ? json : {};
}

/** @returns the list, or an empty one */
export function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

/** @returns null where it is no text, or an empty one */
export function textOf(json: unknown): string | null {
  return typeof json === "string" && json !== "" ? json : null;
}

/** What somebody has sent as JSON is JSON. */
export function jsonOf(value: unknown): Json {
  return value === undefined ? null : (value as Json);
}
